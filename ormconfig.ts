import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { loadDatabaseConfig } from './src/config/load-config.js';
import { dataSourceOptions, ownerLimits } from './src/database/connection.js';

/**
 * The database as TypeORM's command line sees it, from the same options as the application: `npm run typeorm --
 * migration:show`, `migration:revert`. Applying migrations is `role-mining migrate`, which also takes the lock, the job
 * queue and the application's rights along. Migrations are written by hand: TypeORM knows no policies.
 */
const config = loadDatabaseConfig(process.env);
const url = config.ownerUrl ?? config.url;
if (url === null) throw new Error('DATABASE_OWNER_URL: not set, expected the owner’s login of the database to look at');

export default new DataSource({
  ...dataSourceOptions(config, url, ownerLimits(config)),
  entities: ['src/**/*.entity.ts'],
});
