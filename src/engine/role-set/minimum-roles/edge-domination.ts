/**
 * Full edge domination to a fixpoint (Ene et al., SACMAT 2008), without an edge × edge matrix. An edge dominates
 * another when everything compatible with it is compatible with the other: any role that takes in the dominator can
 * take in the dominated edge too. For edge e, let UU be the users who hold the permissions of all surviving edges
 * compatible with e, and PP the permissions that all users of those edges hold: the surviving edges within UU × PP are
 * exactly what e dominates.
 */
import { lowestBit } from './bits.js';
import { holdersByPermission, type EdgeComponent } from './edge-component.js';
import type { SearchBudget } from './search-budget.js';

/** What is left over when it is used up stays in the kernel: larger, never wrong (about 1 s in all components). */
const WORK_LIMIT = 500_000_000;

/**
 * Removes dominated edges of the component until none is left (or the work limit is reached), writing the dominator
 * of each into `dominators`. A dominator may itself be dominated later: chains end at a surviving edge.
 *
 * @returns ids of the surviving edges, ascending
 */
export function dominateEdges(component: EdgeComponent, dominators: Int32Array, budget: SearchBudget): Int32Array {
  const { edges, users, permissions, userCount, userOffsets, words, held } = component;
  budget.pass(held.length);
  const { offsets: holderOffsets, holders } = holdersByPermission(component);
  budget.pass(holders.length);
  const holds = (user: number, permission: number): boolean =>
    ((held[user * words + (permission >>> 5)] >>> (permission & 31)) & 1) !== 0;

  const alive = Int32Array.from(edges, (_, at) => at); // per user, the surviving edges first
  const slotOf = alive.slice();
  const aliveCount = new Int32Array(userCount);
  for (let user = 0; user < userCount; user++) aliveCount[user] = userOffsets[user + 1] - userOffsets[user];
  const removed = new Uint8Array(edges.length);
  const queued = new Uint8Array(edges.length).fill(1);
  const queue = alive.slice();
  const permissionSeen = new Int32Array(component.permissionCount).fill(-1);
  const commonUsers = new Int32Array(userCount);
  const commonPermissions = new Int32Array(component.permissionCount);
  const workLimit = budget.work + WORK_LIMIT;

  const remove = (edge: number): void => {
    removed[edge] = 1;
    const user = users[edge];
    const last = userOffsets[user] + --aliveCount[user];
    const moved = alive[last];
    alive[slotOf[edge]] = moved;
    slotOf[moved] = slotOf[edge];
    alive[last] = edge;
    slotOf[edge] = last;
  };

  let queueLength = queue.length;
  let head = 0;
  const requeueCompatible = (edge: number): void => {
    const user = users[edge];
    const permission = permissions[edge];
    for (let at = holderOffsets[permission]; at < holderOffsets[permission + 1]; at++) {
      const holder = holders[at];
      const end = userOffsets[holder] + aliveCount[holder];
      budget.spend(3 * (aliveCount[holder] + 1));
      for (let slot = userOffsets[holder]; slot < end; slot++) {
        const other = alive[slot];
        if (queued[other] || !holds(user, permissions[other])) continue;
        queued[other] = 1;
        queue[(head + queueLength++) % queue.length] = other;
      }
    }
  };

  for (let sequence = 0; queueLength > 0; sequence++) {
    const edge = queue[head];
    head = (head + 1) % queue.length;
    queueLength--;
    queued[edge] = 0;
    if (removed[edge]) continue;
    const user = users[edge];
    const permission = permissions[edge];

    let userTotal = 0;
    for (let at = holderOffsets[permission]; at < holderOffsets[permission + 1]; at++) {
      if (aliveCount[holders[at]] > 0) commonUsers[userTotal++] = holders[at];
    }
    let permissionTotal = 0;
    for (let word = 0; word < words; word++) {
      for (let bits = held[user * words + word]; bits !== 0; bits &= bits - 1) {
        commonPermissions[permissionTotal++] = word * 32 + lowestBit(bits);
      }
    }
    let work = userTotal + permissionTotal;
    for (let at = holderOffsets[permission]; at < holderOffsets[permission + 1]; at++) {
      if (userTotal === 1 && permissionTotal === 1) break;
      const holder = holders[at];
      let compatible = false;
      const end = userOffsets[holder] + aliveCount[holder];
      for (let slot = userOffsets[holder]; slot < end; slot++) {
        const other = permissions[alive[slot]];
        if (!holds(user, other)) continue;
        compatible = true;
        if (permissionSeen[other] === sequence || userTotal === 1) continue;
        permissionSeen[other] = sequence;
        work += userTotal;
        let kept = 0;
        for (let k = 0; k < userTotal; k++) if (holds(commonUsers[k], other)) commonUsers[kept++] = commonUsers[k];
        userTotal = kept;
      }
      work += aliveCount[holder] + 1;
      if (!compatible || permissionTotal === 1) continue;
      work += permissionTotal;
      let kept = 0;
      for (let k = 0; k < permissionTotal; k++) {
        if (holds(holder, commonPermissions[k])) commonPermissions[kept++] = commonPermissions[k];
      }
      permissionTotal = kept;
    }

    budget.spend(3 * work);
    if (userTotal > 1 || permissionTotal > 1) {
      sequence++;
      for (let k = 0; k < permissionTotal; k++) permissionSeen[commonPermissions[k]] = sequence;
      for (let k = 0; k < userTotal; k++) {
        const holder = commonUsers[k];
        for (let slot = userOffsets[holder] + aliveCount[holder] - 1; slot >= userOffsets[holder]; slot--) {
          const other = alive[slot];
          if (other === edge || permissionSeen[permissions[other]] !== sequence) continue;
          remove(other);
          dominators[edges[other]] = edges[edge];
          requeueCompatible(other);
        }
      }
    }
    if (budget.cancelled || budget.work > workLimit) break;
  }
  return edges.filter((_, at) => !removed[at]);
}
