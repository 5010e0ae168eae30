import type { Piscina } from 'piscina';
import type { MiningOptions, MiningPhase, MiningResult, Organisation, PhaseResult } from '../engine/index.js';
import type { HelpTask, PhaseTask } from './mining-task.js';
import { helpLink } from './pattern-help.js';
import { RunSignals } from './run-signals.js';
import { shareOrganisation } from './share-organisation.js';

/** One organisation on its way through the pool: a task for each phase, and helpers for the patterns. */
export class MiningRun {
  readonly signals = new RunSignals();
  private readonly organisation: Organisation;
  private readonly queued = new Map<MiningPhase, AbortController>();
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

  /** Asks all threads to stop, and takes back the phases that none has taken up. */
  stop(): void {
    this.signals.cancel();
    // To abort a task that runs would cost its thread; it sees the signals.
    for (const [phase, controller] of this.queued) if (this.signals.fractionOf(phase) === null) controller.abort();
  }

  /** Settles when the last thread has stopped, also after a failure. Once stopped the result is incomplete. */
  async finish(): Promise<MiningResult> {
    const links = Array.from({ length: this.options.patterns === null ? 0 : this.helperCount }, helpLink);
    const patterns = this.phase(
      'patterns',
      links.map(({ forLeader }) => forLeader),
    );
    const phases = [patterns, this.phase('roles'), this.phase('privileges'), this.phase('consolidation')] as const;
    const helpers = links.map(({ forHelper }) => this.help({ link: forHelper, signals: this.signals.shared }));
    await Promise.allSettled([patterns]);
    links.forEach((link) => link.end());
    // A helper that has not got a thread yet is not waited for: once it has one, it sees that there is nothing to do.
    await Promise.allSettled([...phases, ...helpers.filter((_, index) => links[index].isStarted())]);
    // What the other phases say after a failure is only that they were taken back.
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
    const controller = new AbortController();
    this.queued.set(phase, controller);
    try {
      return (await this.pool.run(task, {
        name: 'runPhase',
        signal: controller.signal,
        transferList: helpers.map(({ port }) => port),
      })) as PhaseResult[Phase];
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  private async help(task: HelpTask): Promise<void> {
    try {
      await this.pool.run(task, { name: 'helpWithPatterns', transferList: [task.link.port] });
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(cause: unknown): void {
    this.failure ??= { cause };
    this.stop();
  }
}

/** Only names and explanations need texts, which a thread gets as copies. */
function neededBy(phase: MiningPhase, organisation: Organisation): Organisation {
  return phase === 'roles' ? organisation : { ...organisation, entitlementNames: [], entitlementApplications: [] };
}
