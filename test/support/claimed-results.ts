import { accessMatrixFromLists, type MiningResult, type Organisation } from '../../src/engine/index.js';
import type { ClaimedPattern, ClaimedRoleSet, HeldAccess } from './role-set-verifier.js';

/** An organisation for the engine, and the ids behind its integers. */
export interface NumberedOrganisation {
  readonly organisation: Organisation;
  readonly userIds: readonly string[];
  readonly entitlementIds: readonly string[];
}

export function organisationOf(access: HeldAccess): NumberedOrganisation {
  const userIds = [...access.keys()];
  const entitlementIds = [...new Set([...access.values()].flatMap((held) => [...held]))];
  const numberOf = new Map(entitlementIds.map((id, number) => [id, number]));
  const rows = [...access.values()].map((held) => Array.from(held, (id) => numberOf.get(id)!));
  const noRoles = { offsets: new Int32Array(1), values: new Int32Array(0) };
  return {
    organisation: {
      matrix: accessMatrixFromLists(rows, entitlementIds.length),
      entitlementNames: entitlementIds,
      entitlementApplications: entitlementIds.map(() => null),
      attributes: [],
      existingRoles: { count: 0, names: [], entitlements: noRoles, members: noRoles },
    },
    userIds,
    entitlementIds,
  };
}

/** What the engine found, in the ids of the file. */
export function claimsOf(
  { userIds, entitlementIds }: NumberedOrganisation,
  { roleSet, patterns }: Pick<MiningResult, 'roleSet' | 'patterns'>,
): { roleSet: ClaimedRoleSet; patterns: ClaimedPattern[] } {
  const users = (numbers: Int32Array): string[] => Array.from(numbers, (number) => userIds[number]);
  const entitlements = (numbers: Int32Array): string[] => Array.from(numbers, (number) => entitlementIds[number]);
  return {
    roleSet: {
      roles: roleSet.roles.map((role) => ({
        entitlements: entitlements(role.entitlements),
        users: users(role.users),
        members: users(role.members),
        confidence: role.confidence,
      })),
      direct: Array.from(roleSet.directUsers, (user, at) => [
        userIds[user],
        entitlementIds[roleSet.directEntitlements[at]],
      ]),
      metrics: roleSet.metrics,
    },
    patterns: patterns.map((pattern) => ({
      entitlements: entitlements(pattern.entitlements),
      userCount: pattern.userCount,
      exactUserCount: pattern.exactUserCount,
      sampleUsers: users(pattern.sampleUsers),
    })),
  };
}
