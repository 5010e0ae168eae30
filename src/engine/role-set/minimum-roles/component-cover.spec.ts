import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../../matrix/access-matrix.js';
import { SeededRandom } from '../../random.js';
import { CoverSearch } from './cover-search.js';
import { compatibilityGraphOf, areCompatible, type CompatibilityGraph } from './compatibility-graph.js';
import { edgeComponentOf, localNumbersFor, type EdgeComponent } from './edge-component.js';
import { edgeTableOf } from './edge-table.js';
import { IndependentEdges } from './independent-edges.js';
import { maximalCliques } from './maximal-cliques.js';
import { SearchBudget } from './search-budget.js';
import { coverByStars } from './star-cover.js';

/** All edges of a small matrix as one component: without domination, so that the parts have something to do. */
const components = fc
  .array(fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 5 })
  .map((rows): EdgeComponent => {
    const table = edgeTableOf(accessMatrixFromLists(rows, 5));
    const edges = Int32Array.from({ length: table.matrix.assignmentCount }, (_, edge) => edge);
    return edgeComponentOf(table, edges, localNumbersFor(table));
  });

function graphOf(component: EdgeComponent): CompatibilityGraph {
  return compatibilityGraphOf(component, unlimited())!;
}

describe('compatibilityGraphOf', () => {
  it('joins two edges when each user holds the permission of the other', () => {
    fc.assert(
      fc.property(components, (component) => {
        const graph = graphOf(component);
        const held = new Set(vertices(graph).map((v) => `${component.users[v]} ${component.permissions[v]}`));
        const holds = (a: number, b: number): boolean => held.has(`${component.users[a]} ${component.permissions[b]}`);

        for (const a of vertices(graph)) {
          for (const b of vertices(graph)) expect(areCompatible(graph, a, b)).toBe(holds(a, b) && holds(b, a));
        }
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});

describe('maximalCliques', () => {
  it('lists exactly the cliques that nothing can be added to', () => {
    fc.assert(
      fc.property(components, (component) => {
        const graph = graphOf(component);
        const found = maximalCliques(graph, 1e6, 1e9, unlimited())!.map((clique) => [...clique].join(' '));

        expect(found.sort()).toEqual(bruteForceCliques(graph).sort());
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('gives up above the limit on their number, and when the work is used up', () => {
    const graph = graphOf(fc.sample(components, { numRuns: 1, seed: 3 })[0]);
    const count = bruteForceCliques(graph).length;

    expect(maximalCliques(graph, count, 1e9, unlimited())).toHaveLength(count);
    expect(maximalCliques(graph, count - 1, 1e9, unlimited())).toBeNull();
    expect(maximalCliques(graph, count, 1, unlimited())).toBeNull();
  });
});

describe('coverByStars', () => {
  it('covers every edge by as few users and permissions as possible', () => {
    fc.assert(
      fc.property(components, (component) => {
        const stars = coverByStars(component);

        expect([...new Set(stars.flatMap((star) => [...star]))].sort((a, b) => a - b)).toEqual(
          Array.from(component.edges, (_, at) => at),
        );
        for (const star of stars) {
          const users = new Set(Array.from(star, (at) => component.users[at]));
          const permissions = new Set(Array.from(star, (at) => component.permissions[at]));
          expect(Math.min(users.size, permissions.size)).toBe(1);
        }
        expect(stars).toHaveLength(bruteForceVertexCover(component));
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});

describe('CoverSearch and IndependentEdges', () => {
  it('enclose the smallest cover, with cliques that cover everything after every step', () => {
    fc.assert(
      fc.property(components, fc.integer(), (component, seed) => {
        const graph = graphOf(component);
        const random = new SeededRandom(seed);
        const search = new CoverSearch(graph, coverByStars(component), random, unlimited());
        const independent = new IndependentEdges(graph, random, unlimited());
        search.construct();
        independent.construct();
        for (let k = 0; k < 20; k++) {
          if (search.count > 1) search.step();
          independent.step();
          expect(new Set(search.cliques().flatMap((clique) => [...clique])).size).toBe(graph.size);
          for (const clique of search.cliques()) {
            for (const a of clique) for (const b of clique) expect(areCompatible(graph, a, b)).toBe(true);
          }
          expect(independent.best).toBeLessThanOrEqual(search.count);
        }
        expect(independent.best).toBeLessThanOrEqual(bruteForceIndependence(graph));
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

function unlimited(): SearchBudget {
  return new SearchBudget({ stepBudget: 1e9 }, {});
}

function vertices(graph: CompatibilityGraph): number[] {
  return Array.from({ length: graph.size }, (_, vertex) => vertex);
}

/** Bron and Kerbosch's recursion in its plainest form. */
function bruteForceCliques(graph: CompatibilityGraph): string[] {
  const extend = (clique: number[], candidates: number[], done: number[]): string[] => {
    if (candidates.length === 0) return done.length === 0 ? [clique.sort((a, b) => a - b).join(' ')] : [];
    const [vertex, ...rest] = candidates;
    const among = (list: number[]): number[] => list.filter((other) => areCompatible(graph, vertex, other));
    return [...extend([...clique, vertex], among(rest), among(done)), ...extend(clique, rest, [...done, vertex])];
  };
  return extend([], vertices(graph), []);
}

function bruteForceVertexCover({ users, permissions, userCount, permissionCount }: EdgeComponent): number {
  let fewest = userCount;
  for (let subset = 0; subset < 1 << userCount; subset++) {
    const open = new Set(Array.from(permissions).filter((_, at) => ((subset >> users[at]) & 1) === 0));
    const taken = Array.from({ length: userCount }, (_, user) => (subset >> user) & 1).reduce((a, b) => a + b, 0);
    fewest = Math.min(fewest, taken + Math.min(open.size, permissionCount));
  }
  return fewest;
}

function bruteForceIndependence(graph: CompatibilityGraph): number {
  const largest = (candidates: number[]): number => {
    if (candidates.length === 0) return 0;
    const [vertex, ...rest] = candidates;
    return Math.max(largest(rest), 1 + largest(rest.filter((other) => !areCompatible(graph, vertex, other))));
  };
  return largest(vertices(graph));
}
