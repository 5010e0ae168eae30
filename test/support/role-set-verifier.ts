/**
 * Checks what the engine says against the file that it was given, with nothing of the engine's own: its own parser, its
 * own expansion of roles, its own counts, on the ids of the file. Slow and plain on purpose. Every check that fails is
 * one sentence; no sentences mean that all is right.
 */

/** Who holds what. */
export type HeldAccess = ReadonlyMap<string, ReadonlySet<string>>;

export interface ClaimedRole {
  readonly entitlements: readonly string[];
  readonly users: readonly string[];
  readonly members: readonly string[];
  readonly confidence: number;
}

export interface ClaimedRoleSet {
  readonly roles: readonly ClaimedRole[];
  readonly direct: readonly (readonly [user: string, entitlement: string])[];
  readonly metrics: {
    readonly roleCount: number;
    readonly userAssignments: number;
    readonly permissionAssignments: number;
    readonly directAssignments: number;
    readonly wsc: number;
    readonly coverage: number;
  };
}

export interface RoleThresholds {
  readonly minUsers: number;
  readonly minEntitlements: number;
  readonly confidence: number;
  /** No direct assignments. */
  readonly complete: boolean;
}

export interface ClaimedPattern {
  readonly entitlements: readonly string[];
  readonly userCount: number;
  readonly exactUserCount: number;
  readonly sampleUsers: readonly string[];
}

/** Lines of a user and an entitlement with white space between them. */
export function parseHeldAccess(text: string): HeldAccess {
  const access = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [user, entitlement] = line.trim().split(/\s+/);
    if (entitlement === undefined) continue;
    const held = access.get(user);
    if (held) held.add(entitlement);
    else access.set(user, new Set([entitlement]));
  }
  return access;
}

export function verifyRoleSet(
  access: HeldAccess,
  { roles, direct, metrics }: ClaimedRoleSet,
  wanted: RoleThresholds,
): string[] {
  const faults: string[] = [];
  const explained = new Set<string>();
  for (const [index, role] of roles.entries()) {
    faults.push(...verifyRole(access, role, wanted).map((fault) => `role ${index}: ${fault}`));
    for (const user of role.users) for (const entitlement of role.entitlements) explained.add(pair(user, entitlement));
  }
  const assignments = [...access].flatMap(([user, held]) => [...held].map((entitlement) => pair(user, entitlement)));
  const unexplained = assignments.filter((assignment) => !explained.has(assignment));
  const claimedDirect = direct.map(([user, entitlement]) => pair(user, entitlement));
  if (new Set(claimedDirect).size !== claimedDirect.length) faults.push('a direct assignment is listed twice');
  if (!sameElements(unexplained, claimedDirect)) {
    faults.push(
      `${unexplained.length} assignments are explained by no role, ${claimedDirect.length} are listed as direct`,
    );
  }
  if (wanted.complete && unexplained.length > 0) faults.push(`complete, but ${unexplained.length} stay direct`);

  const sum = (of: (role: ClaimedRole) => number): number => roles.reduce((total, role) => total + of(role), 0);
  const userAssignments = sum(({ users }) => users.length);
  const permissionAssignments = sum(({ entitlements }) => entitlements.length);
  const counted = {
    roleCount: roles.length,
    userAssignments,
    permissionAssignments,
    directAssignments: unexplained.length,
    wsc: roles.length + userAssignments + permissionAssignments + unexplained.length,
    coverage: assignments.length === 0 ? 1 : 1 - unexplained.length / assignments.length,
  };
  for (const [name, value] of Object.entries(counted)) {
    const claimed = metrics[name as keyof typeof counted];
    if (Math.abs(claimed - value) > 1e-12) faults.push(`${name} is ${value}, said to be ${claimed}`);
  }
  return faults;
}

function verifyRole(access: HeldAccess, role: ClaimedRole, wanted: RoleThresholds): string[] {
  const faults: string[] = [];
  const { entitlements, users, members, confidence } = role;
  if (new Set(entitlements).size !== entitlements.length) faults.push('an entitlement is listed twice');
  if (new Set(users).size !== users.length) faults.push('a user is listed twice');
  if (entitlements.length === 0 || users.length === 0) faults.push('it has no entitlements or no users');

  const holders: string[] = [];
  const lackingOnly = new Map<string, number>();
  for (const [user, held] of access) {
    const lacking: string[] = [];
    for (const entitlement of entitlements) {
      if (!held.has(entitlement)) lacking.push(entitlement);
      if (lacking.length > 1) break;
    }
    if (lacking.length === 0) holders.push(user);
    if (lacking.length === 1) lackingOnly.set(lacking[0], (lackingOnly.get(lacking[0]) ?? 0) + 1);
  }
  // Of a single entitlement everybody else lacks only that one.
  const mostLacking = Math.max(0, ...lackingOnly.values());
  const counted = holders.length / (holders.length + mostLacking);
  if (!sameElements(holders, members)) faults.push(`${holders.length} hold all of it, ${members.length} are members`);
  const strangers = users.filter((user) => !holders.includes(user));
  if (strangers.length > 0) faults.push(`${strangers.join(', ')} are given what they do not hold`);
  if (counted !== confidence) faults.push(`its confidence is ${counted}, said to be ${confidence}`);
  if (holders.length < wanted.minUsers) faults.push(`${holders.length} members, fewer than ${wanted.minUsers}`);
  if (entitlements.length < wanted.minEntitlements) {
    faults.push(`${entitlements.length} entitlements, fewer than ${wanted.minEntitlements}`);
  }
  if (counted < wanted.confidence) faults.push(`its confidence of ${counted} is below ${wanted.confidence}`);
  return faults;
}

export function verifyPatterns(
  access: HeldAccess,
  patterns: readonly ClaimedPattern[],
  wanted: { minUsers: number; minEntitlements: number },
): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const [index, { entitlements, userCount, exactUserCount, sampleUsers }] of patterns.entries()) {
    const say = (fault: string): unknown => faults.push(`pattern ${index}: ${fault}`);
    const key = [...entitlements].sort().join('\n');
    if (seen.has(key)) say('it is listed twice');
    seen.add(key);
    const holders = [...access].filter(([, held]) => entitlements.every((entitlement) => held.has(entitlement)));
    const common = [...(holders[0]?.[1] ?? [])].filter((each) => holders.every(([, held]) => held.has(each)));
    const exact = holders.filter(([, held]) => held.size === entitlements.length);
    if (holders.length !== userCount) say(`${holders.length} users hold it, said to be ${userCount}`);
    if (exact.length !== exactUserCount) say(`${exact.length} hold exactly it, said to be ${exactUserCount}`);
    if (common.length !== entitlements.length)
      say(`it is not closed: all of its users hold ${common.length} entitlements`);
    if (holders.length < wanted.minUsers || entitlements.length < wanted.minEntitlements)
      say('it is below the thresholds');
    const names = new Set(holders.map(([user]) => user));
    if (sampleUsers.length !== Math.min(10, holders.length) || !sampleUsers.every((user) => names.has(user))) {
      say('its sample is not of ten users who hold it');
    }
  }
  return faults;
}

function pair(user: string, entitlement: string): string {
  return `${user}\n${entitlement}`;
}

function sameElements(a: readonly string[], b: readonly string[]): boolean {
  const inA = new Set(a);
  return a.length === b.length && b.every((element) => inA.has(element));
}
