import type { EngineControl } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { IntegerLists, Organisation, UserAttribute } from '../organisation.js';
import type { ExcessivePrivilege, ExcessivePrivilegeOptions } from './excessive-privilege.js';
import { PeerGroup } from './peer-group.js';

/** Flags between two questions whether to stop. */
const CANCEL_INTERVAL = 1024;

/** One group per value of the attribute and, last, everybody; of each only those who hold anything. */
interface Groups {
  readonly everybody: number;
  /** The groups of each user, without everybody. */
  readonly ofUser: IntegerLists;
  readonly holderCount: Int32Array;
  /** Entitlements that the holders have together, as doubles: list attributes can push the sum beyond 2³¹. */
  readonly accessCount: Float64Array;
}

/** A user above the threshold, before it is known whether anything it holds is in excess. */
interface Suspect {
  readonly user: number;
  readonly deviationPercent: number;
  readonly peerAverage: number;
}

/**
 * Users who hold more than their peers, most deviating first, ties ascending by user.
 *
 * A user belongs to the group of each of its values and is judged against the one it deviates from least (the lower
 * value on a tie); groups with fewer than `minUsers` holders are left out, and whom no group is left for is judged
 * against everybody. Averages, medians and halves are over the other members who hold anything; who has no such peer
 * has nothing to deviate from and is not flagged. Source: the results contract.
 *
 * One pass for the sizes of all groups, then one over the members of each group that has a suspect:
 * O(assignments × values per user), O(users + entitlements) memory beside the result. Once cancelled it returns the
 * flags found until then.
 *
 * @throws RangeError when the peer-group attribute is not one of the organisation's
 */
export function findExcessivePrivileges(
  { matrix, attributes }: Pick<Organisation, 'matrix' | 'attributes'>,
  options: ExcessivePrivilegeOptions,
  control: EngineControl = {},
): ExcessivePrivilege[] {
  const groups = peerGroups(matrix, peerGroupAttribute(attributes, options));
  const suspects = findSuspects(matrix, groups, options);
  const holders = holdersByGroup(matrix, groups);
  const holdersOf = new Int32Array(matrix.entitlementCount);
  const flags: ExcessivePrivilege[] = [];
  for (let group = 0; group <= groups.everybody; group++) {
    if (control.isCancelled?.() === true) break;
    if (suspects[group].length === 0) continue;
    const holdersOfGroup = holders.values.subarray(holders.offsets[group], holders.offsets[group + 1]);
    addAccess(matrix, holdersOfGroup, holdersOf, 1);
    const peers = new PeerGroup(matrix, holdersOfGroup, holdersOf);
    for (const [index, { user, deviationPercent, peerAverage }] of suspects[group].entries()) {
      if (index % CANCEL_INTERVAL === 0 && control.isCancelled?.() === true) break;
      const excessEntitlements = peers.excessOf(user);
      if (excessEntitlements.length === 0) continue;
      const entitlementCount = countOf(matrix, user);
      flags.push({
        user,
        peerGroupValue: group === groups.everybody ? null : group,
        deviationPercent,
        excessEntitlements,
        peerAverage,
        peerMedian: peers.medianOfOthers(entitlementCount),
        peerPercentile: peers.percentileAmongOthers(entitlementCount),
        entitlementCount,
      });
    }
    addAccess(matrix, holdersOfGroup, holdersOf, -1);
    control.onProgress?.((group + 1) / (groups.everybody + 1));
  }
  return flags.sort((a, b) => b.deviationPercent - a.deviationPercent || a.user - b.user);
}

function peerGroupAttribute(
  attributes: readonly UserAttribute[],
  { peerGroupAttribute }: ExcessivePrivilegeOptions,
): UserAttribute | null {
  if (peerGroupAttribute === null) return null;
  const attribute = attributes.at(peerGroupAttribute);
  if (attribute === undefined || peerGroupAttribute < 0) {
    throw new RangeError(
      `peerGroupAttribute must be null or the position of one of ${attributes.length} attributes, got ${peerGroupAttribute}`,
    );
  }
  return attribute;
}

function countOf({ rowOffsets }: AccessMatrix, user: number): number {
  return rowOffsets[user + 1] - rowOffsets[user];
}

function peerGroups(matrix: AccessMatrix, attribute: UserAttribute | null): Groups {
  const everybody = attribute?.values.length ?? 0;
  const ofUser = attribute?.valuesOfUser ?? {
    offsets: new Int32Array(matrix.userCount + 1),
    values: new Int32Array(0),
  };
  const holderCount = new Int32Array(everybody + 1);
  const accessCount = new Float64Array(everybody + 1);
  const add = (group: number, count: number): void => {
    holderCount[group]++;
    accessCount[group] += count;
  };
  for (let user = 0; user < matrix.userCount; user++) {
    const count = countOf(matrix, user);
    if (count === 0) continue;
    add(everybody, count);
    for (let at = ofUser.offsets[user]; at < ofUser.offsets[user + 1]; at++) add(ofUser.values[at], count);
  }
  return { everybody, ofUser, holderCount, accessCount };
}

/** Judges every user against the group it deviates from least; returns those above the threshold, by that group. */
function findSuspects(
  matrix: AccessMatrix,
  { everybody, ofUser, holderCount, accessCount }: Groups,
  { minUsers, deviationThresholdPercent }: ExcessivePrivilegeOptions,
): Suspect[][] {
  const suspects = Array.from(holderCount, (): Suspect[] => []);
  /** NaN without peers. A single rounding, so that exactly 50% above the average is never taken for more. */
  const deviationPercent = (count: number, group: number): number => {
    const heldByOthers = accessCount[group] - count;
    return (100 * (count * (holderCount[group] - 1) - heldByOthers)) / heldByOthers;
  };
  for (let user = 0; user < matrix.userCount; user++) {
    const count = countOf(matrix, user);
    if (count === 0) continue;
    let nearest = -1;
    let least = Infinity;
    let judgedByEverybody = true;
    for (let at = ofUser.offsets[user]; at < ofUser.offsets[user + 1]; at++) {
      const group = ofUser.values[at];
      if (holderCount[group] < minUsers) continue;
      judgedByEverybody = false;
      const deviation = deviationPercent(count, group);
      if (deviation < least) {
        least = deviation;
        nearest = group;
      }
    }
    if (judgedByEverybody) {
      least = deviationPercent(count, everybody);
      nearest = everybody;
    }
    if (nearest < 0 || !(least > deviationThresholdPercent)) continue;
    suspects[nearest].push({
      user,
      deviationPercent: least,
      peerAverage: (accessCount[nearest] - count) / (holderCount[nearest] - 1),
    });
  }
  return suspects;
}

/** The users of each group who hold anything, by counting. */
function holdersByGroup(matrix: AccessMatrix, { everybody, ofUser, holderCount }: Groups): IntegerLists {
  const offsets = new Int32Array(everybody + 2);
  for (let group = 0; group <= everybody; group++) offsets[group + 1] = offsets[group] + holderCount[group];
  const values = new Int32Array(offsets[everybody + 1]);
  const fill = offsets.slice(0, everybody + 1);
  for (let user = 0; user < matrix.userCount; user++) {
    if (countOf(matrix, user) === 0) continue;
    values[fill[everybody]++] = user;
    for (let at = ofUser.offsets[user]; at < ofUser.offsets[user + 1]; at++) values[fill[ofUser.values[at]]++] = user;
  }
  return { offsets, values };
}

function addAccess(matrix: AccessMatrix, users: Int32Array, holdersOf: Int32Array, step: 1 | -1): void {
  const { rowOffsets, rowColumns } = matrix;
  for (const user of users) {
    for (let at = rowOffsets[user]; at < rowOffsets[user + 1]; at++) holdersOf[rowColumns[at]] += step;
  }
}
