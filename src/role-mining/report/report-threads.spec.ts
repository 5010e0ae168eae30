import { afterAll, describe, expect, it } from '@jest/globals';
import type { AccessSnapshot, IntegerLists } from '../../access-graph/snapshot/access-snapshot.js';
import type { RoleCandidate } from '../candidates/candidate.entity.js';
import type { MiningJob } from '../jobs/job.entity.js';
import type { MiningJobSummary } from '../jobs/job-summary.js';
import { DEFAULT_PARAMETERS } from '../jobs/job-parameters.js';
import { renderReport } from '../../report/render-report.js';
import type { ReportTask } from './report-task.js';
import { ReportThreads } from './report-threads.js';
import { RunOfJob } from './run-of-job.js';

const id = (place: number): string => `00000000-0000-4000-8000-${String(place).padStart(12, '0')}`;
const lists = (rows: readonly (readonly number[])[]): IntegerLists => ({
  offsets: Int32Array.from([0, ...rows.map((_, at) => rows.slice(0, at + 1).flat().length)]),
  values: Int32Array.from(rows.flat()),
});

const access = lists([[0, 1], [0, 1], [2]]);
const snapshot: AccessSnapshot = {
  takenAt: new Date(0),
  hash: 'abc',
  userIds: [id(1), id(2), id(3)],
  entitlementIds: [id(11), id(12), id(13)],
  entitlementNames: ['book', 'pay', 'mail'],
  entitlementApplications: [null, null, null],
  directAccess: access,
  access,
  attributes: [],
  roles: { ids: [], names: [], entitlements: lists([]), members: lists([]) },
};

const candidate = {
  id: id(21),
  proposedName: 'Bookkeepers',
  confidenceScore: 1,
  memberCount: 2,
  assignedMemberCount: 2,
  existingRoleId: null,
  entitlementIds: [id(11), id(12)],
  explanation: {
    assignmentsCovered: 4,
    newAssignmentsCovered: 4,
    complexityChange: -1,
    nearMisses: [],
    usersLackingTwo: 0,
    attributeRule: null,
  },
  promotionStatus: 'pending',
} as unknown as RoleCandidate;

const summary: MiningJobSummary = {
  engineVersion: '1',
  seed: 1,
  snapshotAt: new Date(0).toISOString(),
  snapshotHash: 'abc',
  users: 3,
  entitlements: 3,
  assignments: 5,
  coveredAssignments: 4,
  coveragePercent: 80,
  directAssignments: 1,
  roleCount: 1,
  complexityBefore: 5,
  complexityAfter: 5,
  lowerBound: null,
  gapPercent: null,
  provenOptimal: false,
  mode: 'full',
  modeReason: null,
  stoppedBy: 'converged',
  steps: 1,
  underCoverCurve: [],
  patternCount: 1,
  suspectedMissingCount: 0,
  suspectedExtraCount: 0,
  suggestionsTruncated: false,
  durationMs: { load: 1, mine: 1, save: 1 },
};

const task: ReportTask = {
  page: { title: 'Spring', origin: 'Mining job 1', writtenAt: new Date(0) },
  job: { parameters: DEFAULT_PARAMETERS, consolidationSuggestionCount: 0 } as unknown as MiningJob,
  summary,
  results: {
    candidates: [candidate],
    assignedMembers: [id(1) + id(2)],
    flags: [],
    suggestions: [],
    suspectedGrants: [],
  },
  snapshot,
};
const NAMES: ReadonlyMap<string, string> = new Map([[id(1), 'anna']]);

describe('a thread that writes reports', () => {
  const threads = new ReportThreads();
  afterAll(() => threads.onApplicationShutdown());
  const { signal } = new AbortController();
  const write = (of: ReportTask = task): Promise<string> =>
    threads.write(of, () => Promise.resolve(NAMES), signal).then((page) => new TextDecoder().decode(page));

  it('writes what would be written here, and asks for the names of those whom it shows', async () => {
    const run = new RunOfJob(task.job, summary, task.results, snapshot);
    const expected = renderReport({ ...task.page, state: { kind: 'completed', run: run.describe(NAMES) } });
    const asked: (readonly string[])[] = [];
    const page = await threads.write(
      task,
      (userIds) => {
        asked.push(userIds);
        return Promise.resolve(NAMES);
      },
      signal,
    );
    expect(new TextDecoder().decode(page)).toBe(expected);
    expect(expected).toContain('anna');
    expect(asked).toEqual([run.namedUsers]);
  });

  it('tells what is wrong with one, and writes the next', async () => {
    const broken = { ...task, results: { ...task.results, assignedMembers: [] } };
    await expect(write(broken)).rejects.toThrow(/length/);
    const unnamed = threads.write(task, () => Promise.reject(new Error('no database')), signal);
    await expect(unnamed).rejects.toThrow('no database');
    expect(await write()).toContain('Bookkeepers');
  });

  it('is ended when nobody waits for the report any more', async () => {
    const gone = new AbortController();
    const names = Promise.withResolvers<ReadonlyMap<string, string>>();
    const written = threads.write(
      task,
      () => {
        gone.abort(new Error('The client has gone away'));
        return names.promise;
      },
      gone.signal,
    );
    await expect(written).rejects.toThrow('The client has gone away');
    names.resolve(NAMES);
    expect(await write()).toContain('Bookkeepers');
  });
});
