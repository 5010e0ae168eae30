import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { EngineControl, EngineKernels, PatternFindings, PatternTask } from '../engine/index.js';

/**
 * How the thread that searches for patterns shares each step with helpers, while all of them compute and none returns to
 * its event loop: messages are looked for when a shared integer says so. The thread that leads waits only for helpers
 * that have begun the step, so that a helper that still waits for a thread of the pool keeps nobody waiting; it finds
 * no root columns left. Root columns are claimed once, whoever does it, and findings only have to be put together: the
 * result does not depend on who helps.
 */

/** Steps are numbered from 1. `POSTED` is the last one on offer, `BEGUN` and `DONE` are the helper's. */
const POSTED = 0;
const BEGUN = 1;
const DONE = 2;
const STARTED = 3;
const SLOTS = 4;

const OVER = -1;

/** Between two looks whether the run has been cancelled, e.g. because the helper has died. */
const PATIENCE_MILLISECONDS = 50;

interface OfferedStep {
  readonly step: number;
  readonly task: PatternTask;
}

interface HelperFindings {
  readonly step: number;
  readonly findings: PatternFindings;
}

/** One end of the link between the leading thread and a helper: for the thread that gets it. */
export interface HelpLink {
  readonly port: MessagePort;
  readonly slots: Int32Array;
}

/** Both ends of a link, for whoever starts the threads. */
export interface HelpLinkPair {
  readonly forLeader: HelpLink;
  readonly forHelper: HelpLink;
  /** Whether the helper has got a thread. */
  readonly isStarted: () => boolean;
  /** Lets the helper go. */
  readonly end: () => void;
}

export function helpLink(): HelpLinkPair {
  const { port1, port2 } = new MessageChannel();
  const slots = new Int32Array(new SharedArrayBuffer(SLOTS * Int32Array.BYTES_PER_ELEMENT));
  return {
    forLeader: { port: port1, slots },
    forHelper: { port: port2, slots },
    isStarted: () => Atomics.load(slots, STARTED) !== 0,
    end: () => {
      Atomics.store(slots, POSTED, OVER);
      Atomics.notify(slots, POSTED);
    },
  };
}

/** The kernels of the leading thread: its searches offer every step to the helpers. */
export function withHelp(kernels: EngineKernels, links: readonly HelpLink[]): EngineKernels {
  let step = 0;
  return {
    ...kernels,
    workOnPatterns: (task, control) => {
      step++;
      for (const link of links) offer(link, { step, task });
      const own = kernels.workOnPatterns(task, control);
      const theirs = links.flatMap((link) => findingsOf(link, step, control));
      return { records: [own, ...theirs].flatMap(({ records }) => records) };
    },
  };
}

/** What a helper does from when it starts until the run is over. */
export function help({ port, slots }: HelpLink, kernels: EngineKernels, control: EngineControl): void {
  Atomics.store(slots, STARTED, 1);
  let seen = 0;
  for (;;) {
    Atomics.wait(slots, POSTED, seen);
    seen = Atomics.load(slots, POSTED);
    if (seen === OVER) return;
    const offered = lastMessage<OfferedStep>(port);
    if (offered === null) continue;
    const { step, task } = offered;
    Atomics.store(slots, BEGUN, step);
    const findings = kernels.workOnPatterns(task, control);
    const buffers = findings.records.map(({ buffer }) => buffer as ArrayBuffer);
    port.postMessage({ step, findings } satisfies HelperFindings, buffers);
    Atomics.store(slots, DONE, step);
    Atomics.notify(slots, DONE);
  }
}

function offer({ port, slots }: HelpLink, offered: OfferedStep): void {
  if (Atomics.load(slots, POSTED) === OVER) return;
  port.postMessage(offered);
  Atomics.store(slots, POSTED, offered.step);
  Atomics.notify(slots, POSTED);
}

/** Asked when no root column is left: who has claimed one has begun. */
function findingsOf({ port, slots }: HelpLink, step: number, control: EngineControl): PatternFindings[] {
  if (Atomics.load(slots, BEGUN) !== step) return [];
  for (let done = Atomics.load(slots, DONE); done !== step; done = Atomics.load(slots, DONE)) {
    if (control.isCancelled?.() === true) return [];
    Atomics.wait(slots, DONE, done, PATIENCE_MILLISECONDS);
  }
  // Findings of an earlier step are of a helper that came too late for it, and empty.
  const last = lastMessage<HelperFindings>(port);
  return last === null ? [] : [last.findings];
}

function lastMessage<Message>(port: MessagePort): Message | null {
  let last: Message | null = null;
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    last = next.message as Message;
  }
  return last;
}
