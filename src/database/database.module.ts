import { Global, Logger, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { applicationLimits, dataSourceOptions } from './connection.js';
import { DatabaseAddress } from './database-address.js';
import { DatabaseHealth } from './database-health.js';
import type { OpenDatabase } from './open-database.js';
import { TenantTransaction } from './tenant-transaction.js';

/** The application's connections, and the tenants' transactions on them. Takes a database that has been opened. */
@Global()
@Module({})
export class DatabaseModule {
  static forRoot({ config, url }: OpenDatabase): DynamicModule {
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
      providers: [TenantTransaction, DatabaseHealth, { provide: DatabaseAddress, useValue: { url } }],
      exports: [TypeOrmModule, TenantTransaction, DatabaseHealth, DatabaseAddress],
    };
  }
}
