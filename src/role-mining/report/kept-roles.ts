import { type AccessSnapshot, listAt } from '../../access-graph/snapshot/access-snapshot.js';
import { transposed } from '../../access-graph/snapshot/integer-lists.js';
import type { MatrixRole } from '../../report/matrix/arrange-matrix.js';

/** An existing role that the proposal keeps, and whom it is given to. */
export interface KeptRole extends MatrixRole {
  /** Position among the snapshot's roles. */
  readonly role: number;
}

/**
 * Existing roles that a proposal keeps as they are. A job stores how many there are, and not which: candidates are what is new.
 * Found again as those that explain most of what the candidates leave over, one after the other; a role is given to whoever
 * holds all of it and has two or more entitlements from it that nothing else explains.
 *
 * O(for each role and round, the holders of its rarest entitlement); gains only shrink, so that only the best is counted again.
 */
export function findKeptRoles(snapshot: AccessSnapshot, proposed: readonly MatrixRole[], count: number): KeptRole[] {
  if (count <= 0) return [];
  const { access, roles } = snapshot;
  const isExplained = new Uint8Array(access.values.length);
  for (const { entitlements, users } of proposed) {
    for (const user of users) for (const at of placesOf(snapshot, user, entitlements)) isExplained[at] = 1;
  }
  const holders = transposed(access, snapshot.entitlementIds.length);

  const measure = (role: number): { gain: number; users: number[] } => {
    const entitlements = listAt(roles.entitlements, role);
    const users: number[] = [];
    let gain = 0;
    for (const user of rarestHolders(entitlements)) {
      const places = placesOf(snapshot, user, entitlements);
      if (places.length < entitlements.length) continue;
      const added = places.reduce((sum, at) => sum + 1 - isExplained[at], 0);
      if (added < 2) continue;
      gain += added;
      users.push(user);
    }
    return { gain, users };
  };
  const rarestHolders = (entitlements: Int32Array): Int32Array => {
    let rarest = new Int32Array(0);
    for (const [index, entitlement] of entitlements.entries()) {
      const own = listAt(holders, entitlement);
      if (index === 0 || own.length < rarest.length) rarest = Int32Array.from(own);
    }
    return rarest;
  };

  const open = roles.ids.map((_, role) => ({ role, gain: measure(role).gain })).sort((a, b) => b.gain - a.gain);
  const kept: KeptRole[] = [];
  while (open.length > 0 && kept.length < count && open[0].gain > 0) {
    const [best] = open;
    const { gain, users } = measure(best.role);
    if (gain < best.gain) {
      best.gain = gain;
      open.sort((a, b) => b.gain - a.gain);
      continue;
    }
    open.shift();
    const entitlements = listAt(roles.entitlements, best.role);
    for (const user of users) for (const at of placesOf(snapshot, user, entitlements)) isExplained[at] = 1;
    kept.push({ role: best.role, entitlements, users: Int32Array.from(users) });
  }
  return kept;
}

/** Where in `access.values` the user holds each of the entitlements (ascending), as far as it does. */
function placesOf({ access }: AccessSnapshot, user: number, entitlements: Int32Array): number[] {
  const places: number[] = [];
  let at = access.offsets[user];
  const end = access.offsets[user + 1];
  for (const entitlement of entitlements) {
    while (at < end && access.values[at] < entitlement) at++;
    if (at < end && access.values[at] === entitlement) places.push(at);
  }
  return places;
}
