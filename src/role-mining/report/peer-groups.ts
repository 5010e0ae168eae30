import { type AccessSnapshot, listAt } from '../../access-graph/snapshot/access-snapshot.js';
import { REPORT_LIMITS } from '../../report/limits.js';
import { type PeerGroupDistribution, type Shown, shown } from '../../report/mining-report.js';
import type { ExcessivePrivilege } from '../excessive-privileges/excessive-privilege.entity.js';

/** What a group is called in which everybody is compared with everybody. */
export const EVERYBODY = 'everybody';

/** The peer groups with flagged people, most of them first, and how many entitlements their people hold. */
export function peerGroups(
  snapshot: AccessSnapshot,
  attributeName: string | null,
  flags: readonly ExcessivePrivilege[],
  nameOf: (userId: string) => string,
): Shown<PeerGroupDistribution> {
  const flagsOfGroup = Map.groupBy(flags, (flag) => flag.peerGroupValue);
  const groups = [...flagsOfGroup].sort(
    ([a, flagsA], [b, flagsB]) => flagsB.length - flagsA.length || ((a ?? '') < (b ?? '') ? -1 : 1),
  );
  const distributions = groups
    .slice(0, REPORT_LIMITS.peerGroups)
    .map(([value, own]) => distributionOf(heldIn(snapshot, attributeName, value), value ?? EVERYBODY, own, nameOf));
  return shown(distributions, REPORT_LIMITS.peerGroups, groups.length);
}

/** Numbers of entitlements of those in the group who hold anything, ascending. */
function heldIn(snapshot: AccessSnapshot, attributeName: string | null, value: string | null): Int32Array {
  const { access, userIds } = snapshot;
  const attribute = snapshot.attributes.find(({ name }) => name === attributeName);
  const valueIndex = value === null ? -1 : (attribute?.values.indexOf(value) ?? -1);
  const held: number[] = [];
  for (let user = 0; user < userIds.length; user++) {
    const count = access.offsets[user + 1] - access.offsets[user];
    const isIn = value === null || (attribute && listAt(attribute.valuesOfUser, user).includes(valueIndex));
    if (count > 0 && isIn) held.push(count);
  }
  return Int32Array.from(held).sort();
}

function distributionOf(
  held: Int32Array,
  name: string,
  flags: readonly ExcessivePrivilege[],
  nameOf: (userId: string) => string,
): PeerGroupDistribution {
  const people = flags
    .map(({ userId, userCount }) => ({ name: nameOf(userId), held: userCount }))
    .sort((a, b) => b.held - a.held)
    .slice(0, REPORT_LIMITS.flaggedDots);
  // The graph may have changed since: the group can be empty now.
  const quantile = (share: number): number =>
    held.length === 0 ? 0 : held[Math.min(held.length - 1, Math.floor(share * held.length))];
  return {
    name,
    members: held.length,
    flagged: flags.length,
    least: quantile(0),
    lowerQuartile: quantile(0.25),
    median: quantile(0.5),
    upperQuartile: quantile(0.75),
    most: Math.max(quantile(1), ...people.map((person) => person.held)),
    flaggedPeople: people,
  };
}
