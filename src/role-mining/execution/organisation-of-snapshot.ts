import type { AccessSnapshot } from '../../access-graph/snapshot/access-snapshot.js';
import { accessMatrixFromRows, type Organisation } from '../../engine/index.js';

/** The engine's view of a snapshot: the same integers, with the matrix in both directions. */
export function organisationOf(snapshot: AccessSnapshot): Organisation {
  return {
    matrix: accessMatrixFromRows(
      snapshot.userIds.length,
      snapshot.entitlementIds.length,
      snapshot.access.offsets,
      snapshot.access.values,
    ),
    entitlementNames: snapshot.entitlementNames,
    entitlementApplications: snapshot.entitlementApplications,
    attributes: snapshot.attributes,
    existingRoles: {
      count: snapshot.roles.ids.length,
      names: snapshot.roles.names,
      entitlements: snapshot.roles.entitlements,
      members: snapshot.roles.members,
    },
  };
}
