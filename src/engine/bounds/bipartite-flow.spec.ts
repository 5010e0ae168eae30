import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BipartiteFlow } from './bipartite-flow.js';

const amount = fc.integer({ min: 0, max: 6 });
const networks = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([left, right]) =>
  fc.record({
    supply: fc.array(amount, { minLength: left, maxLength: left }),
    demand: fc.array(amount, { minLength: right, maxLength: right }),
    capacity: fc.array(amount, { minLength: left * right, maxLength: left * right }),
  }),
);
interface Network {
  supply: number[];
  demand: number[];
  capacity: number[];
}

function run(flow: BipartiteFlow, { supply, demand, capacity }: Network, enough: number): number {
  flow.supply.set(supply);
  flow.demand.set(demand);
  flow.capacity.set(capacity);
  return flow.run(supply.length, demand.length, enough);
}

/** Capacity of the best cut with these nodes of the left side on the source's side. */
function cutCapacity({ supply, demand, capacity }: Network, onSourceSide: (left: number) => boolean): number {
  const cutSupply = supply.reduce((sum, each, left) => sum + (onSourceSide(left) ? 0 : each), 0);
  return demand.reduce((sum, each, right) => {
    const into = supply.reduce(
      (total, _, left) => total + (onSourceSide(left) ? capacity[left * demand.length + right] : 0),
      0,
    );
    return sum + Math.min(each, into);
  }, cutSupply);
}

describe('BipartiteFlow', () => {
  it('sends as much as the smallest of all cuts lets through, and finds one, again and again in the same buffers', () => {
    const flow = new BipartiteFlow(5, 5, 25);
    fc.assert(
      fc.property(networks, (network) => {
        const sent = run(flow, network, Infinity);
        const cuts = Array.from({ length: 1 << network.supply.length }, (_, cut) =>
          cutCapacity(network, (left) => ((cut >> left) & 1) === 1),
        );
        expect(sent).toBe(Math.min(...cuts));
        expect(cutCapacity(network, (left) => flow.leftReached[left] === 1)).toBe(sent);
      }),
      { numRuns: 500 },
    );
  });

  it('stops early only when enough was sent', () => {
    const flow = new BipartiteFlow(5, 5, 25);
    fc.assert(
      fc.property(networks, fc.integer({ min: 0, max: 20 }), (network, enough) => {
        const most = run(flow, network, Infinity);
        const sent = run(flow, network, enough);
        expect(sent).toBeLessThanOrEqual(most);
        expect(sent).toBeGreaterThanOrEqual(Math.min(enough, most));
      }),
    );
  });
});
