import { CANDIDATE_CHANGES } from '../role-mining/comparison/compare-candidates.js';
import type { ComparisonDto, ComparisonItemDto } from '../role-mining/comparison/dto/comparison.dto.js';
import type { MiningJobDto } from '../role-mining/jobs/dto/job.dto.js';
import type { Api } from './api.js';
import { JOBS } from './mining-run.js';
import { count, percent, printTable } from './tables.js';

const LOOKED_AT = 100;
const SHOWN_EACH = 2;

/** Shows what a later run proposes otherwise than an earlier one: of each change a few, those decided about first. */
export async function printComparison(api: Api, earlier: MiningJobDto, later: MiningJobDto): Promise<void> {
  const path = `${JOBS}/${later.id}/comparison`;
  const { counts } = await api.get<ComparisonDto>(`${path}?with=${earlier.id}&limit=1`);
  const shown: ComparisonItemDto[] = [];
  for (const change of CANDIDATE_CHANGES) {
    const items = await api.first<ComparisonItemDto>(path, LOOKED_AT, { with: earlier.id, change });
    const isDecided = (item: ComparisonItemDto): number => Number(item.decision !== null);
    shown.push(...items.sort((one, other) => isDecided(other) - isDecided(one)).slice(0, SHOWN_EACH));
  }
  printTable(
    `Against the run before the decisions: ${count(counts.stayed)} candidates stayed, ${count(counts.changed)} changed, ` +
      `${count(counts.appeared)} appeared, ${count(counts.vanished)} vanished`,
    ['Candidate', 'What became of it', 'Alike', 'Decision'],
    shown.map(({ change, candidate, earlier_candidate, similarity, decision }) => [
      (candidate ?? earlier_candidate)?.proposed_name ?? '',
      change,
      percent(similarity * 100),
      decision?.decision ?? '',
    ]),
  );
}
