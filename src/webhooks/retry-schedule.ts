/** Every wait is so many times as long as the one before. */
const GROWTH = 3;
const LONGEST_WAIT_SECONDS = 8 * 3600;
/** Up to so much shorter or longer, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * Whole seconds before the next attempt. With 5 s and 11 attempts the last one is about 20 hours after the first.
 *
 * @param failures attempts so far, at least 1
 * @param random 0 to 1
 */
export function secondsBeforeRetry(failures: number, firstWaitSeconds: number, random: number): number {
  const wait = Math.min(LONGEST_WAIT_SECONDS, firstWaitSeconds * GROWTH ** (failures - 1));
  return Math.round(wait * (1 - JITTER + 2 * JITTER * random));
}
