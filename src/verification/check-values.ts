import type { ClaimedValues } from './claimed-certificate.js';
import type { HeldAccess } from './held-access.js';
import { maximalBlocks, type Block } from './maximal-blocks.js';
import { mergeEqual, type MergedAccess } from './merged-access.js';
import { listed, pairText } from './messages.js';
import { findTooDear } from './payment.js';
import { RefusedError, UnusableInputError } from './verification.error.js';

/** Values by group of users, then by group of entitlements. */
type ValueTable = readonly ReadonlyMap<number, number>[];

/** What values prove. */
export interface ProvenComplexity {
  readonly lowerBound: bigint;
  readonly maximalRoles: number;
  readonly values: number;
}

/**
 * Checks that no role is worth more than it costs, and, with direct assignments, that none of these is: then the values of
 * all assignments together are at most what any way of giving them costs. A role costs 1 and 1 for each user and each
 * entitlement. Every role lies in a maximal one, so these are looked at, with all their parts (see `payment.ts`).
 *
 * @throws RefusedError naming the first value or role that is wrong
 */
export function checkValues(
  access: HeldAccess,
  { scale, values }: ClaimedValues,
  withDirect: boolean,
): ProvenComplexity {
  if (scale === 0) throw new RefusedError('the scale of the values is 0');
  const merged = mergeEqual(access);
  const table = tableOf(access, merged, values);
  checkArithmetic(access, scale, values);
  if (withDirect) checkDirectCosts(access, merged, table, scale);
  const blocks = maximalBlocks(merged.rows, merged.entitlementGroups.length);
  for (const block of blocks) checkBlock(access, merged, table, scale, block);
  return { lowerBound: roundedUp(merged, table, scale), maximalRoles: blocks.length, values: values.length };
}

function tableOf(access: HeldAccess, merged: MergedAccess, values: ClaimedValues['values']): ValueTable {
  const table = merged.rows.map(() => new Map<number, number>());
  for (const { user, entitlement, value } of values) {
    const userNumber = access.userNumbers.get(user);
    const entitlementNumber = access.entitlementNumbers.get(entitlement);
    const pair = pairText(user, entitlement);
    if (
      userNumber === undefined ||
      entitlementNumber === undefined ||
      !access.rows[userNumber].has(entitlementNumber)
    ) {
      throw new RefusedError(`the certificate gives a value to ${pair}, which is not held`);
    }
    const row = table[merged.groupOfUser[userNumber] as number];
    const entitlementGroup = merged.groupOfEntitlement[entitlementNumber] as number;
    if (row.has(entitlementGroup)) {
      throw new RefusedError(`the certificate gives ${pair}, or an assignment equal to it, two values`);
    }
    row.set(entitlementGroup, value);
  }
  return table;
}

/** All sums that follow are at most this one: below 2⁵³, doubles add whole numbers exactly. */
function checkArithmetic(access: HeldAccess, scale: number, values: ClaimedValues['values']): void {
  const budgets = BigInt(access.users.length + access.entitlements.length + access.assignmentCount + 1);
  const sum = values.reduce((total, { value }) => total + BigInt(value), 0n) + BigInt(scale) * budgets;
  if (sum > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new UnusableInputError('the values of the certificate, or their scale, are too large to be added exactly');
  }
}

function checkDirectCosts(access: HeldAccess, merged: MergedAccess, table: ValueTable, scale: number): void {
  table.forEach((row, userGroup) => {
    row.forEach((value, entitlementGroup) => {
      const users = merged.userGroups[userGroup];
      const entitlements = merged.entitlementGroups[entitlementGroup];
      if (value <= scale * users.length * entitlements.length) return;
      const pair = pairText(access.users[users[0]], access.entitlements[entitlements[0]]);
      throw new RefusedError(`the certificate values ${pair} higher than a direct assignment costs`);
    });
  });
}

function checkBlock(access: HeldAccess, merged: MergedAccess, table: ValueTable, scale: number, block: Block): void {
  const { userGroups, entitlementGroups } = merged;
  const values = block.users.flatMap((user) => block.entitlements.map((each) => table[user].get(each) ?? 0));
  const tooDear = findTooDear({
    values,
    userBudgets: block.users.map((user) => scale * userGroups[user].length),
    entitlementBudgets: block.entitlements.map((entitlement) => scale * entitlementGroups[entitlement].length),
    sharedBudget: scale,
  });
  if (tooDear === null) return;
  const users = tooDear.users.flatMap((place) => userGroups[block.users[place]]);
  const entitlements = tooDear.entitlements.flatMap((place) => entitlementGroups[block.entitlements[place]]);
  let worth = 0;
  for (const user of tooDear.users) {
    for (const entitlement of tooDear.entitlements) worth += values[user * block.entitlements.length + entitlement];
  }
  const role = `${listed(
    'users',
    users.map((user) => access.users[user]),
  )} and ${listed(
    'entitlements',
    entitlements.map((entitlement) => access.entitlements[entitlement]),
  )}`;
  throw new RefusedError(
    `the values of the certificate are not valid: a role of ${role} costs ${1 + users.length + entitlements.length} and is worth ${worth / scale}`,
  );
}

/**
 * The sum of the values. No role reaches from one connected part of the data into another, and what a part costs is a
 * whole number: so every part's sum is rounded up.
 */
function roundedUp({ rows }: MergedAccess, table: ValueTable, scale: number): bigint {
  const parts = connectedParts(rows);
  const sums = new Map<number, bigint>();
  table.forEach((row, userGroup) => {
    for (const value of row.values()) sums.set(parts[userGroup], (sums.get(parts[userGroup]) ?? 0n) + BigInt(value));
  });
  let bound = 0n;
  for (const sum of sums.values()) bound += (sum + BigInt(scale) - 1n) / BigInt(scale);
  return bound;
}

/** By row: the first row that it is connected to by entitlements held in common. */
function connectedParts(rows: readonly ReadonlySet<number>[]): number[] {
  const parents = [...rows.keys()];
  const find = (row: number): number => {
    while (parents[row] !== row) row = parents[row] = parents[parents[row]];
    return row;
  };
  const firstHolder = new Map<number, number>();
  rows.forEach((held, row) => {
    for (const entitlement of held) {
      const other = find(firstHolder.get(entitlement) ?? row);
      firstHolder.set(entitlement, other);
      const own = find(row);
      parents[Math.max(own, other)] = Math.min(own, other);
    }
  });
  return [...rows.keys()].map(find);
}
