import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessGraphReader } from '../access-graph/snapshot/access-graph.reader.js';
import { PostgresAccessGraphReader } from '../access-graph/snapshot/postgres-access-graph.reader.js';
import { Config } from '../config/config.js';
import { MiningThreadsModule } from '../mining-threads/mining-threads.module.js';
import { RoleCandidate } from './candidates/candidate.entity.js';
import { CandidatesService } from './candidates/candidates.service.js';
import { CandidatesStore } from './candidates/candidates.store.js';
import { ConsolidationSuggestion } from './consolidation/consolidation-suggestion.entity.js';
import { ConsolidationSuggestionsStore } from './consolidation/consolidation-suggestions.store.js';
import { ConsolidationService } from './consolidation/consolidation.service.js';
import { ExcessivePrivilege } from './excessive-privileges/excessive-privilege.entity.js';
import { ExcessivePrivilegesService } from './excessive-privileges/excessive-privileges.service.js';
import { ExcessivePrivilegesStore } from './excessive-privileges/excessive-privileges.store.js';
import { JobClaims } from './execution/job-claims.js';
import { LostJobs } from './execution/lost-jobs.js';
import { MiningRunner } from './execution/mining-runner.js';
import { PgBossJobQueue } from './execution/pg-boss-job-queue.js';
import { QueueConnection } from './execution/queue-connection.js';
import { JobQueue } from './jobs/job-queue.js';
import { MiningJob } from './jobs/job.entity.js';
import { JobsService } from './jobs/jobs.service.js';
import { MiningResultsReader } from './jobs/mining-results.reader.js';
import { AccessPattern } from './patterns/pattern.entity.js';
import { PatternsService } from './patterns/patterns.service.js';
import { PatternsStore } from './patterns/patterns.store.js';
import { SuspectedGrant } from './suspected-grants/suspected-grant.entity.js';
import { SuspectedGrantsService } from './suspected-grants/suspected-grants.service.js';
import { SuspectedGrantsStore } from './suspected-grants/suspected-grants.store.js';
import {
  ConfigurableModuleClass,
  ROLE_MINING_OPTIONS,
  type RoleMiningOptions,
} from './role-mining.module-definition.js';

/**
 * Role mining as a part of a governance application: `RoleMiningModule.forRoot({ accessGraphReader })` or
 * `forRootAsync`. Needs the config, database and auth modules beside it; exports the services to act through.
 */
@Module({
  imports: [
    TypeOrmModule.forFeature([
      MiningJob,
      RoleCandidate,
      AccessPattern,
      ExcessivePrivilege,
      ConsolidationSuggestion,
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
    CandidatesService,
    CandidatesStore,
    PatternsService,
    PatternsStore,
    ExcessivePrivilegesService,
    ExcessivePrivilegesStore,
    ConsolidationService,
    ConsolidationSuggestionsStore,
    SuspectedGrantsService,
    SuspectedGrantsStore,
    QueueConnection,
    JobClaims,
    LostJobs,
    MiningRunner,
    PostgresAccessGraphReader,
    { provide: JobQueue, useClass: PgBossJobQueue },
    {
      provide: AccessGraphReader,
      useFactory: (options: RoleMiningOptions, ours: PostgresAccessGraphReader) => options.accessGraphReader ?? ours,
      inject: [ROLE_MINING_OPTIONS, PostgresAccessGraphReader],
    },
  ],
  exports: [
    JobsService,
    CandidatesService,
    PatternsService,
    ExcessivePrivilegesService,
    ConsolidationService,
    SuspectedGrantsService,
    AccessGraphReader,
    JobQueue,
  ],
})
export class RoleMiningModule extends ConfigurableModuleClass {}
