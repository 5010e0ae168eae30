import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

export interface StoredAnswer {
  /** Of the request: a key may not be used for another one. */
  readonly fingerprint: string;
  readonly status: number;
  readonly body: unknown;
}

/** First answers by key. The key's row is the lock: a second call with it waits until the first one has ended. */
@Injectable()
export class IdempotentAnswers {
  /** Takes the key within the transaction; gives the answer that is stored under it when it is taken already. */
  async take(manager: EntityManager, tenantId: string, key: string, fingerprint: string): Promise<StoredAnswer | null> {
    await manager.query(
      `DELETE FROM idempotent_answer WHERE tenant_id = $1 AND created_at < now() - interval '24 hours'`,
      [tenantId],
    );
    const inserted = await manager.query<unknown[]>(
      `INSERT INTO idempotent_answer (tenant_id, key, fingerprint) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING key`,
      [tenantId, key, fingerprint],
    );
    if (inserted.length === 1) return null;
    const [stored] = await manager.query<StoredAnswer[]>(
      'SELECT fingerprint, status, body FROM idempotent_answer WHERE tenant_id = $1 AND key = $2',
      [tenantId, key],
    );
    return stored;
  }

  async store(manager: EntityManager, tenantId: string, key: string, answer: StoredAnswer): Promise<void> {
    await manager.query(
      `INSERT INTO idempotent_answer (tenant_id, key, fingerprint, status, body) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (tenant_id, key) DO UPDATE SET status = $4, body = $5 WHERE idempotent_answer.status IS NULL`,
      [tenantId, key, answer.fingerprint, answer.status, JSON.stringify(answer.body ?? null)],
    );
  }
}
