import type { JobEventDto } from './dto/job-event.dto.js';
import { hasEnded, type JobState } from './job-state.js';

/** As it is written to a `text/event-stream`. */
export function jobEventToText(state: JobState): string {
  const type = hasEnded(state) ? 'ended' : 'progress';
  return `event: ${type}\nid: ${state.revision}\ndata: ${JSON.stringify(jobEventToDto(state))}\n\n`;
}

function jobEventToDto(state: JobState): JobEventDto {
  return {
    job_id: state.id,
    status: state.status,
    phase: phaseOf(state),
    progress_percent: state.progressPercent,
    best_role_count: state.bestRoleCount,
    best_complexity: state.bestComplexity,
    candidate_count: state.candidateCount,
    excessive_privilege_count: state.excessivePrivilegeCount,
    consolidation_suggestion_count: state.consolidationSuggestionCount,
    error_message: state.errorMessage,
    waiting_reason: state.waitingReason,
    updated_at: state.updatedAt.toISOString(),
  };
}

function phaseOf(state: JobState): JobEventDto['phase'] {
  if (state.status !== 'running') return null;
  return state.claimId === null || state.waitingReason !== null ? 'queued' : (state.phase ?? 'load');
}
