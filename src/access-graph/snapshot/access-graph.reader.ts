import type { AccessSnapshot } from './access-snapshot.js';

/**
 * Where mining reads who holds what. By default our own tables (`PostgresAccessGraphReader`); a governance module that
 * keeps its graph elsewhere gives its own to `RoleMiningModule.forRoot({ accessGraphReader })` and builds the answer with
 * `AccessSnapshotBuilder`.
 */
export abstract class AccessGraphReader {
  /**
   * The tenant's graph at one instant, whatever is written meanwhile. Empty for a tenant that nothing is known of.
   *
   * @param signal aborted when nobody wants the answer any more: a reader that takes long should then reject
   */
  abstract readSnapshot(tenantId: string, signal?: AbortSignal): Promise<AccessSnapshot>;
}
