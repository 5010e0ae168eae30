import type { Observer } from './observer.js';
import { createJob, type Hold, type Member, runJob, type Stage, type Tenant } from './stage.js';
import { until } from './until.js';

export const PHASES = ['claimed', 'loading', 'mining', 'saving'] as const;
export type Phase = (typeof PHASES)[number];

/** What each phase is made to wait for: a table that it needs and no earlier phase does. */
const TABLE_OF_PHASE = { loading: 'access_assignment', saving: 'role_mining_pattern' } as const;

/** A run of a job: who claimed it, and under which id. */
export interface Run {
  readonly jobId: string;
  readonly worker: Member;
  readonly claimId: string;
}

/** Waits until one of the workers sends a claim of the job to the database that is not among the known ones. */
export function nextRun(
  jobId: string,
  workers: () => readonly Member[],
  known: ReadonlySet<string> = new Set(),
): Promise<Run & { at: number; forward: () => void }> {
  return until(`a claim of job ${jobId}`, () => {
    const claims = workers().flatMap((worker) => worker.proxy.claims.map((claim) => ({ ...claim, worker })));
    return claims.findLast((claim) => claim.jobId === jobId && !known.has(claim.claimId)) ?? null;
  });
}

/** Holds the row of the job, then lets the claim through that the worker's proxy keeps back: it waits for the row. */
export async function catchRun(run: Run & { forward: () => void }, stage: Stage): Promise<Hold> {
  const gate = await stage.holdJob(run.jobId);
  run.forward();
  return gate;
}

/** Runs a new job, and catches it when one of the workers claims it; other claims of theirs are kept back as well. */
export async function catchNewJob(
  stage: Stage,
  api: Member,
  tenant: Tenant,
  workers: readonly Member[],
): Promise<{ run: Run; gate: Hold }> {
  const jobId = await createJob(api.process, tenant);
  for (const { proxy } of workers) proxy.keepsClaims = true;
  await runJob(api.process, tenant, jobId);
  const run = await nextRun(jobId, () => workers);
  return { run, gate: await catchRun(run, stage) };
}

/**
 * Leads a run whose claim is held (`gate`, the lock on its job's row) into the phase, and makes it wait there; in mining
 * nothing can make it wait.
 *
 * @returns what holds the run in its phase, to be let go
 */
export async function leadTo(phase: Phase, run: Run, gate: Hold, stage: Stage): Promise<Hold> {
  const arrived = (at: Phase): Promise<true> => until(`${at}`, () => isIn(at, run, stage.observer));
  if (phase === 'claimed') {
    await arrived('claimed');
    return gate;
  }
  if (phase === 'loading') {
    const hold = await stage.hold(`LOCK TABLE ${TABLE_OF_PHASE.loading} IN ACCESS EXCLUSIVE MODE`);
    await gate.release();
    await arrived('loading');
    return hold;
  }
  await gate.release();
  await arrived('mining');
  if (phase === 'mining') return gate;
  // Not before: others may save meanwhile.
  const hold = await stage.hold(`LOCK TABLE ${TABLE_OF_PHASE.saving} IN SHARE MODE`);
  await arrived('saving');
  return hold;
}

/**
 * As `leadTo`, and stops the run's process there: frozen, it cannot go on while we look whether it is where it should be.
 */
export async function freezeIn(phase: Phase, run: Run, gate: Hold, stage: Stage): Promise<Hold> {
  const hold = await leadTo(phase, run, gate, stage);
  for (;;) {
    await run.worker.process.freeze();
    if (await isIn(phase, run, stage.observer)) return hold;
    // It was just writing its progress, whose lock on the job's row would be frozen with it.
    run.worker.process.signal('SIGCONT');
    await until(phase, () => isIn(phase, run, stage.observer));
  }
}

/** Whether the database shows the run in the phase: by its job's row, and by what its worker's sessions wait for. */
async function isIn(phase: Phase, run: Run, observer: Observer): Promise<boolean> {
  if (phase === 'mining') return isMining(run, observer);
  const [job, sessions] = await Promise.all([observer.job(run.jobId), observer.sessions(run.worker.proxy)]);
  if (job.status !== 'running' || job.queued !== 'active') return false;
  if (phase === 'claimed') {
    // Taken from the queue, the claim sent and not yet written.
    const claiming = sessions.some(({ waitsFor, query }) => waitsFor === 'row' && query.includes('"claim_id" = $1'));
    return claiming && job.claimId !== run.claimId;
  }
  if (job.claimId !== run.claimId) return false;
  const waiting = sessions.find(({ waitsFor }) => waitsFor === TABLE_OF_PHASE[phase]);
  if (waiting === undefined || sessions.some((session) => session !== waiting && session.isInTransaction)) return false;
  // Saving has written candidates by now, which nobody sees; loading writes nothing.
  return waiting.hasWritten === (phase === 'saving');
}

/** It has reported the end of loading and not that of mining, and has no transaction open: neither of a load nor of a save. */
async function isMining({ jobId, claimId, worker }: Run, observer: Observer): Promise<boolean> {
  const [job, sessions] = await Promise.all([observer.job(jobId), observer.sessions(worker.proxy)]);
  if (job.status !== 'running' || job.claimId !== claimId) return false;
  const { progress } = worker.proxy;
  return progress >= 5 && progress < 80 && sessions.every(({ isInTransaction }) => !isInTransaction);
}
