import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import { ProcessMetrics } from '../../process-metrics/process-metrics.js';
import { type QueueCounts, QueueState } from './queue-state.js';
import { STOPWATCH_PARTS, type Stopwatch } from './stopwatch.js';

/** How a worker's run of a job ended; `lost`: cancelled, or taken over by another worker. */
const JOB_OUTCOMES = ['completed', 'failed', 'lost', 'handed_back'] as const;
export type JobOutcome = (typeof JOB_OUTCOMES)[number];

/** Numbers about the queue (the same from every process) and about the jobs that this process runs. */
@Injectable()
export class JobMetrics {
  private readonly runs: Counter<'outcome'>;
  private readonly phases: Histogram<'phase'>;

  constructor(metrics: ProcessMetrics, queue: QueueState) {
    const registers = [metrics.registry];
    this.runs = new Counter({
      name: 'role_mining_runs_total',
      help: 'Runs of jobs that this worker has ended, by outcome.',
      labelNames: ['outcome'],
      registers,
    });
    this.phases = new Histogram({
      name: 'role_mining_phase_duration_seconds',
      help: 'Time that completed jobs took to load, to mine and to save.',
      labelNames: ['phase'],
      buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
      registers,
    });
    // From 0 on: a series that begins with its first run shows no increase by it.
    for (const outcome of JOB_OUTCOMES) this.runs.inc({ outcome }, 0);
    for (const phase of STOPWATCH_PARTS) this.phases.zero({ phase });
    const gauge = (name: string, help: string, count: (counts: QueueCounts) => number): void => {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          // Without the database there is no number: an old one would look like a quiet queue.
          await queue.read().then(
            (counts) => this.set(count(counts)),
            () => this.remove(),
          );
        },
      });
    };
    gauge('role_mining_queue_waiting_jobs', 'Jobs that wait for a worker.', (counts) => counts.waiting);
    gauge('role_mining_queue_active_jobs', 'Jobs that a worker has in hand.', (counts) => counts.active);
    gauge(
      'role_mining_queue_oldest_wait_seconds',
      'How long the job that waits longest has waited; 0 when none waits.',
      (counts) => counts.oldestWaitSeconds,
    );
    gauge('role_mining_workers', 'Live processes that take jobs.', (counts) => counts.workers);
  }

  countRun(outcome: JobOutcome): void {
    this.runs.inc({ outcome });
  }

  observePhases({ durations }: Stopwatch): void {
    for (const [phase, milliseconds] of Object.entries(durations)) this.phases.observe({ phase }, milliseconds / 1000);
  }
}
