import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessRules, NO_ACCESS_RULES } from './import/access-rules.js';
import { AccessGraphService } from './import/access-graph.service.js';
import { ImportBodies } from './import/http/import-bodies.js';
import { AccessImport } from './import/import.entity.js';
import { ImportsController } from './import/imports.controller.js';
import { EntitlementsController } from './look-ups/entitlements.controller.js';
import { EntitlementsService } from './look-ups/entitlements.service.js';
import { RolesController } from './look-ups/roles.controller.js';
import { RolesService } from './look-ups/roles.service.js';
import { SummaryController } from './look-ups/summary.controller.js';
import { SummaryService } from './look-ups/summary.service.js';
import { UsersController } from './look-ups/users.controller.js';
import { UsersService } from './look-ups/users.service.js';
import { PostgresAccessGraphReader } from './snapshot/postgres-access-graph.reader.js';
import { PostgresAssignmentStore } from './stores/postgres-assignment.store.js';
import { PostgresRoleStore } from './stores/postgres-role.store.js';

export interface AccessGraphParts {
  readonly serveApi?: boolean;
  readonly accessRules?: AccessRules;
}

/** The access graph in our own tables: import, look-ups, and what mining and decisions read and write it through. */
@Module({
  imports: [TypeOrmModule.forFeature([AccessImport])],
  providers: [AccessGraphService, PostgresAccessGraphReader, PostgresRoleStore, PostgresAssignmentStore],
  exports: [AccessGraphService, PostgresAccessGraphReader, PostgresRoleStore, PostgresAssignmentStore],
})
export class AccessGraphModule {
  /**
   * @param parts.serveApi false leaves out the routes: for a worker, or where the graph is kept elsewhere
   * @param parts.accessRules what imports report on
   */
  static forRoot({ serveApi = true, accessRules = NO_ACCESS_RULES }: AccessGraphParts = {}): DynamicModule {
    const rules = { provide: AccessRules, useValue: accessRules };
    if (!serveApi) return { module: AccessGraphModule, providers: [rules] };
    return {
      module: AccessGraphModule,
      controllers: [ImportsController, UsersController, EntitlementsController, RolesController, SummaryController],
      providers: [rules, ImportBodies, UsersService, EntitlementsService, RolesService, SummaryService],
    };
  }
}
