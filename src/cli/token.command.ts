import { type Command, InvalidArgumentError } from 'commander';
import { isUuid } from '../common/validation/uuid.js';
import { loadJwtConfig } from '../config/load-config.js';
import { signDevelopmentToken } from './development-token.js';

/** The same for every call, so that one developer's tokens see the same data. */
const DEVELOPMENT_TENANT = '00000000-0000-4000-8000-000000000001';
const DEVELOPMENT_USER = '00000000-0000-4000-8000-000000000002';

interface TokenOptions {
  tenant: string;
  user: string;
  roles: string[];
  ttl: number;
}

export function registerToken(program: Command): void {
  program
    .command('token')
    .description('print a signed token for a development set-up (shared secret only)')
    .option('--tenant <uuid>', 'tenant', uuid, DEVELOPMENT_TENANT)
    .option('--user <uuid>', 'user', uuid, DEVELOPMENT_USER)
    .option('--roles <names>', 'roles, separated by commas', names, ['admin'])
    .option('--ttl <duration>', 'how long it is valid, such as 30m, 1h or 7d', seconds, 3_600)
    .action((options: TokenOptions) => {
      const token = { tenantId: options.tenant, userId: options.user, roles: options.roles, ttlSeconds: options.ttl };
      console.log(signDevelopmentToken(loadJwtConfig(process.env), token));
    });
}

function uuid(text: string): string {
  if (!isUuid(text)) throw new InvalidArgumentError('Expected a UUID.');
  return text.toLowerCase();
}

function names(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function seconds(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new InvalidArgumentError('Expected a duration such as 30m, 1h or 7d.');
  return Number(count) * SECONDS_OF_UNIT[unit];
}
