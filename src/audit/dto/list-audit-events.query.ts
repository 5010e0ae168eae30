import { DateTimeQuery, EnumQuery, IntegerQuery } from '../../common/validation/query-parameters.js';
import { UuidQuery } from '../../common/validation/uuid.js';
import { ExportQuery } from '../../exports/export.query.js';
import { AUDIT_ACTIONS, AUDIT_OBJECT_TYPES, type AuditAction, type AuditObjectType } from '../audit-actions.js';
import { AUDIT_OUTCOMES, type AuditOutcome } from '../audit-events.service.js';

export class ListAuditEventsQuery extends ExportQuery {
  /**
   * Only events before the one with this number: the `next_before` of a page gives the next one. Unlike `offset` it costs
   * the same however deep the page lies, and new events do not shift it.
   */
  @IntegerQuery({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
  before?: number;

  /** Only events of this action. */
  @EnumQuery('AuditAction', AUDIT_ACTIONS)
  action?: AuditAction;

  /** Only events about this kind of object. */
  @EnumQuery('AuditObjectType', AUDIT_OBJECT_TYPES)
  object_type?: AuditObjectType;

  /** Only events about this object. */
  @UuidQuery()
  object_id?: string;

  /** Only what this user did or tried. */
  @UuidQuery()
  actor_id?: string;

  /** Only what was done, or only what was refused. */
  @EnumQuery('AuditOutcome', AUDIT_OUTCOMES)
  outcome?: AuditOutcome;

  /** Only events at or after this time. */
  @DateTimeQuery()
  since?: string;

  /** Only events before this time. */
  @DateTimeQuery()
  until?: string;
}
