import { html, type Html, type HtmlPart } from '../html.js';
import type { MatrixPicture } from '../matrix/matrix-picture.js';
import type { ReportCandidate, Shown } from '../mining-report.js';
import { count, counted, fixed, percent } from '../wording.js';
import { foldedList, howMuchIsShown, nameList } from './section.js';

/** What the list can be sorted by: the first is how it comes. */
const SORTS = [
  ['rank', 'Explains most that no earlier one does'],
  ['members', 'Members'],
  ['entitlements', 'Entitlements'],
  ['confidence', 'Confidence'],
  ['new', 'New assignments explained'],
  ['name', 'Name'],
] as const;

export function renderCandidates(candidates: Shown<ReportCandidate>, picture: MatrixPicture | null): Html {
  if (candidates.total === 0) return html`<p>No new role is proposed.</p>`;
  const placeInPicture = new Map(picture?.roles.map(({ candidate }, index) => [candidate, index]));
  return html`<p>
      What the organisation could make a role of, strongest first. Confidence 0.95 reads: whichever entitlement you take
      away, at least 95 of 100 people who hold the others hold it too.
    </p>
    ${howMuchIsShown(candidates, '; they are the strongest, and the API has all')}
    <div class="toolbar" role="search" aria-label="Candidates">
      <label class="grow"
        ><span>Search</span
        ><input id="candidate-search" type="search" autocomplete="off" placeholder="name, entitlement, department…"
      /></label>
      <label
        ><span>Sort by</span>
        <select id="candidate-sort">
          ${SORTS.map(([key, label]) => html`<option value="${key}">${label}</option>`)}
        </select></label
      >
    </div>
    <p id="candidate-status" class="status" role="status"></p>
    <table class="list" role="table" id="candidate-list">
      <caption class="hidden">
        Role candidates
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${heading('name', 'Candidate', false)} ${heading('members', 'Members')}
          ${heading('entitlements', 'Entitlements')} ${heading('confidence', 'Confidence')}
          ${heading('new', 'New assignments')}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${candidates.items.map((candidate, index) => row(candidate, index, placeInPicture.get(index), picture))}
      </tbody>
    </table>`;
}

function heading(key: string, label: string, isNumber = true): Html {
  return html`<th role="columnheader" scope="col" ${isNumber && html`class="number"`} aria-sort="none">
    <button type="button" data-sort="${key}">${label}</button>
  </th>`;
}

function row(
  candidate: ReportCandidate,
  index: number,
  place: number | undefined,
  picture: MatrixPicture | null,
): Html {
  const { name, members, confidence, entitlements, newAssignmentsCovered } = candidate;
  const cell = (label: string, text: string, value: number): Html =>
    html`<td role="cell" class="number" data-label="${label}" data-value="${value}">${text}</td>`;
  return html`<tr role="row" data-rank="${index}">
    <th role="rowheader" scope="row">
      <span class="name"
        >${place !== undefined && html`<i class="key role-${picture!.roles[place].colour}"></i>`}${name}</span
      >
      ${decisionMark(candidate)}
      <p>${ruleSentence(candidate)}</p>
      <details>
        <summary>Why, and what is in it</summary>
        ${explanation(candidate)}
        <h3>${counted(entitlements.total, 'entitlement')}</h3>
        ${nameList(entitlements)}
        ${place !== undefined && html`<p><button type="button" class="link" data-show-role="${place}">Show in the picture</button></p>`}
      </details>
    </th>
    ${cell('Members', count(members), members)} ${cell('Entitlements', count(entitlements.total), entitlements.total)}
    ${cell('Confidence', fixed(Math.floor(confidence * 100) / 100, 2), confidence)}
    ${cell('New assignments', count(newAssignmentsCovered), newAssignmentsCovered)}
  </tr>`;
}

function decisionMark({ decision, existingRole }: ReportCandidate): HtmlPart {
  return [
    decision !== null && html` <span class="mark mark-${decision}">${decision}</span>`,
    existingRole !== null && html` <span class="mark">a variant of ${existingRole}</span>`,
  ];
}

function ruleSentence({ attributeRule }: ReportCandidate): string {
  if (attributeRule === null) return 'No attribute sets its members apart.';
  const conditions = attributeRule.conditions.map(({ attribute, value }) => `${attribute} ${value}`).join(' and ');
  const [recall, precision] = [percent(attributeRule.recall * 100, 0), percent(attributeRule.precision * 100, 0)];
  return `${conditions}: ${recall} of the members have it, and ${precision} of those who have it are members.`;
}

function explanation(candidate: ReportCandidate): Html {
  const { givenTo, members, assignmentsCovered, newAssignmentsCovered, complexityChange, nearMisses, usersLackingTwo } =
    candidate;
  const change =
    complexityChange < 0
      ? `makes the whole simpler by ${count(-complexityChange)}`
      : complexityChange === 0
        ? 'leaves the complexity as it is'
        : `costs ${count(complexityChange)} more than it saves`;
  const near = nearMisses.items.reduce((sum, { users }) => sum + users, 0);
  return html`<p>
      ${counted(members, 'person holds', 'people hold')} all of it, and the proposal gives it to ${count(givenTo)} of
      them (the others get the same from other roles). It explains ${counted(assignmentsCovered, 'assignment')},
      ${count(newAssignmentsCovered)} of which no earlier candidate explains, and ${change}.
      ${near === 0 && 'Nobody lacks just one of its entitlements.'}
      ${usersLackingTwo > 0 && `${counted(usersLackingTwo, 'person lacks', 'people lack')} exactly two.`}
    </p>
    ${foldedList('People who lack just one of its entitlements', {
      items: nearMisses.items.map(({ entitlement, users }) => `${entitlement}: ${counted(users, 'person', 'people')}`),
      total: nearMisses.total,
    })}`;
}
