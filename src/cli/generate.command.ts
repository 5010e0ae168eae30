import { type Command, InvalidArgumentError } from 'commander';
import { generateOrganisation } from '../synthetic-organisation/generate-organisation.js';
import { writeOrganisation } from '../synthetic-organisation/write-organisation.js';

interface GenerateOptions {
  users: number;
  entitlements: number;
  seed: number;
  out: string;
  noise: number;
  clustered: boolean;
  asOf: Date;
}

export function registerGenerate(program: Command): void {
  program
    .command('generate')
    .description('write a reproducible synthetic organisation, with the truth about its roles and its noise beside it')
    .requiredOption('--users <n>', 'number of users', countUpTo(10_000_000))
    .requiredOption('--entitlements <m>', 'number of entitlements', countUpTo(1_000_000))
    .option('--seed <s>', 'the same seed gives the same organisation', integer, 0)
    .requiredOption('--out <dir>', 'folder for the files, made if missing; files of the same name are replaced')
    .option('--noise <percent>', 'percent of the assignments deleted, and as many again added', noisePercent, 2)
    .option('--clustered', 'put most of the noise into a few departments', false)
    .option('--as-of <date>', 'day on which the usage data ends', day, new Date())
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

function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > most) {
      throw new InvalidArgumentError(`Expected an integer from 1 to ${most}.`);
    }
    return value;
  };
}

function integer(text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || (value | 0) !== value) throw new InvalidArgumentError('Expected a 32-bit integer.');
  return value;
}

function noisePercent(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > 40) throw new InvalidArgumentError('Expected a number from 0 to 40.');
  return value;
}

function day(text: string): Date {
  const date = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text)) {
    throw new InvalidArgumentError('Expected a date as YYYY-MM-DD.');
  }
  return date;
}
