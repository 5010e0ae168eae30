import { Injectable } from '@nestjs/common';
import type { Db } from 'pg-boss';
import type { EntityManager } from 'typeorm';
import { WEBHOOK_QUEUE } from '../database/job-queues.js';
import { connectionOf } from '../database/tenant-transaction.js';
import { QueueConnection } from '../queue/queue-connection.js';

/** One attempt of a delivery. */
export interface QueuedAttempt {
  readonly tenantId: string;
  readonly webhookId: string;
  readonly deliveryId: string;
  /** Its number, from 1: one that has been made is not made again when its job is. */
  readonly attempt: number;
}

@Injectable()
export class DeliveryQueue {
  constructor(private readonly connection: QueueConnection) {}

  /** Made when, and only when, the transaction of `manager` commits. */
  async enqueue(manager: EntityManager, attempt: QueuedAttempt, afterSeconds = 0): Promise<void> {
    const client = await connectionOf(manager);
    const db: Db = { executeSql: (text, values) => client.query(text, values as unknown[]) };
    await this.connection.boss.send(WEBHOOK_QUEUE, attempt, {
      group: { id: attempt.webhookId },
      startAfter: afterSeconds,
      db,
    });
  }
}
