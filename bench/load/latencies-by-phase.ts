import { arrivals } from './arrivals.js';
import type { LoadOutcome } from './generator-protocol.js';
import type { SeenPhase } from './repeated-job.js';

/** Of the time before a worker had the job, and between two jobs. */
const NO_PHASE = 'none';

type ByPhase = Map<string, number[]>;

/** An open loop's latencies by the phase that was seen last before each request was due: known to a quarter of a second. */
export function latenciesByPhase(
  { beganAt, latencies }: Pick<LoadOutcome, 'beganAt' | 'latencies'>,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  seen: readonly SeenPhase[],
): ByPhase {
  const groups: ByPhase = new Map();
  const due = arrivals(perSecond, seconds);
  let place = 0;
  latencies.forEach((latency, request) => {
    while (place < seen.length && seen[place].at <= beganAt + due[request]) place += 1;
    add(groups, seen[place - 1]?.phase ?? NO_PHASE, [latency]);
  });
  return groups;
}

export function mergedPhases(parts: readonly { readonly byPhase: ReadonlyMap<string, readonly number[]> }[]): ByPhase {
  const merged: ByPhase = new Map();
  for (const { byPhase } of parts) for (const [phase, latencies] of byPhase) add(merged, phase, latencies);
  return merged;
}

function add(groups: ByPhase, phase: string, latencies: readonly number[]): void {
  const group = groups.get(phase) ?? [];
  groups.set(phase, group);
  for (const latency of latencies) group.push(latency);
}
