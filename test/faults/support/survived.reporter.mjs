import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import Table from 'cli-table3';

/** Prints what the run has survived, and the seed that repeats it; the same as JSON in reports/faults.json. */
export default class SurvivedReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests }) {
    const { FAULTS_SEED: seed, FAULTS_SURVIVED: file } = process.env;
    const lines = existsSync(file)
      ? readFileSync(file, 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
    rmSync(file, { force: true });
    const table = new Table({ head: ['Fault', 'Injected', 'Survived', 'Measured'], style: { head: [] } });
    for (const { fault, injected, survived, figure } of lines) table.push([fault, injected, survived, figure]);
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const sum = (key) => lines.reduce((total, line) => total + line[key], 0);
    process.stdout.write(
      `\n${table.toString()}\n${sum('injected')} faults injected, ${sum('survived')} survived. Seed: FAULTS_SEED=${seed}\n` +
        `Tests: ${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`,
    );
    mkdirSync('reports', { recursive: true });
    const machine = { cores: availableParallelism(), processor: cpus()[0]?.model, node: process.version };
    writeFileSync(
      'reports/faults.json',
      `${JSON.stringify({ at: new Date(), seed, machine, failed, lines }, null, 2)}\n`,
    );
  }
}
