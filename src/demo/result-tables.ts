import type { AttributeRuleDto } from '../role-mining/candidates/dto/candidate-explanation.dto.js';
import type { RoleCandidateDto } from '../role-mining/candidates/dto/candidate.dto.js';
import type { ConsolidationSuggestionDto } from '../role-mining/consolidation/dto/consolidation-suggestion.dto.js';
import type { ExcessivePrivilegeDto } from '../role-mining/excessive-privileges/dto/excessive-privilege.dto.js';
import type { MiningJobSummaryDto } from '../role-mining/jobs/dto/job-summary.dto.js';
import type { MiningJobDto } from '../role-mining/jobs/dto/job.dto.js';
import type { AccessPatternDto } from '../role-mining/patterns/dto/pattern.dto.js';
import type { Api } from './api.js';
import { JOBS } from './mining-run.js';
import { lookUpNames } from './names.js';
import { count, percent, printTable, someOf } from './tables.js';

const SHOWN = 6;

/** Prints what a completed job found: of each kind the first few, with names. */
export async function printResults(api: Api, job: MiningJobDto): Promise<void> {
  const path = `${JOBS}/${job.id}`;
  const candidates = await api.first<RoleCandidateDto>(`${path}/candidates`, SHOWN);
  const patterns = await api.first<AccessPatternDto>(`${path}/patterns`, SHOWN);
  const flags = await api.first<ExcessivePrivilegeDto>(`${path}/excessive-privileges`, SHOWN);
  const suggestions = await api.first<ConsolidationSuggestionDto>(`${path}/consolidation-suggestions`, SHOWN);
  const entitlement = await lookUpNames(api, 'entitlements', [
    ...[...candidates, ...patterns].flatMap((item) => item.entitlement_ids),
    ...flags.flatMap((flag) => flag.excess_entitlements),
  ]);
  const role = await lookUpNames(
    api,
    'roles',
    suggestions.flatMap((suggestion) => [suggestion.role_a_id, suggestion.role_b_id]),
  );
  const user = await lookUpNames(
    api,
    'users',
    flags.map((flag) => flag.user_id),
  );

  if (job.summary !== null) printSummary(job, job.summary);
  printTable(
    `Role candidates: ${candidates.length} of ${count(job.candidate_count)}, best first`,
    ['Proposed role', 'Confidence', 'Members', 'Entitlements', 'Who they are'],
    candidates.map((candidate) => [
      candidate.proposed_name,
      candidate.confidence_score.toFixed(2),
      count(candidate.member_count),
      someOf(candidate.entitlement_ids.map(entitlement)),
      candidate.explanation.attribute_rule === null ? '' : describe(candidate.explanation.attribute_rule),
    ]),
  );
  printTable(
    `Access patterns: ${patterns.length} of ${count(job.summary?.pattern_count ?? patterns.length)}, largest first`,
    ['Held together', 'Users', 'Exactly these'],
    patterns.map((pattern) => [
      someOf(pattern.entitlement_ids.map(entitlement)),
      count(pattern.frequency),
      count(pattern.exact_user_count),
    ]),
  );
  printTable(
    `People with more access than their peers: ${flags.length} of ${count(job.excessive_privilege_count)}`,
    ['User', 'Peers', 'Holds', 'Peers hold', 'Above', 'What hardly a peer has'],
    flags.map((flag) => [
      user(flag.user_id),
      flag.peer_group_value ?? 'everybody',
      count(flag.user_count),
      flag.peer_average.toFixed(1),
      percent(flag.deviation_percent),
      someOf(flag.excess_entitlements.map(entitlement)),
    ]),
  );
  printTable(
    `Existing roles that overlap: ${suggestions.length} of ${count(job.consolidation_suggestion_count)}`,
    ['Role', 'and role', 'Overlap', 'Shared', 'Only in the first', 'Only in the second'],
    suggestions.map((suggestion) => [
      role(suggestion.role_a_id),
      role(suggestion.role_b_id),
      percent(suggestion.overlap_percent),
      count(suggestion.shared_entitlements.length),
      count(suggestion.unique_to_a.length),
      count(suggestion.unique_to_b.length),
    ]),
  );
}

function printSummary(job: MiningJobDto, summary: MiningJobSummaryDto): void {
  const { load, mine, save } = summary.duration_ms;
  const curve = summary.under_cover_curve
    .filter((point) => point.role_count !== null)
    .map((point) => `${point.role_count} roles explain ${point.coverage_percent}%`);
  const bound = summary.lower_bound === null ? '' : ` (no role set can be below ${count(summary.lower_bound)})`;
  console.log(
    [
      '',
      `${count(summary.users)} users, ${count(summary.entitlements)} entitlements, ${count(summary.assignments)} assignments.`,
      `${count(summary.role_count)} roles explain ${summary.coverage_percent.toFixed(1)}% of them; ${count(summary.direct_assignments)} stay direct.`,
      `Complexity ${count(summary.wsc_before)} before, ${count(summary.wsc_after)} after${bound}.`,
      ...(curve.length > 0 ? [`Where to stop: ${curve.join(', ')}.`] : []),
      `Took ${load} ms to load, ${mine} ms to mine, ${save} ms to save. Job ${job.id}.`,
    ].join('\n'),
  );
}

function describe({ conditions, precision, recall }: AttributeRuleDto): string {
  const rule = conditions.map(({ attribute, value }) => `${attribute} ${value}`).join(',\n');
  return `${rule}\n${percent(precision * 100)} of these\n${percent(recall * 100)} of the members`;
}
