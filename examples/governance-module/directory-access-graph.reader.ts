import { Injectable } from '@nestjs/common';
import { AccessGraphReader, type AccessSnapshot, AccessSnapshotBuilder } from '../../src/index.js';
import { StaffDirectory } from './staff-directory.js';

/** Role mining's view of the directory: this is all that the other team has to write. */
@Injectable()
export class DirectoryAccessGraphReader extends AccessGraphReader {
  constructor(private readonly directory: StaffDirectory) {
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
    return builder.build(new Date());
  }
}
