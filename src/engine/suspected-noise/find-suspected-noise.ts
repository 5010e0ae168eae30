import type { EngineControl, StoppedBy } from '../control.js';
import type { AccessMatrix } from '../matrix/access-matrix.js';
import type { SparseLists } from '../role-set/fast/sparse-lists.js';
import { StepMeter } from '../role-set/fast/step-meter.js';
import { mutualClasses } from './block-candidates.js';
import { reviseBlocks, survey } from './block-survey.js';
import { firstNoiseModel, fitNoiseModel, type NoiseModel } from './noise-model.js';
import { type Block, RowExplanation } from './row-explanation.js';
import { type SuspectedGrants, SuspicionList } from './suspicion-list.js';

export interface SuspectedNoiseOptions {
  /** At most so many of each kind, the surest. */
  limit: number;
}

/** A list for review. Nothing of it is ever applied. */
export interface SuspectedNoise {
  /** Entitlements that a user lacks, though it has nearly all that goes with them. */
  readonly missing: SuspectedGrants;
  /** Entitlements that a user holds, though nothing that goes with them. */
  readonly extra: SuspectedGrants;
  /** Blocks of entitlements held together that explain the access. */
  readonly blockCount: number;
  /** `cancelled`: the lists are empty. */
  readonly stoppedBy: Extract<StoppedBy, 'converged' | 'cancelled'>;
}

/** Each round learns from what the one before left over; after five or six the counts hardly moved on generated data. */
const learningRounds = 6;
/** Rounds at the end in which what is left over often is taken as individual rather than as an unknown block. */
const settledRounds = 2;

/**
 * Suspected missing and extra grants, with tolerance on both sides: learns blocks of entitlements that are held together
 * up to noise, finds for every user the most probable set of blocks (a missing entitlement of a block and an entitlement
 * outside all of them each cost what they are improbable), and lists what this leaves missing and extra.
 *
 * Why it works: people with the same duties get the same access, so that a block shows in hundreds of rows while a
 * mistake shows in one. What remains doubtful is decided by rates that the data itself shows: how often a cell of a block
 * is missing, how often one outside is there, and which entitlements are left over so often, and so rarely explained,
 * that they must be granted person by person. The lists go on as long as they are expected to be right (see
 * `SuspicionList`). Only the matrix is looked at: departments show in it as blocks.
 *
 * Beyond reach: a mistake that looks like what is granted person by person, and a missing entitlement whose companions
 * the user has for other reasons.
 *
 * O(rounds × assignments × blocks per entitlement). Deterministic.
 */
export function findSuspectedNoise(
  matrix: AccessMatrix,
  options: SuspectedNoiseOptions,
  control: EngineControl,
): SuspectedNoise {
  const { userCount, entitlementCount } = matrix;
  const meter = new StepMeter(control, Infinity);
  let model = firstNoiseModel(matrix.assignmentCount, userCount, entitlementCount);
  let cells: SparseLists = matrix;
  const blocks = new BlockList();
  const roundShare = 1 / (learningRounds + 1);
  for (let round = 0; round < learningRounds; round++) {
    meter.startStage(round * roundShare, (round + 1) * roundShare, entitlementCount + userCount);
    blocks.offerAll(mutualClasses(cells, entitlementCount, meter.step));
    const found = survey(matrix, new RowExplanation(blocks.all, userCount, model), meter.step);
    if (found === null) break;
    model = fitNoiseModel(matrix, found, round >= learningRounds - settledRounds);
    cells = found.leftovers;
    blocks.replace(reviseBlocks(blocks.all, found, entitlementCount, meter.step));
  }
  meter.startStage(1 - roundShare, 1, userCount);
  const explanation = new RowExplanation(blocks.all, userCount, model);
  const missing = new SuspicionList();
  const extra = new SuspicionList();
  for (let user = 0; user < userCount; user++) {
    if (meter.step()) break;
    const row = matrix.rowColumns.subarray(matrix.rowOffsets[user], matrix.rowOffsets[user + 1]);
    explanation.explain(user, row);
    suspectMissing(user, explanation, missing);
    suspectExtra(user, row, explanation, model, extra);
  }
  const isCancelled = meter.stoppedBy !== null;
  if (!isCancelled) control.onProgress?.(1);
  return {
    missing: missing.surest(isCancelled ? 0 : options.limit),
    extra: extra.surest(isCancelled ? 0 : options.limit),
    blockCount: blocks.all.length,
    stoppedBy: isCancelled ? 'cancelled' : 'converged',
  };
}

function suspectMissing(user: number, explanation: RowExplanation, missing: SuspicionList): void {
  const surest = new Map<number, number>();
  for (const [at, block] of explanation.chosen.entries()) {
    for (const entitlement of explanation.blocks[block].entitlements) {
      if (explanation.isHeld(entitlement)) continue;
      surest.set(entitlement, Math.max(surest.get(entitlement) ?? 0, explanation.margins[at]));
    }
  }
  for (const [entitlement, score] of surest) missing.add(user, entitlement, score);
}

/**
 * An extra is a mistake against the block that comes closest to explaining it; one of an individual entitlement is a
 * mistake by that entitlement's share of mistakes, times the user's access against the average.
 */
function suspectExtra(
  user: number,
  row: Int32Array,
  explanation: RowExplanation,
  { extraCosts, mistakenShares, grantedPerUser }: NoiseModel,
  extra: SuspicionList,
): void {
  const leftOver = row.filter((entitlement) => !explanation.isGranted(entitlement));
  const access = (row.length - leftOver.length) / grantedPerUser;
  for (const entitlement of leftOver) {
    const share = mistakenShares[entitlement];
    const logOdds =
      share < 1
        ? Math.log((access * share) / (1 - share))
        : Math.min(extraCosts[entitlement], explanation.distanceToNearestBlock(entitlement));
    extra.add(user, entitlement, logOdds);
  }
}

/** Blocks, each set of entitlements once. */
class BlockList {
  all: Block[] = [];
  private known = new Set<string>();

  offerAll(offered: readonly Block[]): void {
    for (const block of offered) {
      const key = block.entitlements.join();
      if (this.known.has(key)) continue;
      this.known.add(key);
      this.all.push(block);
    }
  }

  /**
   * The blocks that stay, and new forms of them. A form that was dropped before may come back: with other blocks beside
   * it may be the right one after all.
   */
  replace(revised: readonly Block[]): void {
    const current = new Set(this.all.map(({ entitlements }) => entitlements));
    this.all = revised.filter(({ entitlements }) => current.has(entitlements));
    this.known = new Set(this.all.map(({ entitlements }) => entitlements.join()));
    this.offerAll(revised.filter(({ entitlements }) => !current.has(entitlements)));
  }
}
