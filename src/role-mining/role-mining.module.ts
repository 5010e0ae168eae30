import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessGraphReader } from '../access-graph/snapshot/access-graph.reader.js';
import { PostgresAccessGraphReader } from '../access-graph/snapshot/postgres-access-graph.reader.js';
import { AssignmentStore } from '../access-graph/stores/assignment.store.js';
import { PostgresAssignmentStore } from '../access-graph/stores/postgres-assignment.store.js';
import { PostgresRoleStore } from '../access-graph/stores/postgres-role.store.js';
import { RoleStore } from '../access-graph/stores/role.store.js';
import { Config } from '../config/config.js';
import { MiningThreadsModule } from '../mining-threads/mining-threads.module.js';
import { RoleCandidate } from './candidates/candidate.entity.js';
import { CandidateDecisionsService } from './candidates/candidate-decisions.service.js';
import { CandidateDecisionsStore } from './candidates/candidate-decisions.store.js';
import { CandidateMembersService } from './candidates/candidate-members.service.js';
import { CandidatesService } from './candidates/candidates.service.js';
import { CandidatesStore } from './candidates/candidates.store.js';
import { ComparisonService } from './comparison/comparison.service.js';
import { ConsolidationDecisionsService } from './consolidation/consolidation-decisions.service.js';
import { ConsolidationSuggestion } from './consolidation/consolidation-suggestion.entity.js';
import { ConsolidationSuggestionsStore } from './consolidation/consolidation-suggestions.store.js';
import { ConsolidationService } from './consolidation/consolidation.service.js';
import { ExcessivePrivilege } from './excessive-privileges/excessive-privilege.entity.js';
import { ExcessivePrivilegesService } from './excessive-privileges/excessive-privileges.service.js';
import { ExcessivePrivilegesStore } from './excessive-privileges/excessive-privileges.store.js';
import { JobClaims } from './execution/job-claims.js';
import { JobMetrics } from './execution/job-metrics.js';
import { LostJobs } from './execution/lost-jobs.js';
import { MiningRunner } from './execution/mining-runner.js';
import { PgBossJobQueue } from './execution/pg-boss-job-queue.js';
import { QueueState } from './execution/queue-state.js';
import { EventTickets } from './job-events/event-tickets.js';
import { JobChangeNotices } from './job-events/job-change-notices.js';
import { JobEventsService } from './job-events/job-events.service.js';
import { JobFollowers } from './job-events/job-followers.js';
import { JobStateReader } from './job-events/job-state.js';
import { JobQueue } from './jobs/job-queue.js';
import { MiningJob } from './jobs/job.entity.js';
import { JobsService } from './jobs/jobs.service.js';
import { MiningResultsReader } from './jobs/mining-results.reader.js';
import { MetricsService } from './metrics/metrics.service.js';
import { RoleMetric } from './metrics/role-metric.entity.js';
import { AccessPattern } from './patterns/pattern.entity.js';
import { PatternsService } from './patterns/patterns.service.js';
import { PatternsStore } from './patterns/patterns.store.js';
import { ReportResults } from './report/report-results.js';
import { ReportThreads } from './report/report-threads.js';
import { ReportsService } from './report/reports.service.js';
import { AccessImpacts } from './simulations/access-impacts.js';
import { CandidateSimulationsService } from './simulations/candidate-simulations.service.js';
import { RoleModel } from './simulations/role-model.js';
import { Simulation } from './simulations/simulation.entity.js';
import { SimulationsService } from './simulations/simulations.service.js';
import { SimulationsStore } from './simulations/simulations.store.js';
import { SodRules } from './sod/sod-rules.js';
import { SodRulesService } from './sod/sod-rules.service.js';
import { SuspectedGrant } from './suspected-grants/suspected-grant.entity.js';
import { SuspectedGrantsService } from './suspected-grants/suspected-grants.service.js';
import { SuspectedGrantsStore } from './suspected-grants/suspected-grants.store.js';
import {
  ConfigurableModuleClass,
  ROLE_MINING_OPTIONS,
  type RoleMiningOptions,
} from './role-mining.module-definition.js';

/**
 * Role mining as a part of a governance application: `RoleMiningModule.forRoot({ accessGraphReader, roleStore })` or
 * `forRootAsync`. Needs the config, database, auth and audit modules beside it; exports the services to act through.
 */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      MiningJob,
      RoleCandidate,
      AccessPattern,
      ExcessivePrivilege,
      ConsolidationSuggestion,
      Simulation,
      RoleMetric,
      SuspectedGrant,
    ]),
    MiningThreadsModule.registerAsync({
      inject: [Config],
      useFactory: (config: Config) => ({ threads: config.worker.miningThreads }),
    }),
  ],
  providers: [
    JobsService,
    MiningResultsReader,
    JobEventsService,
    JobFollowers,
    JobChangeNotices,
    JobStateReader,
    EventTickets,
    CandidatesService,
    CandidatesStore,
    CandidateDecisionsService,
    CandidateDecisionsStore,
    CandidateMembersService,
    PatternsService,
    PatternsStore,
    ExcessivePrivilegesService,
    ExcessivePrivilegesStore,
    ConsolidationService,
    ConsolidationDecisionsService,
    ConsolidationSuggestionsStore,
    SuspectedGrantsService,
    SuspectedGrantsStore,
    QueueState,
    JobClaims,
    JobMetrics,
    LostJobs,
    MiningRunner,
    ComparisonService,
    ReportsService,
    ReportResults,
    ReportThreads,
    SodRules,
    SodRulesService,
    SimulationsService,
    CandidateSimulationsService,
    SimulationsStore,
    AccessImpacts,
    RoleModel,
    MetricsService,
    PostgresAccessGraphReader,
    PostgresRoleStore,
    PostgresAssignmentStore,
    { provide: JobQueue, useClass: PgBossJobQueue },
    {
      provide: AccessGraphReader,
      useFactory: (options: RoleMiningOptions, ours: PostgresAccessGraphReader) => options.accessGraphReader ?? ours,
      inject: [ROLE_MINING_OPTIONS, PostgresAccessGraphReader],
    },
    {
      provide: RoleStore,
      useFactory: (options: RoleMiningOptions, ours: PostgresRoleStore) => options.roleStore ?? ours,
      inject: [ROLE_MINING_OPTIONS, PostgresRoleStore],
    },
    {
      provide: AssignmentStore,
      useFactory: (options: RoleMiningOptions, ours: PostgresAssignmentStore) => options.assignmentStore ?? ours,
      inject: [ROLE_MINING_OPTIONS, PostgresAssignmentStore],
    },
  ],
  exports: [
    JobsService,
    CandidatesService,
    CandidateDecisionsService,
    PatternsService,
    ExcessivePrivilegesService,
    ConsolidationService,
    ConsolidationDecisionsService,
    SuspectedGrantsService,
    ComparisonService,
    ReportsService,
    AccessGraphReader,
    RoleStore,
    AssignmentStore,
    SodRules,
    SodRulesService,
    SimulationsService,
    MetricsService,
    JobQueue,
  ],
})
export class RoleMiningModule extends ConfigurableModuleClass {}
