import { describe, expect, it, jest } from '@jest/globals';
import { JobEventStream } from './job-event-stream.js';
import type { JobFollower } from './job-followers.js';
import type { JobState } from './job-state.js';

const IN_AN_HOUR = Math.floor(Date.now() / 1000) + 3600;

function state(revision: number, changes: Partial<JobState> = {}): JobState {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    revision,
    status: 'running',
    claimId: '00000000-0000-4000-8000-000000000002',
    phase: 'roles',
    progressPercent: 0,
    bestRoleCount: null,
    bestComplexity: null,
    candidateCount: 0,
    excessivePrivilegeCount: 0,
    consolidationSuggestionCount: 0,
    errorMessage: null,
    updatedAt: new Date(0),
    waitingReason: null,
    ...changes,
  };
}

const idsIn = (text: string): number[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

describe('a stream of job events', () => {
  it('follows from when it is read, and no longer once it is destroyed', async () => {
    const stop = jest.fn();
    const follow = jest.fn((_follower: JobFollower) => stop);
    const stream = new JobEventStream(state(1), 0, IN_AN_HOUR, follow);
    expect(follow).not.toHaveBeenCalled();
    stream.resume();
    await new Promise((resolve) => setImmediate(resolve));
    expect(follow).toHaveBeenCalledTimes(1);
    expect(stop).not.toHaveBeenCalled();
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('leaves older states out, whenever they come', async () => {
    const stream = new JobEventStream(state(5), 3, IN_AN_HOUR, (follower) => {
      for (const revision of [4, 5, 7, 6, 7]) follower.tell(state(revision));
      follower.tell(state(8, { status: 'completed' }));
      follower.tell(state(9, { status: 'completed' }));
      return () => undefined;
    });
    expect(idsIn((await stream.setEncoding('utf8').toArray()).join(''))).toEqual([7, 8]);
  });

  it('tells that the worker is lost and is back, which is in no revision', async () => {
    const stream = new JobEventStream(state(5), 5, IN_AN_HOUR, (follower) => {
      setImmediate(() => {
        for (const waitingReason of [null, 'worker_lost', 'worker_lost', null, 'no_worker'] as const) {
          follower.tell(state(5, { waitingReason }));
        }
        follower.tell(state(6, { status: 'completed' }));
      });
      return () => undefined;
    });
    const text = (await stream.setEncoding('utf8').toArray()).join('');
    expect(idsIn(text)).toEqual([5, 5, 5, 6]);
    expect([...text.matchAll(/"phase":("?\w+"?),.*"waiting_reason":("?\w+"?)/g)].map(([, ...pair]) => pair)).toEqual([
      ['"queued"', '"worker_lost"'],
      ['"roles"', 'null'],
      ['"queued"', '"no_worker"'],
      ['null', 'null'],
    ]);
  });

  it('repeats why a job waits to whoever knows its revision only if that says otherwise', async () => {
    const first = async (changes: Partial<JobState>): Promise<number[]> => {
      const stream = new JobEventStream(state(5, changes), 5, IN_AN_HOUR, (follower) => {
        setImmediate(() => follower.tell(null));
        return () => undefined;
      });
      return idsIn((await stream.setEncoding('utf8').toArray()).join(''));
    };
    expect(await first({ claimId: null, waitingReason: 'workers_busy' })).toEqual([]);
    expect(await first({})).toEqual([]);
    expect(await first({ waitingReason: 'worker_lost' })).toEqual([5]);
  });

  it('keeps the latest state only while its client does not read', async () => {
    let follower: JobFollower | undefined;
    const stream = new JobEventStream(state(1), 0, IN_AN_HOUR, (given) => {
      follower = given;
      return () => undefined;
    });
    stream.read(0);
    await new Promise((resolve) => setImmediate(resolve));
    for (let revision = 2; revision < 5000; revision++) {
      follower?.tell(state(revision));
      follower?.beat();
    }
    expect(stream.readableLength).toBeLessThan(2 * stream.readableHighWaterMark);
    follower?.tell(state(5000, { status: 'failed' }));
    const ids = idsIn((await stream.setEncoding('utf8').toArray()).join(''));
    expect(ids.length).toBeLessThan(1000);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    expect(ids.at(-1)).toBe(5000);
  });

  it('ends when there is nothing more to come', async () => {
    const stream = new JobEventStream(state(1), 0, IN_AN_HOUR, (follower) => {
      setImmediate(() => follower.tell(null));
      return () => undefined;
    });
    expect(idsIn((await stream.setEncoding('utf8').toArray()).join(''))).toEqual([1]);
  });
});
