import type { EntityManager } from 'typeorm';
import type { AuditAction, AuditObjectType } from './audit-actions.js';

/** `module`: code of a governance application that acts by itself, outside of any request. */
export const AUDIT_ACTOR_KINDS = ['user', 'cli', 'worker', 'module'] as const;
export type AuditActorKind = (typeof AUDIT_ACTOR_KINDS)[number];

export interface AuditActor {
  readonly tenantId: string;
  /** Null when no person acts. */
  readonly userId: string | null;
  /** Left out, it is `user` within an HTTP request and `module` elsewhere. */
  readonly kind?: AuditActorKind;
}

/** Why a call was refused, as the caller was told. */
export interface AuditRefusal {
  readonly status: number;
  readonly detail: string;
}

export interface AuditEntry {
  readonly action: AuditAction;
  readonly objectType: AuditObjectType;
  /** A UUID; null when the action has no single object. */
  readonly objectId: string | null;
  /** What it was and what it has become, as far as the action changes it; written as JSON, names in snake_case. */
  readonly before?: object | null;
  readonly after?: object | null;
  /** What the actor gave as the reason. */
  readonly reason?: string | null;
  /** Set when nothing was done. */
  readonly refusal?: AuditRefusal;
}

/** The append-only trail of everything that changes a tenant's state. */
export abstract class AuditTrail {
  /**
   * Writes the entry as a part of the transaction: both exist or neither. It locks the end of the tenant's trail until
   * the transaction ends: call it when the transaction holds all other locks that it needs, or two could wait for each
   * other.
   */
  abstract record(manager: EntityManager, actor: AuditActor, entry: AuditEntry): Promise<void>;
}
