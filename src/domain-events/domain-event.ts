/** What can happen, each with what is told about it. Ids only, and no text that a tenant would not have others read. */
export interface DomainEventData {
  'job.completed': { readonly jobId: string };
  'job.failed': { readonly jobId: string };
  'job.cancelled': { readonly jobId: string; readonly cancelledBy: string };
  'candidate.promoted': {
    readonly candidateId: string;
    readonly jobId: string;
    readonly roleId: string;
    readonly promotedBy: string;
  };
  'candidate.dismissed': { readonly candidateId: string; readonly jobId: string; readonly dismissedBy: string };
}

export const DOMAIN_EVENT_TYPES = [
  'job.completed',
  'job.failed',
  'job.cancelled',
  'candidate.promoted',
  'candidate.dismissed',
] as const satisfies readonly (keyof DomainEventData)[];
export type DomainEventType = (typeof DOMAIN_EVENT_TYPES)[number];

/** Something that has happened to a tenant's objects. */
export type DomainEvent<Type extends DomainEventType = DomainEventType> = {
  [T in Type]: {
    readonly id: string;
    readonly type: T;
    readonly tenantId: string;
    readonly occurredAt: Date;
    readonly data: DomainEventData[T];
  };
}[Type];
