import type { SeededRandom } from '../../random.js';

/** One of a list that is not empty, each with the same chance. */
export function pick(list: readonly number[], random: SeededRandom): number {
  return list[random.below(list.length)];
}
