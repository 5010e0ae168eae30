import type { RoleCandidateDto } from '../role-mining/candidates/dto/candidate.dto.js';
import type { ConsolidationSuggestionDto } from '../role-mining/consolidation/dto/consolidation-suggestion.dto.js';
import type { MergePreviewDto } from '../role-mining/consolidation/dto/merge-preview.dto.js';
import type { ExcessivePrivilegeDto } from '../role-mining/excessive-privileges/dto/excessive-privilege.dto.js';
import type { MiningJobDto } from '../role-mining/jobs/dto/job.dto.js';
import type { Api } from './api.js';
import { JOBS } from './mining-run.js';
import { lookUpNames } from './names.js';
import { count, percent } from './tables.js';

const ROUTES = '/governance/role-mining';
export const CANDIDATES = `${ROUTES}/candidates`;
const FLAGS = `${ROUTES}/excessive-privileges`;
const SUGGESTIONS = `${ROUTES}/consolidation-suggestions`;
const LOOKED_AT = 100;
const PREVIEWED = 10;

/** The best of the job's candidates that nobody has decided about, in this run or an earlier one. */
export async function pendingCandidates(api: Api, { id }: MiningJobDto): Promise<RoleCandidateDto[]> {
  const pending = { promotion_status: 'pending' };
  const candidates = await api.first<RoleCandidateDto>(`${JOBS}/${id}/candidates`, LOOKED_AT, pending);
  return candidates.filter((candidate) => candidate.decided_before === null);
}

export async function dismissCandidate(api: Api, job: MiningJobDto): Promise<void> {
  const candidate = (await pendingCandidates(api, job)).at(-1);
  if (candidate === undefined) {
    console.log('\nNo candidate is left that could be dismissed.');
    return;
  }
  const reason = 'A project that ends in March';
  const dismissed = await api.post<RoleCandidateDto>(`${CANDIDATES}/${candidate.id}/dismiss`, { reason });
  console.log(`\nDismissed "${dismissed.proposed_name}": ${dismissed.dismissed_reason}.`);
}

/** Decides about the two people who are furthest above their peers: one may go on, one may not. */
export async function reviewFlag(api: Api, { id }: MiningJobDto): Promise<void> {
  const flags = await api.first<ExcessivePrivilegeDto>(`${JOBS}/${id}/excessive-privileges`, 2, { status: 'pending' });
  const user = await lookUpNames(
    api,
    'users',
    flags.map((flag) => flag.user_id),
  );
  const answers = [
    { action: 'remediate', notes: 'Old access, changed departments' },
    { action: 'accept', notes: 'Deputy head until May' },
  ];
  for (const [index, flag] of flags.entries()) {
    const reviewed = await api.post<ExcessivePrivilegeDto>(`${FLAGS}/${flag.id}/review`, answers[index]);
    console.log(
      `Reviewed ${user(reviewed.user_id)}, ${percent(reviewed.deviation_percent)} above the peers: ` +
        `${reviewed.status} (${reviewed.notes}).`,
    );
  }
}

/** Merges the pair of roles that overlaps most and whose merge breaks no rule. */
export async function mergeRoles(api: Api, { id }: MiningJobDto): Promise<void> {
  const path = `${JOBS}/${id}/consolidation-suggestions`;
  const pending = await api.first<ConsolidationSuggestionDto>(path, PREVIEWED, { status: 'pending' });
  for (const suggestion of pending) {
    const preview = await api.get<MergePreviewDto>(`${SUGGESTIONS}/${suggestion.id}/merge-preview`);
    if (preview.sod_violations.length > 0) continue;
    const role = await lookUpNames(api, 'roles', [suggestion.role_a_id, suggestion.role_b_id]);
    console.log(
      `\nMerge of "${role(preview.role_b_id)}" into "${role(preview.role_a_id)}": ` +
        `${count(preview.entitlement_count)} entitlements, ${count(preview.member_count)} members; ` +
        `${count(preview.affected_user_count)} users gain ${count(preview.access_gained_total)} entitlements, nobody loses any.`,
    );
    const { impact_hash } = preview;
    const merged = await api.post<ConsolidationSuggestionDto>(`${SUGGESTIONS}/${suggestion.id}/merge`, { impact_hash });
    console.log(`The suggestion is ${merged.status}: exactly what was shown was done.`);
    return;
  }
  console.log('\nNo suggestion is left whose roles could be merged.');
}
