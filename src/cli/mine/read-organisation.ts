import type { AccessFile } from '../../access-files/access-file.js';
import { readAssignments } from '../../access-files/read-assignments.js';
import { readUsers } from '../../access-files/read-users.js';
import {
  accessMatrixFromRows,
  type AccessMatrix,
  type IntegerLists,
  type Organisation,
  type UserAttribute,
} from '../../engine/index.js';
import { IntegerList } from './integer-list.js';
import { StringIds } from './string-ids.js';

/** What a file says, with the ids of the file for the integers of the engine. */
export interface FileOrganisation {
  readonly organisation: Organisation;
  readonly userIds: readonly string[];
  readonly entitlementIds: readonly string[];
}

/**
 * Reads an organisation for the engine: users and entitlements are numbered in the order in which they come. Entitlements
 * have no names but their ids, and there are no existing roles.
 *
 * @param users attributes of users, which may name more users than the assignments do
 * @throws AccessFileError naming file and line
 */
export async function readOrganisation(assignments: AccessFile, users: AccessFile | null): Promise<FileOrganisation> {
  const userIds = new StringIds();
  const entitlementIds = new StringIds();
  const pairUsers = new IntegerList();
  const pairEntitlements = new IntegerList();
  for await (const rows of readAssignments(assignments)) {
    for (const { user, entitlement } of rows) {
      pairUsers.push(userIds.of(user));
      pairEntitlements.push(entitlementIds.of(entitlement));
    }
  }
  const attributes = users === null ? [] : await readAttributes(users, userIds);
  const userCount = userIds.strings.length;
  const entitlementCount = entitlementIds.strings.length;
  const noRoles: IntegerLists = { offsets: new Int32Array(1), values: new Int32Array(0) };
  return {
    organisation: {
      matrix: matrixOf(userCount, entitlementCount, pairUsers.toArray(), pairEntitlements.toArray()),
      entitlementNames: entitlementIds.strings,
      entitlementApplications: entitlementIds.strings.map(() => null),
      attributes: attributes.map((attribute) => attribute.finish(userCount)),
      existingRoles: { count: 0, names: [], entitlements: noRoles, members: noRoles },
    },
    userIds: userIds.strings,
    entitlementIds: entitlementIds.strings,
  };
}

/** Pairs in any order, repeats included, into rows by counting. */
function matrixOf(
  userCount: number,
  entitlementCount: number,
  users: Int32Array,
  entitlements: Int32Array,
): AccessMatrix {
  const rowOffsets = new Int32Array(userCount + 1);
  for (const user of users) rowOffsets[user + 1]++;
  for (let user = 0; user < userCount; user++) rowOffsets[user + 1] += rowOffsets[user];
  const rowColumns = new Int32Array(users.length);
  const next = rowOffsets.slice(0, userCount);
  users.forEach((user, pair) => (rowColumns[next[user]++] = entitlements[pair]));
  return accessMatrixFromRows(userCount, entitlementCount, rowOffsets, rowColumns);
}

async function readAttributes(file: AccessFile, userIds: StringIds): Promise<AttributeBuilder[]> {
  const builders = new Map<string, AttributeBuilder>();
  for await (const rows of readUsers(file)) {
    for (const row of rows) {
      const user = userIds.of(row.user);
      for (const [name, values] of row.attributes) {
        let builder = builders.get(name);
        if (builder === undefined) builders.set(name, (builder = new AttributeBuilder(name)));
        builder.set(user, values);
      }
    }
  }
  return [...builders.values()];
}

/** One attribute while its file is read, in a few bytes a user. Of a user that comes twice the last row counts. */
class AttributeBuilder {
  private readonly valueIds = new StringIds();
  private readonly read = new IntegerList();
  /** Where the values of a user begin in `read`, and where they end; undefined where there are none. */
  private readonly starts: (number | undefined)[] = [];
  private readonly ends: number[] = [];

  constructor(private readonly name: string) {}

  set(user: number, values: readonly string[]): void {
    this.starts[user] = this.read.length;
    for (const value of values.map((text) => this.valueIds.of(text)).sort((a, b) => a - b)) this.read.push(value);
    this.ends[user] = this.read.length;
  }

  finish(userCount: number): UserAttribute {
    const read = this.read.toArray();
    const offsets = new Int32Array(userCount + 1);
    const values = new IntegerList();
    for (let user = 0; user < userCount; user++) {
      const start = this.starts[user];
      if (start !== undefined) for (const value of read.subarray(start, this.ends[user])) values.push(value);
      offsets[user + 1] = values.length;
    }
    return { name: this.name, values: this.valueIds.strings, valuesOfUser: { offsets, values: values.toArray() } };
  }
}
