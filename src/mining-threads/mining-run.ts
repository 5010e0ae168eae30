import type { Piscina } from 'piscina';
import type { MiningOptions, MiningPhase, MiningResult, Organisation, PhaseResult } from '../engine/index.js';
import type { HelpTask, PhaseTask } from './mining-task.js';
import { MiningCancelledError } from './mining.error.js';
import { helpLink } from './pattern-help.js';
import { RunSignals } from './run-signals.js';
import { shareOrganisation } from './share-organisation.js';

/** One organisation on its way through the pool: a task for each phase, and helpers for the patterns. */
export class MiningRun {
  readonly signals = new RunSignals();
  private readonly organisation: Organisation;
  private readonly stopped = Promise.withResolvers<void>();
  private failure: { readonly cause: unknown } | null = null;

  /** @param helperCount threads that are asked to help with patterns, when they have nothing else to do */
  constructor(
    private readonly pool: Piscina,
    organisation: Organisation,
    private readonly options: MiningOptions,
    private readonly helperCount: number,
  ) {
    this.organisation = shareOrganisation(organisation);
  }

  /** Asks all threads to stop. */
  stop(): void {
    this.signals.cancel();
    this.stopped.resolve();
  }

  /** Settles when the last thread has stopped, also after a failure. Rejects when the run was stopped. */
  async finish(): Promise<MiningResult> {
    const links = Array.from({ length: this.options.patterns === null ? 0 : this.helperCount }, () => helpLink());
    const patterns = this.phase(
      'patterns',
      links.map(({ forLeader }) => forLeader),
    ).finally(() => links.forEach((link) => link.end()));
    const phases = [
      patterns,
      this.phase('roles'),
      this.phase('privileges'),
      this.phase('consolidation'),
      this.phase('noise'),
    ] as const;
    const helpers = links.map(({ forHelper }) => this.help({ link: forHelper, signals: this.signals.shared }));
    await Promise.allSettled(phases);
    // A helper that has not got a thread yet is not waited for: once it has one, it sees that there is nothing to do.
    await Promise.all(helpers.filter((_, index) => links[index].isStarted()));
    if (this.failure !== null) throw this.failure.cause;
    const [first, ...others] = await Promise.all(phases);
    return Object.assign({}, first, ...others) as MiningResult;
  }

  private async phase<Phase extends MiningPhase>(
    phase: Phase,
    helpers: PhaseTask['helpers'] = [],
  ): Promise<PhaseResult[Phase]> {
    const { organisation, options, signals } = this;
    const task: PhaseTask = {
      phase,
      organisation: neededBy(phase, organisation),
      options,
      signals: signals.shared,
      helpers,
    };
    const transferList = helpers.map(({ port }) => port);
    const running = this.pool.run(task, { name: 'runPhase', transferList }).catch((error: unknown) => this.fail(error));
    // Once the run is stopped nobody waits for a phase without a thread: when it gets one it ends at once. To abort its
    // task instead could cost a thread that is about to begin it, and piscina takes such tasks in another order.
    const stoppedBefore = this.stopped.promise.then(() => {
      if (signals.fractionOf(phase) === null) throw new MiningCancelledError();
      return running;
    });
    return (await Promise.race([running, stoppedBefore])) as PhaseResult[Phase];
  }

  private async help(task: HelpTask): Promise<void> {
    const transferList = [task.link.port];
    await this.pool.run(task, { name: 'helpWithPatterns', transferList }).catch((error: unknown) => this.fail(error));
  }

  /** The first failure is the run's; the others come of its being stopped. */
  private fail(cause: unknown): void {
    this.failure ??= { cause };
    this.stop();
  }
}

/** Only names and explanations need texts, which a thread gets as copies. */
function neededBy(phase: MiningPhase, organisation: Organisation): Organisation {
  return phase === 'roles' ? organisation : { ...organisation, entitlementNames: [], entitlementApplications: [] };
}
