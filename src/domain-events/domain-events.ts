import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TenantTransaction } from '../database/tenant-transaction.js';
import type { DomainEvent, DomainEventData, DomainEventType } from './domain-event.js';

/** Hears of an event after it has been committed. */
export type DomainEventListener<Type extends DomainEventType = DomainEventType> = (
  event: DomainEvent<Type>,
) => void | Promise<void>;

/** Writes down what follows from an event, in the transaction that makes it happen: when it throws, nothing happens. */
export type DomainEventOutbox = (manager: EntityManager, event: DomainEvent) => Promise<void>;

/**
 * What happens in this process, for modules that extend this one. An event is published when its transaction has committed
 * and never otherwise; a process that dies in between publishes it no more, and other processes hear of nothing: who needs
 * every event takes part in the transaction with an outbox, as webhooks do.
 */
@Injectable()
export class DomainEvents {
  private readonly listeners = new Map<DomainEventType, Set<DomainEventListener>>();
  private readonly outboxes: DomainEventOutbox[] = [];
  private readonly logger = new Logger(DomainEvents.name);

  constructor(private readonly transaction: TenantTransaction) {}

  /**
   * Listeners of an event are called in the order in which they came, and are not waited for. What one throws is logged.
   *
   * @returns ends it
   */
  on<Type extends DomainEventType>(type: Type, listener: DomainEventListener<Type>): () => void {
    const listeners = this.listeners.get(type) ?? new Set();
    // The map says by its key what it may be called with.
    const ours: DomainEventListener = (event) => listener(event as DomainEvent<Type>);
    this.listeners.set(type, listeners.add(ours));
    return () => listeners.delete(ours);
  }

  addOutbox(outbox: DomainEventOutbox): void {
    this.outboxes.push(outbox);
  }

  /** To be called in the transaction of `manager`, by whoever makes it happen. */
  async record<Type extends DomainEventType>(
    manager: EntityManager,
    tenantId: string,
    type: Type,
    data: DomainEventData[Type],
  ): Promise<void> {
    const event = { id: randomUUID(), type, tenantId, occurredAt: new Date(), data } as DomainEvent;
    for (const outbox of this.outboxes) await outbox(manager, event);
    this.transaction.afterCommit(() => this.publish(event));
  }

  private publish(event: DomainEvent): void {
    for (const listener of this.listeners.get(event.type) ?? []) void this.call(listener, event);
  }

  private async call(listener: DomainEventListener, event: DomainEvent): Promise<void> {
    try {
      await listener(event);
    } catch (error) {
      this.logger.error({ err: error }, `A listener of ${event.type} failed`);
    }
  }
}
