import { AccessGraphReader } from './access-graph.reader.js';
import type { AccessSnapshot } from './access-snapshot.js';
import {
  AccessSnapshotBuilder,
  type GraphEntitlement,
  type GraphRole,
  type GraphUser,
} from './access-snapshot-builder.js';

export interface InMemoryAccessGraph {
  readonly users: readonly GraphUser[];
  readonly entitlements: readonly GraphEntitlement[];
  readonly roles?: readonly GraphRole[];
}

/** A reader of graphs that are given as objects: for tests and examples. */
export class InMemoryAccessGraphReader extends AccessGraphReader {
  readonly #graphs = new Map<string, InMemoryAccessGraph>();

  setGraph(tenantId: string, graph: InMemoryAccessGraph): void {
    this.#graphs.set(tenantId, graph);
  }

  override readSnapshot(tenantId: string): Promise<AccessSnapshot> {
    const builder = new AccessSnapshotBuilder();
    const graph = this.#graphs.get(tenantId);
    graph?.users.forEach((user) => builder.addUser(user));
    graph?.entitlements.forEach((entitlement) => builder.addEntitlement(entitlement));
    graph?.roles?.forEach((role) => builder.addRole(role));
    return Promise.resolve(builder.build(new Date()));
  }
}
