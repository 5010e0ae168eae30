import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccessGraphReader, type AccessSnapshot, AccessSnapshotBuilder } from '../../src/index.js';
import { DirectoryRoleStore } from './directory-role.store.js';
import { StaffDirectory } from './staff-directory.js';

/** Role mining's view of the directory: who holds what, and the roles that there are. */
@Injectable()
export class DirectoryAccessGraphReader extends AccessGraphReader {
  constructor(
    private readonly directory: StaffDirectory,
    private readonly roles: DirectoryRoleStore,
    private readonly dataSource: DataSource,
  ) {
    super();
  }

  override async readSnapshot(tenantId: string): Promise<AccessSnapshot> {
    const builder = new AccessSnapshotBuilder();
    for (const { id, name, system } of await this.directory.grants(tenantId)) {
      builder.addEntitlement({ id, name, application: system });
    }
    for (const { id, department, grantIds } of await this.directory.people(tenantId)) {
      builder.addUser({ id, attributes: { department }, entitlementIds: grantIds });
    }
    for (const role of await this.roles.listRoles(this.dataSource.manager, tenantId)) builder.addRole(role);
    return builder.build(new Date());
  }
}
