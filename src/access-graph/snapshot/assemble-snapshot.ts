import { createHash, type Hash } from 'node:crypto';
import { type AccessSnapshot, type IntegerLists, listAt } from './access-snapshot.js';
import { sortedLists, transposed } from './integer-lists.js';

/** Completes a snapshot with what follows from its parts: effective access and the hash. */
export function assembleSnapshot(parts: Omit<AccessSnapshot, 'access' | 'hash'>): AccessSnapshot {
  const access = effectiveAccess(parts);
  return { ...parts, access, hash: hashOf(parts) };
}

/** Direct assignments and the entitlements of held roles. O(direct assignments + Σ over memberships of the role's size). */
function effectiveAccess({
  userIds,
  entitlementIds,
  directAccess,
  roles,
}: Pick<AccessSnapshot, 'userIds' | 'entitlementIds' | 'directAccess' | 'roles'>): IntegerLists {
  if (roles.members.values.length === 0) return directAccess;
  const rolesOfUser = transposed(roles.members, userIds.length);
  const held = new Int32Array(entitlementIds.length);
  const seenBy = new Int32Array(entitlementIds.length).fill(-1);
  let lookUp = 0;
  return sortedLists(userIds.length, entitlementIds.length, (user) => {
    const direct = listAt(directAccess, user);
    const roleList = listAt(rolesOfUser, user);
    if (roleList.length === 0) return direct;
    let count = 0;
    const mark = lookUp++;
    const add = (entitlement: number): void => {
      if (seenBy[entitlement] === mark) return;
      seenBy[entitlement] = mark;
      held[count++] = entitlement;
    };
    for (const entitlement of direct) add(entitlement);
    for (const role of roleList) for (const entitlement of listAt(roles.entitlements, role)) add(entitlement);
    return held.subarray(0, count);
  });
}

function hashOf(parts: Omit<AccessSnapshot, 'access' | 'hash'>): string {
  const hash = createHash('sha256');
  addWords(hash, parts.userIds);
  addWords(hash, parts.entitlementIds);
  addWords(hash, parts.entitlementNames);
  addWords(hash, parts.entitlementApplications);
  addLists(hash, parts.directAccess);
  for (const { name, values, valuesOfUser } of parts.attributes) {
    addWords(hash, [name]);
    addWords(hash, values);
    addLists(hash, valuesOfUser);
  }
  addWords(hash, parts.roles.ids);
  addWords(hash, parts.roles.names);
  addLists(hash, parts.roles.entitlements);
  addLists(hash, parts.roles.members);
  return hash.digest('hex');
}

/** JSON, in pieces: where a word ends cannot be mistaken, and no string grows with the tenant. */
function addWords(hash: Hash, words: readonly (string | null)[]): void {
  const piece = 4096;
  for (let at = 0; at < words.length; at += piece) hash.update(JSON.stringify(words.slice(at, at + piece)));
  hash.update(';');
}

function addLists(hash: Hash, { offsets, values }: IntegerLists): void {
  for (const { buffer, byteOffset, byteLength } of [offsets, values]) {
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
}
