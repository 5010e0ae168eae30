import type { Command } from 'commander';
import { ConfigurationError } from '../config/configuration.error.js';
import type { DatabaseConfig } from '../config/config.js';
import { loadDatabaseConfig } from '../config/load-config.js';
import { loginOf } from '../database/connection.js';
import { openDatabase } from '../database/open-database.js';
import { prepareDatabase, type PreparedDatabase } from '../database/prepare-database.js';

/** The application's login when DATABASE_URL does not name one. */
const DEFAULT_LOGIN = { name: 'role_mining_app', password: '' };

export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database to the current schema, and set up the login of the application')
    .action(async () => {
      const { appliedMigrations, createdLogin } = await migrate(loadDatabaseConfig(process.env));
      for (const name of appliedMigrations) console.log(`applied ${name}`);
      if (createdLogin) console.log('created the login of the application');
      console.log('the database is at the current schema');
    });
}

async function migrate(config: DatabaseConfig): Promise<PreparedDatabase> {
  if (config.ownerUrl !== null) {
    return prepareDatabase(config, config.ownerUrl, config.url === null ? DEFAULT_LOGIN : loginOf(config.url));
  }
  if (config.url !== null) {
    throw new ConfigurationError(
      'DATABASE_OWNER_URL',
      'not set, expected the login of the database’s owner along with DATABASE_URL',
    );
  }
  await using database = await openDatabase(config);
  return { appliedMigrations: database.appliedMigrations, createdLogin: false };
}
