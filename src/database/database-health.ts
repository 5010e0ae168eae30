import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { pendingMigrations } from './schema-state.js';

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly reason: string };

/** Whether the database can serve requests, for the readiness probe. */
@Injectable()
export class DatabaseHealth {
  /** Schemas only move forward: once up to date for this release, one that answers is enough. */
  private isCurrent = false;

  constructor(private readonly dataSource: DataSource) {}

  async databaseReady(): Promise<Readiness> {
    try {
      if (this.isCurrent) {
        await this.dataSource.query('SELECT 1');
        return { ready: true };
      }
      const pending = await pendingMigrations(this.dataSource);
      if (pending.length > 0) {
        return {
          ready: false,
          reason: `the schema lacks ${pending.join(', ')}: run DATABASE_OWNER_URL=… role-mining migrate`,
        };
      }
      this.isCurrent = true;
      return { ready: true };
    } catch {
      // The probe is open to everybody: the error itself, with names of hosts and logins, is not for them.
      return { ready: false, reason: 'the database cannot be reached' };
    }
  }
}
