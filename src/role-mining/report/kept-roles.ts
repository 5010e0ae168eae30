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
 * Found again as those that explain most of what the candidates leave over; a role is given to whoever holds all of it and has
 * two or more entitlements from it that nothing else explains. Each is measured twice, at first and when its turn comes: measuring
 * all of them again after each choice took a minute on 100,000 users.
 *
 * O(Σ over existing roles of what the holders of the rarest entitlement hold).
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
    const lists = Array.from(entitlements, (entitlement) => listAt(holders, entitlement));
    return lists.reduce((rarest, list) => (list.length < rarest.length ? list : rarest), lists[0] ?? new Int32Array(0));
  };

  const byGain = roles.ids
    .map((_, role) => ({ role, gain: measure(role).gain }))
    .filter(({ gain }) => gain > 0)
    .sort((a, b) => b.gain - a.gain);
  const kept: KeptRole[] = [];
  for (const { role } of byGain) {
    if (kept.length === count) break;
    const { users } = measure(role);
    if (users.length === 0) continue;
    const entitlements = listAt(roles.entitlements, role);
    for (const user of users) for (const at of placesOf(snapshot, user, entitlements)) isExplained[at] = 1;
    kept.push({ role, entitlements, users: Int32Array.from(users) });
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
