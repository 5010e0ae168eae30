import type { CreateMiningJobDto } from './dto/create-job.dto.js';
import type { MiningJobDto } from './dto/job.dto.js';
import type { MiningJobSummaryDto } from './dto/job-summary.dto.js';
import { parametersFromDto, parametersToDto } from './job-parameters.mapper.js';
import type { MiningJobSummary } from './job-summary.js';
import type { JobView, NewMiningJob } from './jobs.service.js';

export function newJobFromDto(dto: CreateMiningJobDto): NewMiningJob {
  return { name: dto.name, parameters: parametersFromDto(dto.parameters ?? {}) };
}

export function jobToDto({ job, queuePosition, waitingReason }: JobView): MiningJobDto {
  return {
    id: job.id,
    tenant_id: job.tenantId,
    name: job.name,
    status: job.status,
    parameters: parametersToDto(job.parameters),
    progress_percent: job.progressPercent,
    candidate_count: job.candidateCount,
    excessive_privilege_count: job.excessivePrivilegeCount,
    consolidation_suggestion_count: job.consolidationSuggestionCount,
    started_at: job.startedAt?.toISOString() ?? null,
    completed_at: job.completedAt?.toISOString() ?? null,
    error_message: job.errorMessage,
    created_by: job.createdBy,
    created_at: job.createdAt.toISOString(),
    updated_at: job.updatedAt.toISOString(),
    summary: job.summary && summaryToDto(job.summary),
    queue_position: queuePosition,
    waiting_reason: waitingReason,
  };
}

function summaryToDto(summary: MiningJobSummary): MiningJobSummaryDto {
  return {
    engine_version: summary.engineVersion,
    seed: summary.seed,
    snapshot_at: summary.snapshotAt,
    snapshot_hash: summary.snapshotHash,
    users: summary.users,
    entitlements: summary.entitlements,
    assignments: summary.assignments,
    covered_assignments: summary.coveredAssignments,
    coverage_percent: summary.coveragePercent,
    direct_assignments: summary.directAssignments,
    role_count: summary.roleCount,
    wsc_before: summary.complexityBefore,
    wsc_after: summary.complexityAfter,
    cost_model: summary.costModel ?? 'with_direct',
    lower_bound: summary.lowerBound,
    gap_percent: summary.gapPercent,
    bound_reason: summary.boundReason ?? null,
    proven_optimal: summary.provenOptimal,
    mode: summary.mode,
    mode_reason: summary.modeReason,
    stopped_by: summary.stoppedBy,
    steps: summary.steps,
    role_hierarchy_edges: summary.roleHierarchyEdges ?? 0,
    trade_off: (summary.tradeOff ?? []).map(({ roleCount, wsc }) => ({ role_count: roleCount, wsc })),
    under_cover_curve: summary.underCoverCurve.map((point) => ({
      coverage_percent: point.coveragePercent,
      role_count: point.roleCount,
    })),
    pattern_count: summary.patternCount,
    suspected_missing_count: summary.suspectedMissingCount,
    suspected_extra_count: summary.suspectedExtraCount,
    suggestions_truncated: summary.suggestionsTruncated,
    duration_ms: summary.durationMs,
  };
}
