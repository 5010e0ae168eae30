import type { ClaimedIndependence } from './claimed-certificate.js';
import type { HeldAccess } from './held-access.js';
import { pairText } from './messages.js';
import { RefusedError } from './verification.error.js';

/**
 * Checks that no two of the assignments fit into one role, so that each needs a role of its own. Two fit when each of the
 * two users holds the other's entitlement too.
 *
 * @returns how many there are: no role set that gives everything has fewer roles
 * @throws RefusedError naming an assignment that is not held, or two that fit into one role
 */
export function checkIndependence(access: HeldAccess, { edges }: ClaimedIndependence): number {
  // Two of one user, or of one entitlement, would fit into one role: there is at most one for each.
  const userByEntitlement = new Map<number, number>();
  const entitlementByUser = new Map<number, number>();
  const refuse = (user: number, entitlement: number, other: number, otherEntitlement: number): never => {
    const pair = pairText(access.users[user], access.entitlements[entitlement]);
    const otherPair = pairText(access.users[other], access.entitlements[otherEntitlement]);
    throw new RefusedError(`the certificate counts ${pair} and ${otherPair}, which fit into one role`);
  };
  for (const [userId, entitlementId] of edges) {
    const user = access.userNumbers.get(userId);
    const entitlement = access.entitlementNumbers.get(entitlementId);
    if (user === undefined || entitlement === undefined || !access.rows[user].has(entitlement)) {
      throw new RefusedError(`the certificate counts ${pairText(userId, entitlementId)}, which is not held`);
    }
    const otherUser = userByEntitlement.get(entitlement);
    if (otherUser !== undefined) refuse(user, entitlement, otherUser, entitlement);
    const otherEntitlement = entitlementByUser.get(user);
    if (otherEntitlement !== undefined) refuse(user, entitlement, user, otherEntitlement);
    userByEntitlement.set(entitlement, user);
    entitlementByUser.set(user, entitlement);
  }
  for (const [user, entitlement] of entitlementByUser) {
    for (const held of access.rows[user]) {
      const other = userByEntitlement.get(held);
      if (other === undefined || other === user || !access.rows[other].has(entitlement)) continue;
      refuse(user, entitlement, other, held);
    }
  }
  return edges.length;
}
