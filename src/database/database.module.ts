import { Global, Inject, Logger, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { applicationLimits, dataSourceOptions } from './connection.js';
import { DatabaseAddress } from './database-address.js';
import { DatabaseHealth } from './database-health.js';
import type { OpenDatabase } from './open-database.js';
import { TenantTransaction } from './tenant-transaction.js';

const OPEN_DATABASE = Symbol('OPEN_DATABASE');

/**
 * The application's connections, and the tenants' transactions on them. Takes a database that has been opened, and
 * closes it when the application shuts down. Nest ends global modules last and, among them, those that were registered
 * first last: when the embedded server stops, TypeORM's connections and everybody else's are closed.
 */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(OPEN_DATABASE) private readonly database: OpenDatabase) {}

  static forRoot(database: OpenDatabase): DynamicModule {
    const { config, url } = database;
    const logger = new Logger('Database');
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRoot({
          ...dataSourceOptions(config, url, applicationLimits(config)),
          autoLoadEntities: true,
          // Opening the database has connected once already; an outage between the two is told at once.
          retryAttempts: 0,
          poolErrorHandler: (error: Error) => logger.warn(`An idle connection was lost: ${error.message}`),
        }),
      ],
      providers: [
        TenantTransaction,
        DatabaseHealth,
        { provide: DatabaseAddress, useValue: { url } },
        { provide: OPEN_DATABASE, useValue: database },
      ],
      exports: [TypeOrmModule, TenantTransaction, DatabaseHealth, DatabaseAddress],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
