import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { completedRun, FIGURES, HARMFUL, reportOf } from '../../support/report-sample.js';
import type { CompletedRun, ReportState } from '../../../src/report/mining-report.js';
import { renderReport, reportContentSecurityPolicy } from '../../../src/report/render-report.js';

const completed = (changes: Partial<CompletedRun> = {}): string =>
  renderReport(reportOf({ kind: 'completed', run: completedRun(changes) }));
const unfinished = (state: ReportState): string => renderReport(reportOf(state));
/** What a reader sees. */
const textOf = (page: string): string =>
  page
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the report of a completed run', () => {
  it('begins with what came of it', () => {
    const text = textOf(completed());
    expect(text).toContain('2 roles explain 98.3% of 122 assignments, and make access 2.4 times simpler');
    expect(text).toContain('50; no role set can be simpler than 49: at most 2.1% above the optimum.');
    expect(text).toContain('access as of 4 March 2026, 05:06 UTC');
    expect(text).toContain('The search ended because nothing better was found any more.');
  });

  it.each([
    [{ provenOptimal: true }, 'Proven: no role set is simpler than 50.'],
    [
      { lowerBound: null, boundReason: 'it is too large' },
      'is not known: it is too large. It is the best that was found.',
    ],
    [{ objective: 'roles', lowerBound: 1 } as const, '2; no role set can have fewer than 1 role'],
    [{ objective: 'roles', provenOptimal: true } as const, 'no set of fewer than 2 roles reproduces this access'],
    [{ existingRoleCount: 1 }, '1 of them exists already and stays as it is.'],
    [{ stoppedBy: 'time' }, 'running it again may give other roles'],
    [{ roleCount: 0 }, 'No role would make these 122 assignments simpler to describe.'],
    [{ assignments: 0 }, 'Nobody holds anything'],
  ])('says of %j: %s', (changes, sentence) => {
    expect(textOf(completed({ figures: { ...FIGURES, ...changes } }))).toContain(sentence);
  });

  it('says what is left out of long lists', () => {
    expect(textOf(completed())).toContain('The first 1 of 321 are listed here');
  });

  it('says that the picture is a sample', () => {
    const { matrix } = completedRun();
    const text = textOf(
      completed({ matrix: { ...matrix!, holderCount: 100_000, userCount: 100_001, isSampled: true } }),
    );
    expect(text).toContain('Showing 40 of 100,000 users, a stratified sample');
    expect(text).toContain('1 user holds nothing.');
  });

  it('leaves out what was not analysed', () => {
    const page = completed({ outliers: null, overlaps: null, suspected: null, matrix: null });
    for (const id of ['outliers', 'overlaps', 'suspected', 'matrix']) expect(page).not.toContain(`id="${id}"`);
  });

  it('says when there is nothing to see in a part', () => {
    const nothing = { items: [], total: 0 };
    const text = textOf(
      completed({
        candidates: nothing,
        overlaps: nothing,
        outliers: { attribute: null, groups: nothing, flags: nothing },
        suspected: { missing: nothing, extra: nothing },
        underCoverCurve: [{ coveragePercent: 80, roleCount: null }],
      }),
    );
    expect(text).toContain('No new role is proposed.');
    expect(text).toContain('No two roles of the organisation overlap');
    expect(text).toContain('Nobody holds so much more than the peers');
    expect(text).toContain('No single grant looks like a mistake.');
    expect(text).toContain('explain less than 80%');
  });

  it('escapes names wherever they stand', () => {
    const page = completed();
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(textOf(page)).toContain('&lt;/script&gt;&lt;img src=x');
    const data = /<script type="application\/json" id="matrix-data">(.*?)<\/script>/s.exec(page)![1];
    expect((JSON.parse(data) as { users: string[] }).users).toContain(HARMFUL);
  });

  it('allows its own script and style by their hash, and nothing else', () => {
    const page = completed();
    const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const script = hashOf(/<script>(.*?)<\/script>/s.exec(page)![1]);
    const style = hashOf(/<style>(.*?)<\/style>/s.exec(page)![1]);
    expect(reportContentSecurityPolicy()).toBe(
      `default-src 'none'; script-src ${script}; style-src ${style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(page).toContain(`default-src &#39;none&#39;; script-src ${script.replaceAll(`'`, '&#39;')}`);
    expect(page).not.toMatch(/ (style|on\w+)="/);
  });
});

describe('the report of a job without results', () => {
  const at = new Date('2026-03-04T05:50:00Z');

  it.each<[ReportState, string[]]>([
    [{ kind: 'pending', createdAt: at }, ['has not been started', '10 minutes before this was written']],
    [{ kind: 'running', startedAt: at, progressPercent: 42 }, ['is running', '42% done']],
    [
      { kind: 'waiting', startedAt: at, queuePosition: 3, reason: 'workers_busy' },
      ['waits for a worker', 'It is number 3 in line.', 'A worker is alive'],
    ],
    [
      { kind: 'waiting', startedAt: at, queuePosition: null, reason: 'worker_lost' },
      ['not heard from any more', 'begin the job anew'],
    ],
    [
      { kind: 'waiting', startedAt: at, queuePosition: 1, reason: 'no_worker' },
      ['no worker is alive to take it', 'It is next in line.', 'PROCESS_ROLE=worker'],
    ],
    [{ kind: 'failed', endedAt: at, errorMessage: 'Out of luck <b>' }, ['failed', 'Out of luck &lt;b&gt;']],
    [{ kind: 'cancelled', endedAt: at, progressPercent: 7 }, ['was cancelled', '7% done']],
  ])('says of %j why there are none', (state, sentences) => {
    const text = textOf(unfinished(state));
    for (const sentence of sentences) expect(text).toContain(sentence);
    expect(text).not.toContain('Role candidates');
  });
});
