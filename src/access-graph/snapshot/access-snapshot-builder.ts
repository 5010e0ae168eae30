import type { AccessSnapshot } from './access-snapshot.js';
import { assembleSnapshot } from './assemble-snapshot.js';
import { AttributeColumns, type UserAttributes } from './attribute-columns.js';
import { sortedLists } from './integer-lists.js';

export interface GraphUser {
  /** UUID. */
  readonly id: string;
  readonly attributes?: UserAttributes;
  /** UUIDs of the entitlements that are assigned directly. */
  readonly entitlementIds: Iterable<string>;
}

export interface GraphEntitlement {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  readonly application?: string | null;
}

export interface GraphRole {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  readonly entitlementIds: Iterable<string>;
  readonly memberIds: Iterable<string>;
}

/**
 * Makes a snapshot of a graph that is at hand as objects. Additions may come in any order, users before their
 * entitlements too; the snapshot is in the order of the ids.
 */
export class AccessSnapshotBuilder {
  readonly #users = new Map<string, GraphUser>();
  readonly #entitlements = new Map<string, GraphEntitlement>();
  readonly #roles = new Map<string, GraphRole>();

  addUser(user: GraphUser): this {
    return put(this.#users, user, 'user', this);
  }

  addEntitlement(entitlement: GraphEntitlement): this {
    return put(this.#entitlements, entitlement, 'entitlement', this);
  }

  addRole(role: GraphRole): this {
    return put(this.#roles, role, 'role', this);
  }

  /** @throws RangeError naming a user or an entitlement that somebody refers to and nobody has added */
  build(takenAt: Date): AccessSnapshot {
    const users = sortedById(this.#users);
    const entitlements = sortedById(this.#entitlements);
    const roles = sortedById(this.#roles);
    const indexOfUser = indexOf(users, 'user');
    const indexOfEntitlement = indexOf(entitlements, 'entitlement');
    const attributes = new AttributeColumns();
    for (const user of users) attributes.addUser(user.attributes ?? {});
    return assembleSnapshot({
      takenAt,
      userIds: users.map(({ id }) => id.toLowerCase()),
      entitlementIds: entitlements.map(({ id }) => id.toLowerCase()),
      entitlementNames: entitlements.map(({ name }) => name),
      entitlementApplications: entitlements.map(({ application }) => application ?? null),
      directAccess: sortedLists(users.length, entitlements.length, (user) =>
        Int32Array.from(users[user].entitlementIds, indexOfEntitlement),
      ),
      attributes: attributes.toAttributes(),
      roles: {
        ids: roles.map(({ id }) => id.toLowerCase()),
        names: roles.map(({ name }) => name),
        entitlements: sortedLists(roles.length, entitlements.length, (role) =>
          Int32Array.from(roles[role].entitlementIds, indexOfEntitlement),
        ),
        members: sortedLists(roles.length, users.length, (role) => Int32Array.from(roles[role].memberIds, indexOfUser)),
      },
    });
  }
}

function put<T extends { id: string }, Builder>(to: Map<string, T>, item: T, what: string, builder: Builder): Builder {
  const id = item.id.toLowerCase();
  if (to.has(id)) throw new RangeError(`${what} ${id} was added before`);
  to.set(id, item);
  return builder;
}

function sortedById<T>(items: ReadonlyMap<string, T>): T[] {
  return [...items.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function indexOf(items: readonly { id: string }[], what: string): (id: string) => number {
  const indexes = new Map(items.map(({ id }, index) => [id.toLowerCase(), index]));
  return (id) => {
    const index = indexes.get(id.toLowerCase());
    if (index === undefined) throw new RangeError(`${what} ${id} is referred to and was not added`);
    return index;
  };
}
