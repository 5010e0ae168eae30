import { randomUUID } from 'node:crypto';
import type { AccessSnapshot } from '../../access-graph/snapshot/access-snapshot.js';
import { stableUuid } from '../../common/stable-uuid.js';
import type {
  AccessPattern,
  CandidateExplanation,
  ExcessivePrivilege,
  RoleCandidate,
  RoleOverlap,
  SuspectedNoise,
} from '../../engine/index.js';
import type { CandidateExplanation as StoredExplanation } from '../candidates/candidate-explanation.js';
import type { NewRoleCandidate } from '../candidates/candidates.store.js';
import type { NewConsolidationSuggestion } from '../consolidation/consolidation-suggestions.store.js';
import type { NewExcessivePrivilege } from '../excessive-privileges/excessive-privileges.store.js';
import type { NewAccessPattern } from '../patterns/patterns.store.js';
import { SUSPICION_KINDS } from '../suspected-grants/suspected-grant.entity.js';
import type { NewSuspectedGrant } from '../suspected-grants/suspected-grants.store.js';
import { SortedUsers } from './sorted-users.js';

/**
 * The engine's results with UUIDs in place of the snapshot's integers; lists of users are sorted, as the contract has them.
 */
export class ResultRows {
  private readonly sortedUsers: SortedUsers;
  /** Given here and not by the database: candidates name each other. */
  private readonly candidateIds: readonly string[];

  constructor(
    private readonly snapshot: AccessSnapshot,
    private readonly tenantId: string,
    private readonly peerGroupAttribute: string | null,
    private readonly candidates: readonly RoleCandidate[],
  ) {
    this.candidateIds = candidates.map(() => randomUUID());
    this.sortedUsers = new SortedUsers(snapshot.userIds);
  }

  candidate(place: number): NewRoleCandidate {
    const candidate = this.candidates[place];
    return {
      id: this.candidateIds[place],
      proposedName: candidate.name,
      confidenceScore: candidate.role.confidence,
      existingRoleId: candidate.existingRole === null ? null : this.snapshot.roles.ids[candidate.existingRole],
      entitlementIds: this.entitlements(candidate.role.entitlements),
      ownEntitlementIds: this.entitlements(candidate.role.ownEntitlements),
      juniorCandidateIds: candidate.juniors.map((junior) => this.candidateIds[junior]),
      juniorRoleIds: candidate.existingJuniors.map((role) => this.snapshot.roles.ids[role]),
      memberIds: this.sortedUsers.select(candidate.role.members),
      assignedMemberIds: this.sortedUsers.select(candidate.role.users),
      explanation: this.explanation(candidate.explanation),
    };
  }

  pattern(pattern: AccessPattern): NewAccessPattern {
    return {
      entitlementIds: this.entitlements(pattern.entitlements),
      frequency: pattern.userCount,
      exactUserCount: pattern.exactUserCount,
      sampleUserIds: this.users(pattern.sampleUsers),
    };
  }

  excessivePrivilege(flag: ExcessivePrivilege): NewExcessivePrivilege {
    const group = this.peerGroup(flag.peerGroupValue);
    return {
      userId: this.snapshot.userIds[flag.user],
      peerGroupId: group?.id ?? null,
      peerGroupValue: group?.value ?? null,
      deviationPercent: flag.deviationPercent,
      excessEntitlements: this.entitlements(flag.excessEntitlements),
      peerAverage: flag.peerAverage,
      peerMedian: flag.peerMedian,
      peerPercentile: flag.peerPercentile,
      userCount: flag.entitlementCount,
    };
  }

  suggestion(overlap: RoleOverlap): NewConsolidationSuggestion {
    return {
      roleAId: this.snapshot.roles.ids[overlap.roleA],
      roleBId: this.snapshot.roles.ids[overlap.roleB],
      overlapPercent: overlap.overlapPercent,
      containmentPercent: overlap.containmentPercent,
      memberOverlapPercent: overlap.memberOverlapPercent,
      sharedEntitlements: this.entitlements(overlap.sharedEntitlements),
      uniqueToA: this.entitlements(overlap.uniqueToA),
      uniqueToB: this.entitlements(overlap.uniqueToB),
    };
  }

  suspectedGrants(noise: SuspectedNoise | null): NewSuspectedGrant[] {
    if (noise === null) return [];
    return SUSPICION_KINDS.flatMap((kind) => {
      const { users, entitlements, scores } = noise[kind];
      return Array.from(users, (user, at) => ({
        kind,
        userId: this.snapshot.userIds[user],
        entitlementId: this.snapshot.entitlementIds[entitlements[at]],
        score: scores[at],
      }));
    });
  }

  private peerGroup(valueIndex: number | null): { id: string; value: string } | null {
    const attribute = this.snapshot.attributes.find(({ name }) => name === this.peerGroupAttribute);
    if (valueIndex === null || attribute === undefined) return null;
    const value = attribute.values[valueIndex];
    return { id: stableUuid(this.tenantId, 'peer-group', attribute.name, value), value };
  }

  private explanation(explanation: CandidateExplanation): StoredExplanation {
    const { nearMisses, ...numbers } = explanation;
    return {
      ...numbers,
      nearMisses: nearMisses.map((miss) => ({
        entitlementId: this.snapshot.entitlementIds[miss.entitlement],
        userCount: miss.userCount,
      })),
    };
  }

  private users(indexes: Int32Array): string[] {
    return Array.from(indexes, (user) => this.snapshot.userIds[user]).sort();
  }

  private entitlements(indexes: Int32Array): string[] {
    return Array.from(indexes, (entitlement) => this.snapshot.entitlementIds[entitlement]);
  }
}
