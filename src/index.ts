/**
 * What a governance application that extends this one builds on (examples/governance-module shows how). Everything else
 * is internal and may change.
 */
export { RoleMiningModule } from './role-mining/role-mining.module.js';
export type { RoleMiningOptions, RoleMiningParts } from './role-mining/role-mining.module-definition.js';

export { JobsService, type JobActor, type JobView, type NewMiningJob } from './role-mining/jobs/jobs.service.js';
export { MiningJob } from './role-mining/jobs/job.entity.js';
export { DEFAULT_PARAMETERS, type MiningJobParameters } from './role-mining/jobs/job-parameters.js';
export { terminalStatuses, type MiningJobStatus } from './role-mining/jobs/job-status.js';
export {
  CandidatesService,
  type CandidateFilter,
  type CandidateView,
} from './role-mining/candidates/candidates.service.js';
export {
  CandidateDecisionsService,
  type Promotion,
  type PromotionRequest,
} from './role-mining/candidates/candidate-decisions.service.js';
export { RoleCandidate } from './role-mining/candidates/candidate.entity.js';
export { PatternsService } from './role-mining/patterns/patterns.service.js';
export { AccessPattern } from './role-mining/patterns/pattern.entity.js';
export { ExcessivePrivilegesService } from './role-mining/excessive-privileges/excessive-privileges.service.js';
export { ExcessivePrivilege } from './role-mining/excessive-privileges/excessive-privilege.entity.js';
export { ConsolidationService } from './role-mining/consolidation/consolidation.service.js';
export {
  ConsolidationDecisionsService,
  type MergePreview,
} from './role-mining/consolidation/consolidation-decisions.service.js';
export { ConsolidationSuggestion } from './role-mining/consolidation/consolidation-suggestion.entity.js';

export { ComparisonService } from './role-mining/comparison/comparison.service.js';
export { type AccessGain, SodRules } from './role-mining/sod/sod-rules.js';
export { refuseViolations, type SodViolation } from './role-mining/sod/sod-violation.js';
export { SodRulesService, type NewSodRule, type SodRule } from './role-mining/sod/sod-rules.service.js';

export { DomainEvents, type DomainEventListener, type DomainEventOutbox } from './domain-events/domain-events.js';
export {
  DOMAIN_EVENT_TYPES,
  type DomainEvent,
  type DomainEventData,
  type DomainEventType,
} from './domain-events/domain-event.js';
export { WebhooksModule } from './webhooks/webhooks.module.js';

export { AdminOnly } from './auth/admin-only.decorator.js';
export { type Actor, CurrentActor } from './auth/actor.js';
export { AuditTrail, type AuditActor, type AuditEntry } from './audit/audit-trail.js';

export { AccessRules, type BrokenAccessRule } from './access-graph/import/access-rules.js';
export { AccessGraphModule } from './access-graph/access-graph.module.js';
export {
  AccessGraphService,
  type ImportRequest,
  type StartedImport,
} from './access-graph/import/access-graph.service.js';
export type { ImportOptions, ImportParts, ImportSource } from './access-graph/import/import-parts.js';
export { AssignmentStore } from './access-graph/stores/assignment.store.js';
export { type NewRole, RoleStore, type SetChange, type StoredRole } from './access-graph/stores/role.store.js';
export { AccessGraphReader } from './access-graph/snapshot/access-graph.reader.js';
export type { AccessSnapshot } from './access-graph/snapshot/access-snapshot.js';
export {
  AccessSnapshotBuilder,
  type GraphEntitlement,
  type GraphRole,
  type GraphUser,
} from './access-graph/snapshot/access-snapshot-builder.js';
export {
  InMemoryAccessGraphReader,
  type InMemoryAccessGraph,
} from './access-graph/snapshot/in-memory-access-graph.reader.js';
export { stableUuid } from './common/stable-uuid.js';
export { ConflictError } from './common/errors/domain.error.js';

export { FoundationModule } from './foundation.module.js';
export { createHttpApplication } from './http-application.js';
export { Config } from './config/config.js';
export { loadConfig } from './config/load-config.js';
export { openDatabase, type OpenDatabase } from './database/open-database.js';
export type { PrepareOwnTables } from './database/prepare-database.js';
export { SimulationsService } from './role-mining/simulations/simulations.service.js';
export { MetricsService } from './role-mining/metrics/metrics.service.js';
