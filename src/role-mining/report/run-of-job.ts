import type { AccessSnapshot } from '../../access-graph/snapshot/access-snapshot.js';
import { REPORT_LIMITS } from '../../report/limits.js';
import {
  arrangeMatrix,
  type MatrixArrangement,
  type MatrixRole,
  type MatrixSource,
} from '../../report/matrix/arrange-matrix.js';
import { drawUpPicture, type SuspectedPairs } from '../../report/matrix/draw-up-picture.js';
import type { MatrixPicture } from '../../report/matrix/matrix-picture.js';
import { userDetails } from '../../report/matrix/user-details.js';
import {
  type CompletedRun,
  type ReportCandidate,
  type ReportFlag,
  type ReportOverlap,
  type ReportSuspicion,
  shown,
  type Shown,
} from '../../report/mining-report.js';
import { count, fixed, percent } from '../../report/wording.js';
import type { RoleCandidate } from '../candidates/candidate.entity.js';
import type { ConsolidationSuggestion } from '../consolidation/consolidation-suggestion.entity.js';
import type { ExcessivePrivilege } from '../excessive-privileges/excessive-privilege.entity.js';
import type { MiningJobSummary } from '../jobs/job-summary.js';
import type { MiningJob } from '../jobs/job.entity.js';
import type { SuspectedGrant, SuspicionKind } from '../suspected-grants/suspected-grant.entity.js';
import { findKeptRoles, type KeptRole } from './kept-roles.js';
import { EVERYBODY, peerGroups } from './peer-groups.js';
import type { JobResults } from './report-results.js';
import { uuidsIn } from './uuids-in.js';

/**
 * A completed job in the words of its report. Results are the job's; who holds what is read when the report is written, and
 * where the two differ the report says so.
 */
export class RunOfJob {
  private readonly userIndexes: ReadonlyMap<string, number>;
  private readonly entitlementIndexes: ReadonlyMap<string, number>;
  private readonly kept: readonly KeptRole[];
  private readonly source: MatrixSource;
  private readonly arrangement: MatrixArrangement;

  constructor(
    private readonly job: MiningJob,
    private readonly summary: MiningJobSummary,
    private readonly results: JobResults,
    private readonly snapshot: AccessSnapshot,
  ) {
    this.userIndexes = indexes(snapshot.userIds);
    this.entitlementIndexes = indexes(snapshot.entitlementIds);
    const proposed = results.candidates.map((candidate, index): MatrixRole => ({
      entitlements: this.known(candidate.entitlementIds, this.entitlementIndexes),
      users: this.known(uuidsIn(results.assignedMembers[index]), this.userIndexes),
    }));
    this.kept = findKeptRoles(snapshot, proposed, summary.roleCount - results.candidates.length);
    this.source = {
      entitlementCount: snapshot.entitlementIds.length,
      access: snapshot.access,
      roles: [...proposed, ...this.kept],
    };
    this.arrangement = arrangeMatrix(this.source, REPORT_LIMITS.matrix);
  }

  /** Whom the report names. */
  get namedUsers(): string[] {
    const { flags, suspectedGrants } = this.results;
    return [
      ...new Set([
        ...Array.from(this.arrangement.users, (user) => this.snapshot.userIds[user]),
        ...flags.map(({ userId }) => userId),
        ...suspectedGrants.map(({ userId }) => userId),
      ]),
    ];
  }

  /** @param userNames whoever is not in it goes by the id */
  describe(userNames: ReadonlyMap<string, string>): CompletedRun {
    const { job, results, summary, snapshot } = this;
    const { candidates, flags, suggestions } = results;
    const nameOf = (userId: string): string => userNames.get(userId) ?? userId;
    const { includeExcessivePrivilege, includeConsolidation, peerGroupAttribute } = job.parameters;
    return {
      figures: {
        users: summary.users,
        entitlements: summary.entitlements,
        assignments: summary.assignments,
        coveredAssignments: summary.coveredAssignments,
        directAssignments: summary.directAssignments,
        roleCount: summary.roleCount,
        existingRoleCount: summary.roleCount - candidates.length,
        complexityBefore: summary.complexityBefore,
        complexityAfter: summary.complexityAfter,
        objective: 'complexity',
        lowerBound: summary.lowerBound,
        boundReason: summary.boundReason ?? null,
        provenOptimal: summary.provenOptimal,
        stoppedBy: summary.stoppedBy,
        modeReason: summary.modeReason,
        snapshotAt: new Date(summary.snapshotAt),
      },
      underCoverCurve: summary.underCoverCurve,
      contributions:
        candidates.length === summary.roleCount
          ? candidates.map(({ explanation }) => explanation.newAssignmentsCovered)
          : null,
      matrix: this.arrangement.users.length === 0 ? null : this.picture(nameOf),
      candidates: {
        items: candidates.slice(0, REPORT_LIMITS.candidates).map((candidate) => this.candidate(candidate)),
        total: candidates.length,
      },
      outliers: includeExcessivePrivilege
        ? {
            attribute: peerGroupAttribute,
            groups: peerGroups(snapshot, peerGroupAttribute, flags, nameOf),
            flags: {
              items: flags.slice(0, REPORT_LIMITS.flags).map((flag) => this.flag(flag, nameOf)),
              total: flags.length,
            },
          }
        : null,
      overlaps: includeConsolidation
        ? {
            items: suggestions.map((suggestion) => this.overlap(suggestion)),
            total: job.consolidationSuggestionCount,
          }
        : null,
      suspected: { missing: this.suspicions('missing', nameOf), extra: this.suspicions('extra', nameOf) },
      method: this.method(),
      caveats: this.caveats(),
    };
  }

  private picture(nameOf: (userId: string) => string): MatrixPicture {
    const { snapshot, results, kept } = this;
    const words = {
      user: (user: number) => nameOf(snapshot.userIds[user]),
      userDetails: userDetails(snapshot.attributes, snapshot.userIds.length),
      entitlement: (entitlement: number) => snapshot.entitlementNames[entitlement],
      role: (role: number) =>
        role < results.candidates.length
          ? { name: results.candidates[role].proposedName, isKept: false, candidate: role }
          : { name: snapshot.roles.names[kept[role - results.candidates.length].role], isKept: true, candidate: null },
    };
    return drawUpPicture(this.source, this.arrangement, words, {
      missing: this.suspectedPairs('missing'),
      extra: this.suspectedPairs('extra'),
    });
  }

  private suspectedPairs(kind: SuspicionKind): SuspectedPairs {
    const known = this.results.suspectedGrants.filter(
      (grant) =>
        grant.kind === kind && this.userIndexes.has(grant.userId) && this.entitlementIndexes.has(grant.entitlementId),
    );
    return {
      users: known.map(({ userId }) => this.userIndexes.get(userId)!),
      entitlements: known.map(({ entitlementId }) => this.entitlementIndexes.get(entitlementId)!),
      scores: known.map(({ score }) => score),
    };
  }

  private candidate(candidate: RoleCandidate): ReportCandidate {
    const { explanation, existingRoleId } = candidate;
    return {
      name: candidate.proposedName,
      confidence: candidate.confidenceScore,
      members: candidate.memberCount,
      givenTo: candidate.assignedMemberCount,
      entitlements: this.entitlements(candidate.entitlementIds),
      assignmentsCovered: explanation.assignmentsCovered,
      newAssignmentsCovered: explanation.newAssignmentsCovered,
      complexityChange: explanation.complexityChange,
      nearMisses: shown(
        explanation.nearMisses
          .slice(0, REPORT_LIMITS.nearMisses)
          .map(({ entitlementId, userCount }) => ({ entitlement: this.entitlement(entitlementId), users: userCount })),
        REPORT_LIMITS.nearMisses,
        explanation.nearMisses.length,
      ),
      usersLackingTwo: explanation.usersLackingTwo,
      attributeRule: explanation.attributeRule,
      decision: candidate.promotionStatus === 'pending' ? null : candidate.promotionStatus,
      existingRole: existingRoleId === null ? null : this.role(existingRoleId),
    };
  }

  private flag(flag: ExcessivePrivilege, nameOf: (userId: string) => string): ReportFlag {
    return {
      user: nameOf(flag.userId),
      group: flag.peerGroupValue ?? EVERYBODY,
      held: flag.userCount,
      peerAverage: flag.peerAverage,
      peerPercentile: flag.peerPercentile,
      deviationPercent: flag.deviationPercent,
      excess: this.entitlements(flag.excessEntitlements),
      decision: flag.status === 'pending' ? null : flag.status,
    };
  }

  private overlap(suggestion: ConsolidationSuggestion): ReportOverlap {
    return {
      roleA: this.role(suggestion.roleAId),
      roleB: this.role(suggestion.roleBId),
      overlapPercent: suggestion.overlapPercent,
      containmentPercent: suggestion.containmentPercent,
      memberOverlapPercent: suggestion.memberOverlapPercent,
      shared: this.entitlements(suggestion.sharedEntitlements),
      onlyA: this.entitlements(suggestion.uniqueToA),
      onlyB: this.entitlements(suggestion.uniqueToB),
      decision: suggestion.status === 'pending' ? null : suggestion.status,
    };
  }

  private suspicions(kind: SuspicionKind, nameOf: (userId: string) => string): Shown<ReportSuspicion> {
    const own = this.results.suspectedGrants.filter((grant: SuspectedGrant) => grant.kind === kind);
    const items = own.slice(0, REPORT_LIMITS.suspicions).map(({ userId, entitlementId, score }) => ({
      user: nameOf(userId),
      entitlement: this.entitlement(entitlementId),
      score,
    }));
    return { items, total: own.length };
  }

  private method(): CompletedRun['method'] {
    const { summary } = this;
    const { parameters } = this.job;
    const seconds = (milliseconds: number): string => `${fixed(milliseconds / 1000, 1)} s`;
    return [
      ['Users of a role, at least', count(parameters.minUsers)],
      ['Entitlements of a role, at least', count(parameters.minEntitlements)],
      ['Confidence, at least', fixed(parameters.confidenceThreshold, 2)],
      ['People are flagged above', `${percent(parameters.deviationThreshold)} over their peers’ average`],
      ['Roles overlap from', `${percent(parameters.consolidationThreshold)} on`],
      ['Way of searching', summary.mode],
      ['Search steps', count(summary.steps)],
      ['Seed', String(summary.seed)],
      ['Engine', summary.engineVersion],
      [
        'Took',
        `${seconds(summary.durationMs.load)} to read, ${seconds(summary.durationMs.mine)} to mine, ${seconds(summary.durationMs.save)} to save`,
      ],
      ['Hash of the data', summary.snapshotHash],
    ];
  }

  private caveats(): string[] {
    if (this.snapshot.hash === this.summary.snapshotHash) return [];
    return [
      'Access or roles have changed since this was mined. Figures and lists are those of the run; the picture of who holds what, and how much peers hold, show today’s access.',
    ];
  }

  private entitlements(ids: readonly string[]): Shown<string> {
    const names = ids.slice(0, REPORT_LIMITS.names).map((id) => this.entitlement(id));
    return { items: names, total: ids.length };
  }

  /** What has gone since goes by its id. */
  private entitlement(id: string): string {
    const index = this.entitlementIndexes.get(id);
    return index === undefined ? id : this.snapshot.entitlementNames[index];
  }

  private role(id: string): string {
    const index = this.snapshot.roles.ids.indexOf(id);
    return index < 0 ? id : this.snapshot.roles.names[index];
  }

  /** Ascending; those that are gone left out. */
  private known(ids: readonly string[], places: ReadonlyMap<string, number>): Int32Array {
    const found: number[] = [];
    for (const id of ids) {
      const place = places.get(id);
      if (place !== undefined) found.push(place);
    }
    return Int32Array.from(found).sort();
  }
}

function indexes(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map(ids.map((id, index) => [id, index]));
}
