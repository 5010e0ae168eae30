/**
 * The smallest cover by stars: all edges of one user, or all of one permission, always form a biclique, so a minimum
 * vertex cover of the bipartite graph of the edges is a role set. By König's theorem it comes from a maximum matching
 * (Hopcroft & Karp, SIAM J. Comput. 1973). On dense matrices without structure nothing smaller is known.
 */
import type { EdgeComponent } from './edge-component.js';

/** Positions of edges in the component, one list per star; every edge is in at least one. O(edges · √vertices). */
export function coverByStars(component: EdgeComponent): Int32Array[] {
  const { users, permissions, userCount, permissionCount, userOffsets } = component;
  const partnerOfUser = new Int32Array(userCount).fill(-1);
  const partnerOfPermission = new Int32Array(permissionCount).fill(-1);
  const level = new Int32Array(userCount);
  const nextEdge = new Int32Array(userCount);
  const path = new Int32Array(userCount);

  while (layer()) {
    nextEdge.set(userOffsets.subarray(0, userCount));
    for (let user = 0; user < userCount; user++) if (partnerOfUser[user] < 0) augment(user);
  }

  // König: what alternating paths from unmatched users reach; the cover is the users not reached and the permissions reached.
  layer();
  const permissionReached = new Uint8Array(permissionCount);
  for (let at = 0; at < users.length; at++) if (level[users[at]] >= 0) permissionReached[permissions[at]] = 1;
  const starsOfUsers = Array.from({ length: userCount }, (): number[] => []);
  const starsOfPermissions = Array.from({ length: permissionCount }, (): number[] => []);
  for (let at = 0; at < users.length; at++) {
    if (level[users[at]] < 0) starsOfUsers[users[at]].push(at);
    if (permissionReached[permissions[at]]) starsOfPermissions[permissions[at]].push(at);
  }
  return [...starsOfUsers, ...starsOfPermissions]
    .filter((star) => star.length > 0)
    .map((star) => Int32Array.from(star));

  /** Breadth-first levels from the unmatched users; whether an unmatched permission was reached. */
  function layer(): boolean {
    const queue = new Int32Array(userCount);
    let tail = 0;
    let found = false;
    for (let user = 0; user < userCount; user++) {
      level[user] = partnerOfUser[user] < 0 ? 0 : -1;
      if (level[user] === 0) queue[tail++] = user;
    }
    for (let head = 0; head < tail; head++) {
      const user = queue[head];
      for (let at = userOffsets[user]; at < userOffsets[user + 1]; at++) {
        const partner = partnerOfPermission[permissions[at]];
        if (partner < 0) found = true;
        else if (level[partner] < 0) {
          level[partner] = level[user] + 1;
          queue[tail++] = partner;
        }
      }
    }
    return found;
  }

  /** Depth-first along the levels, without recursion: paths can be as long as there are users. */
  function augment(root: number): void {
    let depth = 0;
    path[0] = root;
    while (depth >= 0) {
      const user = path[depth];
      if (nextEdge[user] >= userOffsets[user + 1]) {
        depth--;
        if (depth >= 0) nextEdge[path[depth]]++;
        continue;
      }
      const partner = partnerOfPermission[permissions[nextEdge[user]]];
      if (partner < 0) {
        for (let k = depth; k >= 0; k--) {
          const permission = permissions[nextEdge[path[k]]];
          partnerOfPermission[permission] = path[k];
          partnerOfUser[path[k]] = permission;
        }
        return;
      }
      if (level[partner] === level[user] + 1) path[++depth] = partner;
      else nextEdge[user]++;
    }
  }
}
