import { SeededRandom } from '../../src/engine/random.js';

/**
 * When requests of an open loop are due, in milliseconds from its begin: independent callers, so exponential gaps. The same
 * rate and length give the same arrivals, so that measurements differ in what is measured only.
 */
export function arrivals(perSecond: number, seconds: number): number[] {
  const random = new SeededRandom(1);
  const times: number[] = [];
  for (let at = 0; ; times.push(at)) {
    at += (-Math.log(1 - random.float()) / perSecond) * 1000;
    if (at >= seconds * 1000) return times;
  }
}
