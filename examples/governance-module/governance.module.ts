import { type DynamicModule, Module } from '@nestjs/common';
import {
  type Config,
  FoundationModule,
  type OpenDatabase,
  RoleMiningModule,
  type RoleMiningOptions,
} from '../../src/index.js';
import { DirectoryAccessGraphReader } from './directory-access-graph.reader.js';
import { DirectoryRoleStore } from './directory-role.store.js';
import { DirectoryModule } from './directory.module.js';
import { RoleAnnouncements } from './role-announcements.js';
import { RoleProposals } from './role-proposals.service.js';

/** The other team's application, with role mining as a part of it that reads their directory and makes roles in it. */
@Module({})
export class GovernanceModule {
  static forRoot(config: Config, database: OpenDatabase): DynamicModule {
    return {
      module: GovernanceModule,
      imports: [
        FoundationModule.forRoot(config, database),
        DirectoryModule,
        RoleMiningModule.forRootAsync({
          imports: [DirectoryModule],
          inject: [DirectoryAccessGraphReader, DirectoryRoleStore],
          useFactory: (accessGraphReader: DirectoryAccessGraphReader, roleStore: DirectoryRoleStore) =>
            ({ accessGraphReader, roleStore }) satisfies RoleMiningOptions,
        }),
      ],
      providers: [RoleProposals, RoleAnnouncements],
    };
  }
}
