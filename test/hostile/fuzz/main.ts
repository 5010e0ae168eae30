import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { withCompiledService } from '../compiled-service.js';
import { fuzzTable, successShare } from './report.js';
import { runFuzz } from './run-fuzz.js';

/** A route that only refuses has not been tried. */
const LEAST_SUCCESS = 0.1;

const { values } = parseArgs({ options: { requests: { type: 'string' }, seed: { type: 'string' } } });
const requests = Number(values.requests ?? 20_000);
const seed = Number(values.seed ?? randomInt(1_000_000));
process.stdout.write(`${requests} requests, --seed ${seed}\n`);

await withCompiledService(async (service) => {
  const tellLog = (): unknown => process.stdout.write(`The service's log ends with:\n${service.log.slice(-5000)}\n`);
  const report = await runFuzz(service, {
    requests,
    seed,
    onProgress: (made) => process.stdout.write(`\r${made} requests`),
  }).catch((error: unknown) => {
    tellLog();
    throw error;
  });
  process.stdout.write(`\r${fuzzTable(report)}\n`);
  const walls = report.routes.filter((route) => successShare(route) < LEAST_SUCCESS);
  for (const { route } of walls) process.stdout.write(`${route} hardly ever succeeds: the run says little about it\n`);
  if (report.faults.length > 0 || walls.length > 0) {
    tellLog();
    process.exitCode = 1;
  }
});
