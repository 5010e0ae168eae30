import { ConfigurableModuleBuilder } from '@nestjs/common';
import type { AccessGraphReader } from '../access-graph/snapshot/access-graph.reader.js';
import type { AssignmentStore } from '../access-graph/stores/assignment.store.js';
import type { RoleStore } from '../access-graph/stores/role.store.js';
import { CandidatesController } from './candidates/candidates.controller.js';
import { ComparisonController } from './comparison/comparison.controller.js';
import { ConsolidationController } from './consolidation/consolidation.controller.js';
import { ExcessivePrivilegesController } from './excessive-privileges/excessive-privileges.controller.js';
import { MiningWorker } from './execution/mining-worker.js';
import { JobEventsController } from './job-events/job-events.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { PatternsController } from './patterns/patterns.controller.js';
import { SodRulesController } from './sod/sod-rules.controller.js';
import { ReportController } from './report/report.controller.js';
import { CandidateSimulationsController } from './simulations/candidate-simulations.controller.js';
import { SimulationsController } from './simulations/simulations.controller.js';
import { SuspectedGrantsController } from './suspected-grants/suspected-grants.controller.js';

/** What a governance module may replace; what is left out is ours, on PostgreSQL. */
export interface RoleMiningOptions {
  /** Where mining reads who holds what. */
  accessGraphReader?: AccessGraphReader;
  /** Where decisions write roles. */
  roleStore?: RoleStore;
  /** Where decisions write direct assignments. */
  assignmentStore?: AssignmentStore;
}

/** Parts that a process can leave out; all are on unless switched off. */
export interface RoleMiningParts {
  /** Whether the module answers HTTP requests. */
  serveApi?: boolean;
  /** Whether this process takes jobs from the queue. */
  runWorker?: boolean;
}

const CONTROLLERS = [
  JobsController,
  JobEventsController,
  CandidatesController,
  PatternsController,
  ExcessivePrivilegesController,
  ConsolidationController,
  ComparisonController,
  ReportController,
  SodRulesController,
  SimulationsController,
  CandidateSimulationsController,
  MetricsController,
  SuspectedGrantsController,
];

/** `forRoot` and `forRootAsync` of the role mining module, after Nest's recipe. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: ROLE_MINING_OPTIONS } =
  new ConfigurableModuleBuilder<RoleMiningOptions>({ moduleName: 'RoleMining' })
    .setClassMethodName('forRoot')
    .setExtras<RoleMiningParts>({ serveApi: true, runWorker: true }, (definition, parts) => ({
      ...definition,
      controllers: parts.serveApi ? CONTROLLERS : [],
      providers: [...(definition.providers ?? []), ...(parts.runWorker ? [MiningWorker] : [])],
    }))
    .build();
