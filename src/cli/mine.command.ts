import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { MiningOptions, MiningPhase } from '../engine/index.js';
import { MiningThreads } from '../mining-threads/mining-threads.js';
import { renderReport } from '../report/render-report.js';
import { fileProblem, localFile } from './local-file.js';
import { boundCertificate } from './mine/bound-certificate.js';
import { fileReport } from './mine/file-report.js';
import { miningReport, type ReportParameters, type Timings } from './mine/mining-report.js';
import { miningSummary } from './mine/mining-summary.js';
import { readOrganisation } from './mine/read-organisation.js';
import { integerFrom, numberFrom } from './option-values.js';
import { ProgressBar } from './progress-bar.js';

interface MineOptions {
  users?: string;
  minUsers: number;
  minEntitlements: number;
  confidence: number;
  objective: 'wsc' | 'roles';
  complete: boolean;
  hierarchy: boolean;
  roleWeight: number;
  seed: number;
  timeLimit?: number;
  json?: string;
  report?: string;
  certificate?: string;
}

const LONGEST_TIME_LIMIT_SECONDS = 86_400;
const STANDARD_OUTPUT = '-';

/** One for the role set, one for suspected noise beside it. */
const THREADS = 2;

export function registerMine(program: Command): void {
  program
    .command('mine')
    .description('mine a file of who holds what, with no database and no server')
    .argument('<file>', 'assignments: CSV user,entitlement, or pairs with white space between them; .gz too')
    .option('--users <file>', 'attributes of users (CSV user,department,…), which name and explain candidates')
    .option('--min-users <n>', 'users who hold all of a role, at least', integerFrom(1, 1_000_000), 3)
    .option('--min-entitlements <n>', 'entitlements in a role, at least', integerFrom(1, 10_000), 2)
    .option('--confidence <c>', 'confidence of a role, at least', numberFrom(0, 1), 0.6)
    .addOption(
      new Option('--objective <objective>', 'least weighted structural complexity, or fewest roles')
        .choices(['wsc', 'roles'])
        .default('wsc'),
    )
    .option('--complete', 'reproduce every assignment by roles alone, whatever their size and confidence', false)
    .option('--hierarchy', 'roles may inherit from other roles; inheritances count in the complexity', false)
    .option(
      '--role-weight <w>',
      'what a role weighs against assignments in the complexity that is searched for: more means fewer roles',
      numberFrom(0, 1_000_000),
      1,
    )
    .option('--seed <s>', 'the same seed gives the same result', integerFrom(-(2 ** 31), 2 ** 31 - 1), 0)
    .option(
      '--time-limit <seconds>',
      'search until then, or until the result is proven; without it for about five seconds of work',
      numberFrom(0, LONGEST_TIME_LIMIT_SECONDS),
    )
    .option('--json <out>', 'write everything to a file, or to the standard output (-) instead of the tables')
    .option('--report <out>', 'write a report to look at: one HTML file that needs nothing else')
    .option('--certificate <out>', 'write evidence of the lower bound to a file, for role-mining verify')
    .action(mine);
}

async function mine(path: string, options: MineOptions): Promise<void> {
  const started = performance.now();
  if (options.objective === 'roles' && options.hierarchy) {
    throw new Error('--hierarchy is for --objective wsc: a hierarchy needs no fewer roles');
  }
  if (options.objective === 'roles' && options.roleWeight !== 1) {
    throw new Error('--role-weight is for --objective wsc: --objective roles counts nothing but roles');
  }
  const parameters = parametersOf(options);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const threads = new MiningThreads({ threads: THREADS });
  try {
    using progress = new ProgressBar();
    const file = await readOrganisation(
      localFile(path, (fraction) => progress.update('assignments', fraction)),
      options.users === undefined ? null : localFile(options.users, (fraction) => progress.update('users', fraction)),
    );
    const loaded = performance.now();
    const result = await threads.mine(file.organisation, miningOptions(parameters), {
      signal: interrupt.signal,
      onProgress: (phase: MiningPhase, fraction) => progress.update(phase, fraction),
    });
    const mined = performance.now();
    progress[Symbol.dispose]();
    const timings = (): Timings => ({
      load: loaded - started,
      mine: mined - loaded,
      total: performance.now() - started,
    });

    if (options.json !== STANDARD_OUTPUT) {
      console.log(miningSummary(result, file.organisation.matrix.assignmentCount, process.stdout.isTTY));
    }
    if (options.json !== undefined) {
      await write(miningReport(file, result, parameters, timings()), options.json);
    }
    if (options.report !== undefined) {
      const report = fileReport(basename(path), file, result, parameters, timings(), new Date());
      await write([renderReport(report)], options.report);
    }
    if (options.certificate !== undefined) {
      const { certificate, metrics } = result.roleSet;
      if (certificate === null) {
        throw new Error(`cannot write ${options.certificate}: there is no lower bound, ${metrics.boundReason}`);
      }
      await write(boundCertificate(file, result.roleSet, certificate), options.certificate);
    }
  } finally {
    process.off('SIGINT', onInterrupt);
    await threads.close();
  }
}

function parametersOf(options: MineOptions): ReportParameters {
  const { complete, hierarchy, objective, seed } = options;
  return {
    min_users: complete ? 1 : options.minUsers,
    min_entitlements: complete ? 1 : options.minEntitlements,
    confidence_threshold: complete ? 0 : options.confidence,
    objective,
    complete,
    hierarchy,
    role_weight: options.roleWeight,
    seed,
    time_limit: options.timeLimit ?? null,
  };
}

/** A role set and suspected noise, all of it: nothing else is printed or written. */
function miningOptions(parameters: ReportParameters): MiningOptions {
  return {
    patterns: null,
    roleSet: {
      objective: parameters.objective,
      complete: parameters.complete,
      hierarchy: parameters.hierarchy,
      roleWeight: parameters.role_weight,
      minUsers: parameters.min_users,
      minEntitlements: parameters.min_entitlements,
      confidenceThreshold: parameters.confidence_threshold,
      seed: parameters.seed,
      // Who gives the time wants it used.
      ...(parameters.time_limit !== null && { timeLimitSeconds: parameters.time_limit, stepBudget: Infinity }),
    },
    excessivePrivileges: null,
    roleOverlaps: null,
    suspectedNoise: { limit: Number.MAX_SAFE_INTEGER },
  };
}

async function write(pieces: Iterable<string>, path: string): Promise<void> {
  try {
    if (path === STANDARD_OUTPUT) await pipeline(Readable.from(pieces), process.stdout, { end: false });
    else await pipeline(Readable.from(pieces), createWriteStream(path));
  } catch (error) {
    // Whoever reads the standard output, such as `head`, may have enough.
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return;
    throw new Error(`cannot write ${path}: ${fileProblem(error as NodeJS.ErrnoException)}`, { cause: error });
  }
}
