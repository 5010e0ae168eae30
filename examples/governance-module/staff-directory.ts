import { Injectable } from '@nestjs/common';
import { stableUuid } from '../../src/index.js';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly grantIds: readonly string[];
}

export interface Grant {
  readonly id: string;
  readonly name: string;
  readonly system: string;
}

const GRANTS = [
  { name: 'Read patient file', system: 'Ward' },
  { name: 'Write patient file', system: 'Ward' },
  { name: 'Plan shifts', system: 'Roster' },
  { name: 'Dispense drugs', system: 'Pharmacy' },
  { name: 'Order drugs', system: 'Pharmacy' },
  { name: 'Mailbox', system: 'Office' },
] as const;
type GrantName = (typeof GRANTS)[number]['name'];

const GRANTS_OF_DEPARTMENT: Readonly<Record<string, readonly GrantName[]>> = {
  Nursing: ['Read patient file', 'Write patient file', 'Plan shifts', 'Mailbox'],
  Pharmacy: ['Dispense drugs', 'Order drugs', 'Read patient file', 'Mailbox'],
};

/** Where the other team keeps who holds what. In their application a client of an HR system; here one hospital. */
@Injectable()
export class StaffDirectory {
  grants(tenantId: string): Promise<Grant[]> {
    return Promise.resolve(GRANTS.map((grant) => ({ ...grant, id: grantId(tenantId, grant.name) })));
  }

  people(tenantId: string): Promise<Person[]> {
    return Promise.resolve(
      Object.entries(GRANTS_OF_DEPARTMENT).flatMap(([department, grants]) =>
        Array.from({ length: 6 }, (_, number) => ({
          id: stableUuid(tenantId, 'person', department, String(number)),
          name: `${department} ${number + 1}`,
          department,
          grantIds: grants.map((name) => grantId(tenantId, name)),
        })),
      ),
    );
  }
}

/** This directory has names for ids; role mining wants UUIDs, the same ones every time. */
function grantId(tenantId: string, name: GrantName): string {
  return stableUuid(tenantId, 'grant', name);
}
