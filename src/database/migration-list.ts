import type { MigrationInterface } from 'typeorm';
import { AccessGraph1764000000001 } from './migrations/1764000000001-access-graph.js';
import { RoleMining1764000000002 } from './migrations/1764000000002-role-mining.js';
import { Idempotency1764000000003 } from './migrations/1764000000003-idempotency.js';
import { Audit1764000000004 } from './migrations/1764000000004-audit.js';
import { SeparationOfDuties1764000000005 } from './migrations/1764000000005-separation-of-duties.js';
import { Decisions1764000000006 } from './migrations/1764000000006-decisions.js';
import { Simulations1764000000007 } from './migrations/1764000000007-simulations.js';
import { RoleMetrics1764000000008 } from './migrations/1764000000008-role-metrics.js';
import { SuspectedGrants1764000000010 } from './migrations/1764000000010-suspected-grants.js';
import { ImportKeys1764000000012 } from './migrations/1764000000012-import-keys.js';
import { LiveProgress1764000000014 } from './migrations/1764000000014-live-progress.js';
import { Webhooks1764000000015 } from './migrations/1764000000015-webhooks.js';
import { RoleHierarchies1764000000016 } from './migrations/1764000000016-role-hierarchies.js';
import { FlagsOfAUser1764000000017 } from './migrations/1764000000017-flags-of-a-user.js';
import { KindsOfSuspectedGrants1764000000018 } from './migrations/1764000000018-kinds-of-suspected-grants.js';
import { StatisticsOfCandidates1764000000019 } from './migrations/1764000000019-statistics-of-candidates.js';

/**
 * The schema's steps, oldest first; a new one is added here. A list rather than a file pattern: it is checked by the
 * compiler, and the same in `src`, in `dist` and under jest.
 */
export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  AccessGraph1764000000001,
  RoleMining1764000000002,
  Idempotency1764000000003,
  Audit1764000000004,
  SeparationOfDuties1764000000005,
  Decisions1764000000006,
  Simulations1764000000007,
  RoleMetrics1764000000008,
  SuspectedGrants1764000000010,
  ImportKeys1764000000012,
  LiveProgress1764000000014,
  Webhooks1764000000015,
  RoleHierarchies1764000000016,
  FlagsOfAUser1764000000017,
  KindsOfSuspectedGrants1764000000018,
  StatisticsOfCandidates1764000000019,
];
