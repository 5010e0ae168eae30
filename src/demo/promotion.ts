import type { UserAccessDto } from '../access-graph/look-ups/dto/access-user.dto.js';
import type { RoleDto } from '../access-graph/look-ups/dto/role.dto.js';
import type { RoleCandidateDto } from '../role-mining/candidates/dto/candidate.dto.js';
import type { PromotedCandidateDto } from '../role-mining/candidates/dto/promoted-candidate.dto.js';
import type { MiningJobDto } from '../role-mining/jobs/dto/job.dto.js';
import type { SimulationDto } from '../role-mining/simulations/dto/simulation.dto.js';
import type { Api } from './api.js';
import { lookUpNames } from './names.js';
import { CANDIDATES, pendingCandidates } from './review.js';
import { count, percent, printTable } from './tables.js';

const GRAPH = '/governance/access-graph';
const SIMULATIONS = '/governance/role-mining/simulations';
/** Members whose access is compared, and those of them that are shown. */
const COMPARED = 25;
const SHOWN = 3;
/** So that the table beneath it says something: no role of a hundred users, none of two. */
const SMALLEST = 10;

/** Explains, tries and makes a role of a pending candidate, and shows that its members hold what they held. */
export async function promoteCandidate(api: Api, job: MiningJobDto): Promise<void> {
  const pending = (await pendingCandidates(api, job)).filter(isSafe);
  const candidate = pending.find((one) => one.assigned_member_count >= SMALLEST) ?? pending.at(0);
  if (candidate === undefined) {
    console.log('\nNo candidate is left that could be promoted.');
    return;
  }
  const role_name = await freeRoleName(api, candidate.proposed_name);
  await explain(api, candidate);
  await simulate(api, candidate, role_name);

  const members = candidate.user_ids.slice(0, COMPARED);
  const before = await accessOf(api, members);
  const { promotion } = await api.post<PromotedCandidateDto>(`${CANDIDATES}/${candidate.id}/promote`, {
    role_name,
    assign_members: true,
    remove_direct: true,
  });
  const after = await accessOf(api, members);
  console.log(
    `Promoted to the role "${role_name}": ${count(promotion.assigned_member_count)} members have the role, which made ` +
      `${count(promotion.removed_assignment_count)} direct assignments redundant; these are removed. ` +
      `Users whose access changed: ${promotion.changed_access_count}.`,
  );
  await printAccess(api, members, before, after);
}

/** One that an administrator can promote without a second thought: a new role that breaks no rule. */
function isSafe(candidate: RoleCandidateDto): boolean {
  return (
    candidate.assigned_member_count > 0 && candidate.existing_role_id === null && candidate.sod_violations.length === 0
  );
}

/** The name, or a numbered one when a role has it already. */
async function freeRoleName(api: Api, name: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const wanted = number === 1 ? name : `${name} (${number})`;
    const found = await api.first<RoleDto>(`${GRAPH}/roles`, 100, { search: wanted });
    if (!found.some((role) => role.name === wanted)) return wanted;
  }
}

async function explain(api: Api, { id }: RoleCandidateDto): Promise<void> {
  const candidate = await api.get<RoleCandidateDto>(`${CANDIDATES}/${id}`);
  const { explanation } = candidate;
  const { attribute_rule: rule, near_misses: misses } = explanation;
  const entitlement = await lookUpNames(
    api,
    'entitlements',
    misses.map((miss) => miss.entitlement_id),
  );
  const who = rule?.conditions.map(({ attribute, value }) => `${attribute} ${value}`).join(' and ');
  const lines = [
    `Why "${candidate.proposed_name}" is a role`,
    `${count(candidate.entitlement_ids.length)} entitlements, held by ${count(candidate.member_count)} users: ` +
      `of those who hold all but one of them, ${percent(candidate.confidence_score * 100)} hold that one too.`,
    `It explains ${count(explanation.assignments_covered)} assignments, ${count(explanation.new_assignments_covered)} of ` +
      `them by no better candidate; complexity changes by ${count(explanation.complexity_change)}.`,
    ...(rule === null || who === undefined
      ? []
      : [
          `Members: ${who} (${percent(rule.recall * 100)} of them; ${percent(rule.precision * 100)} of these hold it).`,
        ]),
    ...misses
      .slice(0, 1)
      .map((miss) => `Near misses: ${count(miss.user_count)} users lack only ${entitlement(miss.entitlement_id)}.`),
  ];
  console.log(`\n${lines.join('\n  ')}`);
}

async function simulate(api: Api, { id }: RoleCandidateDto, role_name: string): Promise<void> {
  const draft = await api.post<SimulationDto>(`${CANDIDATES}/${id}/simulate`, { role_name });
  const tried = await api.post<SimulationDto>(`${SIMULATIONS}/${draft.id}/execute`);
  console.log(
    `\nSimulated, the role given to all who hold its entitlements: ${count(tried.affected_user_count)} users would hold ` +
      `something else (${count(tried.access_gained.assignment_count)} entitlements gained, ` +
      `${count(tried.access_lost.assignment_count)} lost).`,
  );
}

function accessOf(api: Api, userIds: readonly string[]): Promise<UserAccessDto[]> {
  return Promise.all(userIds.map((id) => api.get<UserAccessDto>(`${GRAPH}/users/${id}/access`)));
}

async function printAccess(
  api: Api,
  userIds: readonly string[],
  before: readonly UserAccessDto[],
  after: readonly UserAccessDto[],
): Promise<void> {
  const shown = userIds.slice(0, SHOWN);
  const user = await lookUpNames(api, 'users', shown);
  const changed = userIds.filter((_, index) => held(before[index]) !== held(after[index]));
  printTable(
    `Access of ${userIds.length} members before and after: ${changed.length} hold something else`,
    ['User', 'Held before', 'of it directly', 'Held after', 'of it directly'],
    shown.map((id, index) => [
      user(id),
      ...[before[index], after[index]].flatMap(({ items, total }) => [
        count(total),
        count(items.filter((item) => item.direct).length),
      ]),
    ]),
  );
}

/** What a user holds, however it is held. */
function held({ items }: UserAccessDto): string {
  return items
    .map((item) => item.entitlement_id)
    .sort()
    .join();
}
