import { html, type Html } from '../html.js';
import type { MiningReport, ReportState } from '../mining-report.js';
import { count, duration, moment } from '../wording.js';

type UnfinishedState = Exclude<ReportState, { kind: 'completed' }>;

/** In place of results: why there are none, and what to do about it. */
export function renderState({ writtenAt }: MiningReport, state: UnfinishedState): Html {
  const { title, sentences, isTrouble } = describe(state, writtenAt);
  return html`<section class="state ${isTrouble ? 'trouble' : 'calm'}" aria-labelledby="state-title">
    <h2 id="state-title">${title}</h2>
    ${state.kind === 'running' && progress(state.progressPercent)}
    ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
  </section>`;
}

interface Description {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly isTrouble: boolean;
}

function describe(state: UnfinishedState, now: Date): Description {
  const since = (at: Date): string =>
    `${moment(at)}, ${duration(now.getTime() - at.getTime())} before this was written`;
  switch (state.kind) {
    case 'pending':
      return {
        title: 'This job has not been started',
        sentences: [`It was created on ${since(state.createdAt)}. Run it, and its report will be here.`],
        isTrouble: false,
      };
    case 'waiting':
      return waiting(state, since);
    case 'running':
      return {
        title: 'This job is running',
        sentences: [
          `It was started on ${since(state.startedAt)}, and is ${count(state.progressPercent)}% done. Results come all at once when it is complete; ask for the report again then.`,
        ],
        isTrouble: false,
      };
    case 'failed':
      return {
        title: 'This job failed, so there are no results',
        sentences: [
          `It ended on ${since(state.endedAt)}. The reason: ${state.errorMessage}`,
          'A failed job is not run again: create a new one.',
        ],
        isTrouble: true,
      };
    case 'cancelled':
      return {
        title: 'This job was cancelled, so there are no results',
        sentences: [
          `It was cancelled on ${since(state.endedAt)}, when it was ${count(state.progressPercent)}% done. Nothing of it was kept; create a new job to mine again.`,
        ],
        isTrouble: false,
      };
  }
}

function waiting(state: Extract<UnfinishedState, { kind: 'waiting' }>, since: (at: Date) => string): Description {
  const place =
    state.queuePosition === null
      ? ''
      : state.queuePosition === 1
        ? ' It is next in line.'
        : ` It is number ${count(state.queuePosition)} in line.`;
  const start = `It was started on ${since(state.startedAt)}.${place}`;
  switch (state.reason) {
    case 'workers_busy':
      return {
        title: 'This job waits for a worker',
        sentences: [start, 'A worker is alive and will take it.'],
        isTrouble: false,
      };
    case 'worker_lost':
      return {
        title: 'The worker of this job is not heard from any more',
        sentences: [start, 'Another worker is alive and will begin the job anew, unless this one comes back first.'],
        isTrouble: false,
      };
    case 'no_worker':
      return {
        title: 'This job waits, and no worker is alive to take it',
        sentences: [
          start,
          'Start a process with PROCESS_ROLE=worker (or all); the job is kept and will then be taken.',
        ],
        isTrouble: true,
      };
  }
}

function progress(percent: number): Html {
  return html`<progress max="100" value="${percent}" aria-label="Progress">${percent}%</progress>`;
}
