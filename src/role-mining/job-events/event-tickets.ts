import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.js';
import type { Actor } from '../../auth/actor.js';
import { unauthenticated } from '../../auth/token-claims.js';
import { TenantTransaction } from '../../database/tenant-transaction.js';
import { JobsService } from '../jobs/jobs.service.js';

const TICKET_SECONDS = 30;
const TENANT_BYTES = 16;
const RANDOM_BYTES = 32;

export interface EventTicket {
  readonly ticket: string;
  readonly expiresAt: Date;
}

interface TicketRow {
  readonly user_id: string;
  readonly job_id: string;
  readonly roles: string[];
  readonly token_expires_at: Date;
  readonly is_valid: boolean;
}

/**
 * Tickets that open the events of one job once, for browsers: their EventSource sends no bearer token. A ticket stands for
 * the token that it was got with, until that expires. The database has its hash only.
 */
@Injectable()
export class EventTickets {
  constructor(
    private readonly transaction: TenantTransaction,
    private readonly jobs: JobsService,
    private readonly trail: AuditTrail,
  ) {}

  /** @throws NotFoundError */
  async issue(actor: Actor, jobId: string): Promise<EventTicket> {
    // The tenant in front: row-level security shows no ticket to anybody who cannot say whose it is.
    const ticket = Buffer.concat([tenantToBytes(actor.tenantId), randomBytes(RANDOM_BYTES)]).toString('base64url');
    return this.transaction.run(actor.tenantId, async (manager) => {
      await this.jobs.getJob(actor, jobId);
      await manager.query('DELETE FROM role_mining_event_ticket WHERE tenant_id = $1 AND expires_at < now()', [
        actor.tenantId,
      ]);
      const [{ expires_at: expiresAt }] = await manager.query<[{ expires_at: Date }]>(
        `INSERT INTO role_mining_event_ticket
           (tenant_id, hash, job_id, user_id, roles, token_expires_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, to_timestamp($6), now() + make_interval(secs => $7)) RETURNING expires_at`,
        [actor.tenantId, hashOf(ticket), jobId, actor.userId, actor.roles, actor.expiresAt, TICKET_SECONDS],
      );
      await this.trail.record(manager, actor, { action: 'job.follow', objectType: 'job', objectId: jobId });
      return { ticket, expiresAt };
    });
  }

  /**
   * Uses a ticket up.
   *
   * @returns who got it
   * @throws DomainError unauthenticated when it is not one, was used, has expired, or is for another job
   */
  async redeem(ticket: string, jobId: string): Promise<Actor> {
    const tenantId = tenantOf(ticket);
    const row = tenantId === null ? undefined : await this.take(tenantId, ticket);
    if (tenantId === null || row?.is_valid !== true || row.job_id !== jobId.toLowerCase()) {
      throw unauthenticated('The ticket is not valid: it was used, has expired, or is for another job');
    }
    return {
      tenantId,
      userId: row.user_id,
      roles: row.roles,
      expiresAt: Math.floor(row.token_expires_at.getTime() / 1000),
    };
  }

  /** Of simultaneous attempts one deletes the row. */
  private async take(tenantId: string, ticket: string): Promise<TicketRow | undefined> {
    const [rows] = await this.transaction.run(tenantId, (manager) =>
      manager.query<[TicketRow[], number]>(
        `DELETE FROM role_mining_event_ticket WHERE tenant_id = $1 AND hash = $2
         RETURNING user_id, job_id, roles, token_expires_at, expires_at > now() AS is_valid`,
        [tenantId, hashOf(ticket)],
      ),
    );
    return rows[0];
  }
}

function hashOf(ticket: string): Buffer {
  return createHash('sha256').update(ticket).digest();
}

function tenantToBytes(tenantId: string): Buffer {
  return Buffer.from(tenantId.replaceAll('-', ''), 'hex');
}

function tenantOf(ticket: string): string | null {
  const bytes = Buffer.from(ticket, 'base64url');
  if (bytes.length !== TENANT_BYTES + RANDOM_BYTES) return null;
  return bytes.toString('hex', 0, TENANT_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
