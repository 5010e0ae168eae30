import { type Command, InvalidArgumentError } from 'commander';
import { generateOrganisation } from '../synthetic-organisation/generate-organisation.js';
import { writeOrganisation } from '../synthetic-organisation/write-organisation.js';
import { integerFrom, numberFrom } from './option-values.js';

interface GenerateOptions {
  users: number;
  entitlements: number;
  seed: number;
  out: string;
  noise: number;
  clustered: boolean;
  asOf: Date;
}

/** Fixed, so that the same seed gives the same files on any day; `--as-of` moves it where recent usage matters. */
const USAGE_UNTIL = new Date('2026-11-01T00:00:00Z');

export function registerGenerate(program: Command): void {
  program
    .command('generate')
    .description('write a reproducible synthetic organisation, with the truth about its roles and its noise beside it')
    .requiredOption('--users <n>', 'number of users', integerFrom(1, 10_000_000))
    .requiredOption('--entitlements <m>', 'number of entitlements', integerFrom(1, 1_000_000))
    .option('--seed <s>', 'the same seed gives the same organisation', integerFrom(-(2 ** 31), 2 ** 31 - 1), 0)
    .requiredOption('--out <dir>', 'folder for the files, made if missing; files of the same name are replaced')
    .option('--noise <percent>', 'percent of the assignments deleted, and as many again added', numberFrom(0, 40), 2)
    .option('--clustered', 'put most of the noise into a few departments', false)
    .option('--as-of <date>', 'day on which the usage data ends', day, USAGE_UNTIL)
    .action(async (options: GenerateOptions) => {
      const organisation = generateOrganisation({
        users: options.users,
        entitlements: options.entitlements,
        seed: options.seed,
        noise: { fraction: options.noise / 100, spread: options.clustered ? 'department' : 'uniform' },
      });
      const paths = await writeOrganisation(organisation, options.out, options.asOf);
      console.log(
        `${organisation.userCount} users, ${organisation.entitlementCount} entitlements, ` +
          `${organisation.rows.values.length} assignments, ${organisation.plantedRoles.names.length} planted roles ` +
          `(${organisation.existingRoles.count} existing), ${organisation.added.users.length} assignments added ` +
          `and ${organisation.deleted.users.length} deleted as noise`,
      );
      for (const path of paths) console.log(path);
    });
}

function day(text: string): Date {
  const date = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) {
    throw new InvalidArgumentError('Expected a date as YYYY-MM-DD.');
  }
  return date;
}
