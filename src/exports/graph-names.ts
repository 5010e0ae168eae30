import type { EntityManager } from 'typeorm';

/** Ids of objects of the access graph; null stands for none. */
export interface GraphReferences {
  readonly users?: readonly string[];
  readonly entitlements?: readonly string[];
  readonly roles?: readonly (string | null)[];
}

type Kind = keyof GraphReferences;

/** What people know them by: users and entitlements the id that they were imported with, roles their name. */
const NAMED_BY: Readonly<Record<Kind, readonly [table: string, column: string]>> = {
  users: ['access_user', 'external_id'],
  entitlements: ['access_entitlement', 'external_id'],
  roles: ['access_role', 'name'],
};
const KINDS = Object.keys(NAMED_BY) as Kind[];

/** The names of some objects of the access graph. What has gone from it, or never was in our tables, has none. */
export class GraphNames {
  private constructor(private readonly names: Readonly<Record<Kind, ReadonlyMap<string, string>>>) {}

  /** Reads the names of everything that the references name: a statement for each kind. */
  static async read(
    manager: EntityManager,
    tenantId: string,
    references: readonly GraphReferences[],
  ): Promise<GraphNames> {
    const names = {
      users: new Map<string, string>(),
      entitlements: new Map<string, string>(),
      roles: new Map<string, string>(),
    };
    for (const kind of KINDS) {
      const ids = [...new Set(references.flatMap((reference) => reference[kind] ?? []))].filter((id) => id !== null);
      if (ids.length === 0) continue;
      const [table, column] = NAMED_BY[kind];
      const rows = await manager.query<{ id: string; name: string }[]>(
        // OFFSET keeps the planner to the key: without fresh statistics it would read all users of the tenant for each page
        // (26 ms instead of 5 for 1,000 of 100,000).
        `SELECT id, name FROM unnest($2::uuid[]) AS wanted (id), LATERAL (
           SELECT ${column} AS name FROM ${table} WHERE tenant_id = $1 AND ${table}.id = wanted.id OFFSET 0) AS named`,
        [tenantId, ids],
      );
      for (const { id, name } of rows) names[kind].set(id, name);
    }
    return new GraphNames(names);
  }

  user(id: string): string | null {
    return this.names.users.get(id) ?? null;
  }

  entitlement(id: string): string | null {
    return this.names.entitlements.get(id) ?? null;
  }

  role(id: string | null): string | null {
    return (id !== null && this.names.roles.get(id)) || null;
  }

  /** One for each id; the id itself where there is no name, so that none is overlooked. */
  users(ids: readonly string[]): string[] {
    return ids.map((id) => this.names.users.get(id) ?? id);
  }

  /** The same. */
  entitlements(ids: readonly string[]): string[] {
    return ids.map((id) => this.names.entitlements.get(id) ?? id);
  }
}
