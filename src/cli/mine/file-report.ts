import type { MiningResult, RoleCandidate, SuspectedGrants } from '../../engine/index.js';
import { REPORT_LIMITS } from '../../report/limits.js';
import { arrangeMatrix, type MatrixSource } from '../../report/matrix/arrange-matrix.js';
import { drawUpPicture } from '../../report/matrix/draw-up-picture.js';
import type { MatrixPicture } from '../../report/matrix/matrix-picture.js';
import {
  type CompletedRun,
  type MiningReport,
  type ReportCandidate,
  type ReportSuspicion,
  shown,
  type Shown,
} from '../../report/mining-report.js';
import { userDetails } from '../../report/matrix/user-details.js';
import { count, fixed } from '../../report/wording.js';
import type { ReportParameters, Timings } from './mining-report.js';
import type { FileOrganisation } from './read-organisation.js';

/** The report of `mine --report`, with the ids of the file for names. Peers and existing roles are not in a file. */
export function fileReport(
  title: string,
  file: FileOrganisation,
  result: MiningResult,
  parameters: ReportParameters,
  timings: Timings,
  writtenAt: Date,
): MiningReport {
  const { matrix } = file.organisation;
  const { metrics, modeReason, stoppedBy } = result.roleSet;
  const { suspectedNoise } = result;
  const run: CompletedRun = {
    figures: {
      users: matrix.userCount,
      entitlements: matrix.entitlementCount,
      assignments: matrix.assignmentCount,
      coveredAssignments: matrix.assignmentCount - metrics.directAssignments,
      directAssignments: metrics.directAssignments,
      roleCount: metrics.roleCount,
      existingRoleCount: 0,
      complexityBefore: matrix.assignmentCount,
      complexityAfter: metrics.wsc,
      objective: parameters.objective === 'roles' ? 'roles' : 'complexity',
      lowerBound: metrics.lowerBound,
      boundReason: metrics.boundReason,
      provenOptimal: metrics.provenOptimal,
      stoppedBy,
      modeReason,
      snapshotAt: null,
    },
    underCoverCurve: result.underCoverCurve,
    contributions: result.candidates.map(({ explanation }) => explanation.newAssignmentsCovered),
    matrix: matrix.assignmentCount === 0 ? null : pictureOf(file, result),
    candidates: shown(
      result.candidates.slice(0, REPORT_LIMITS.candidates).map((candidate) => candidateOf(candidate, file)),
      REPORT_LIMITS.candidates,
      result.candidates.length,
    ),
    outliers: null,
    overlaps: null,
    suspected: suspectedNoise && {
      missing: suspicionsOf(suspectedNoise.missing, file),
      extra: suspicionsOf(suspectedNoise.extra, file),
    },
    method: methodOf(result, parameters, timings),
    caveats: [],
  };
  return { title, origin: 'Mined from a file', writtenAt, state: { kind: 'completed', run } };
}

function pictureOf({ organisation, userIds, entitlementIds }: FileOrganisation, result: MiningResult): MatrixPicture {
  const { matrix, attributes } = organisation;
  const candidateOfRole = new Map(result.candidates.map(({ role }, index) => [role, index]));
  const source: MatrixSource = {
    entitlementCount: matrix.entitlementCount,
    access: { offsets: matrix.rowOffsets, values: matrix.rowColumns },
    roles: result.roleSet.roles,
  };
  const words = {
    user: (user: number) => userIds[user],
    userDetails: userDetails(attributes, userIds.length),
    entitlement: (entitlement: number) => entitlementIds[entitlement],
    role: (role: number) => {
      const candidate = candidateOfRole.get(result.roleSet.roles[role]);
      // A file has no existing roles, so every role of the set is a candidate.
      return { name: result.candidates[candidate ?? 0].name, isKept: false, candidate: candidate ?? null };
    },
  };
  return drawUpPicture(source, arrangeMatrix(source, REPORT_LIMITS.matrix), words, result.suspectedNoise ?? {});
}

function candidateOf(
  { role, name, explanation }: RoleCandidate,
  { entitlementIds }: FileOrganisation,
): ReportCandidate {
  const entitlements = Array.from(role.entitlements, (entitlement) => entitlementIds[entitlement]);
  const nearMisses = explanation.nearMisses.map(({ entitlement, userCount }) => ({
    entitlement: entitlementIds[entitlement],
    users: userCount,
  }));
  return {
    name,
    confidence: role.confidence,
    members: role.members.length,
    givenTo: role.users.length,
    entitlements: shown(entitlements, REPORT_LIMITS.names),
    assignmentsCovered: explanation.assignmentsCovered,
    newAssignmentsCovered: explanation.newAssignmentsCovered,
    complexityChange: explanation.complexityChange,
    nearMisses: shown(nearMisses, REPORT_LIMITS.nearMisses),
    usersLackingTwo: explanation.usersLackingTwo,
    attributeRule: explanation.attributeRule,
    decision: null,
    existingRole: null,
  };
}

function suspicionsOf(
  { users, entitlements, scores }: SuspectedGrants,
  { userIds, entitlementIds }: FileOrganisation,
): Shown<ReportSuspicion> {
  const items = Array.from(users.subarray(0, REPORT_LIMITS.suspicions), (user, at) => ({
    user: userIds[user],
    entitlement: entitlementIds[entitlements[at]],
    score: scores[at],
  }));
  return { items, total: users.length };
}

function methodOf({ roleSet }: MiningResult, parameters: ReportParameters, timings: Timings): CompletedRun['method'] {
  return [
    ['Asked for', parameters.objective === 'roles' ? 'fewest roles' : 'least complexity'],
    ['Every assignment by roles', parameters.complete ? 'yes' : 'no, some may stay direct'],
    ['Users of a role, at least', count(parameters.min_users)],
    ['Entitlements of a role, at least', count(parameters.min_entitlements)],
    ['Confidence, at least', fixed(parameters.confidence_threshold, 2)],
    ['Way of searching', roleSet.mode],
    ['Search steps', count(roleSet.steps)],
    ['Seed', String(parameters.seed)],
    ['Reading took', `${fixed(timings.load / 1000, 1)} s`],
    ['Mining took', `${fixed(timings.mine / 1000, 1)} s`],
  ];
}
