import type { ClaimedResult, ClaimedRole } from './claimed-result.js';
import { checkHierarchy } from './check-hierarchy.js';
import type { HeldAccess } from './held-access.js';
import { pairText, quoted, repeated } from './messages.js';
import { RefusedError } from './verification.error.js';

/** What roles and direct assignments turned out to explain. */
export interface Explained {
  /** By role, in order: assignments that it explains and no role before it. */
  readonly newByRole: readonly number[];
  /** Explained by roles, in all. */
  readonly byRoles: number;
}

interface NumberedRole {
  readonly label: string;
  readonly users: readonly number[];
  readonly entitlements: readonly number[];
}

/**
 * Expands the roles and the direct assignments to pairs of user and entitlement: they must give every assignment that is
 * held and none that is not, the roles within the thresholds and with the confidence that they say.
 *
 * @throws RefusedError for the first thing that is wrong
 */
export function checkRoles(access: HeldAccess, { roles, direct, parameters }: ClaimedResult): Explained {
  const holders = holdersOf(access);
  const explained = access.rows.map(() => new Set<number>());
  let byRoles = 0;
  if (parameters.hierarchy) checkHierarchy(roles);
  const newByRole = roles.map((claimed, index) => {
    const role = numbered(access, claimed, `role ${index + 1}`, parameters.hierarchy);
    checkHeld(access, role);
    checkThresholds(access, holders, role, claimed.confidence, parameters);
    let found = 0;
    for (const user of role.users) {
      const before = explained[user].size;
      for (const entitlement of role.entitlements) explained[user].add(entitlement);
      found += explained[user].size - before;
    }
    byRoles += found;
    return found;
  });
  checkDirect(access, explained, direct, parameters.complete);
  for (const [user, row] of access.rows.entries()) {
    for (const entitlement of row) {
      if (!explained[user].has(entitlement)) {
        const pair = pairText(access.users[user], access.entitlements[entitlement]);
        throw new RefusedError(`${pair} is held, but neither a role nor a direct assignment gives it`);
      }
    }
  }
  return { newByRole, byRoles };
}

/** Adds them to what is explained. */
function checkDirect(
  access: HeldAccess,
  explained: readonly Set<number>[],
  direct: ClaimedResult['direct'],
  complete: boolean,
): void {
  if (complete && direct.length > 0) {
    throw new RefusedError(`the result is said to be complete, but has ${direct.length} direct assignments`);
  }
  const seen = access.rows.map(() => new Set<number>());
  for (const [userId, entitlementId] of direct) {
    const pair = pairText(userId, entitlementId);
    const user = numberIn(access.userNumbers, userId, 'a direct assignment', 'user');
    const entitlement = numberIn(access.entitlementNumbers, entitlementId, 'a direct assignment', 'entitlement');
    if (!access.rows[user].has(entitlement)) throw new RefusedError(`the direct assignment ${pair} is not held`);
    if (seen[user].has(entitlement)) throw new RefusedError(`the direct assignment ${pair} is listed twice`);
    if (explained[user].has(entitlement)) {
      throw new RefusedError(`the direct assignment ${pair} is given by a role already`);
    }
    seen[user].add(entitlement);
  }
  seen.forEach((row, user) => row.forEach((entitlement) => explained[user].add(entitlement)));
}

function numbered(
  access: HeldAccess,
  { users, entitlements }: ClaimedRole,
  label: string,
  mayBeGivenToNobody: boolean,
): NumberedRole {
  if (users.length === 0 && !mayBeGivenToNobody) throw new RefusedError(`${label} has no users`);
  if (entitlements.length === 0) throw new RefusedError(`${label} has no entitlements`);
  const role = {
    label,
    users: users.map((id) => numberIn(access.userNumbers, id, label, 'user')),
    entitlements: entitlements.map((id) => numberIn(access.entitlementNumbers, id, label, 'entitlement')),
  };
  const twice = repeated(users) ?? repeated(entitlements);
  if (twice !== null) throw new RefusedError(`${label} lists ${quoted(twice)} twice`);
  return role;
}

function numberIn(numbers: ReadonlyMap<string, number>, id: string, label: string, kind: string): number {
  const number = numbers.get(id);
  if (number === undefined)
    throw new RefusedError(`${label} names the ${kind} ${quoted(id)}, which the data do not have`);
  return number;
}

function checkHeld(access: HeldAccess, { label, users, entitlements }: NumberedRole): void {
  for (const user of users) {
    for (const entitlement of entitlements) {
      if (access.rows[user].has(entitlement)) continue;
      const pair = pairText(access.users[user], access.entitlements[entitlement]);
      throw new RefusedError(`${label} would give ${pair}, which is not held`);
    }
  }
}

/** Members, and the confidence: members ÷ (members + users who lack just the entitlement that most lack alone). */
function checkThresholds(
  access: HeldAccess,
  holders: readonly (readonly number[])[],
  { label, entitlements }: NumberedRole,
  claimedConfidence: number,
  { minUsers, minEntitlements, confidence: minConfidence }: ClaimedResult['parameters'],
): void {
  const lacking = new Map(entitlements.map((entitlement) => [entitlement, 0]));
  let members = 0;
  for (const user of possibleUsers(access, holders, entitlements)) {
    let missing: number | null = null;
    let missed = 0;
    for (const entitlement of entitlements) {
      if (access.rows[user].has(entitlement)) continue;
      missing = entitlement;
      if (++missed > 1) break;
    }
    if (missed === 0) members++;
    else if (missed === 1 && missing !== null) lacking.set(missing, (lacking.get(missing) ?? 0) + 1);
  }
  let mostLacking = 0;
  for (const count of lacking.values()) mostLacking = Math.max(mostLacking, count);
  const confidence = members / (members + mostLacking);
  if (Math.abs(confidence - claimedConfidence) > 1e-12) {
    throw new RefusedError(`${label} has a confidence of ${confidence}, not ${claimedConfidence}`);
  }
  if (members < minUsers) throw new RefusedError(`${label} has ${members} members, fewer than ${minUsers}`);
  if (entitlements.length < minEntitlements) {
    throw new RefusedError(`${label} has ${entitlements.length} entitlements, fewer than ${minEntitlements}`);
  }
  if (confidence < minConfidence) {
    throw new RefusedError(`${label} has a confidence of ${confidence}, less than ${minConfidence}`);
  }
}

/** All who may lack at most one of the entitlements: those who hold one of the two rarest, or everybody when there is one. */
function possibleUsers(
  access: HeldAccess,
  holders: readonly (readonly number[])[],
  entitlements: readonly number[],
): Iterable<number> {
  if (entitlements.length === 1) return access.rows.keys();
  const [rarest, second] = entitlements.toSorted((a, b) => holders[a].length - holders[b].length);
  return new Set([...holders[rarest], ...holders[second]]);
}

function holdersOf({ rows, entitlements }: HeldAccess): number[][] {
  const holders: number[][] = entitlements.map(() => []);
  rows.forEach((row, user) => row.forEach((entitlement) => holders[entitlement].push(user)));
  return holders;
}
