import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { withCompiledService } from '../compiled-service.js';
import { runTraffic } from './run-traffic.js';

const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } });
const seconds = Number(values.seconds ?? 60);
const seed = Number(values.seed ?? randomInt(1_000_000));

await withCompiledService(async (service) => {
  const { answers, trespasses, ids, faults, ...run } = await runTraffic(service, { seconds, seed });
  process.stdout.write(
    `Two tenants with the same external ids for ${Math.round(run.seconds)} s (--seed ${seed}): ${answers} answers looked at, ` +
      `${trespasses} of them to requests with the other's ids; ${ids} ids seen, ${faults.length} told to the wrong tenant.\n`,
  );
  for (const fault of faults) process.stdout.write(`  ${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
});
