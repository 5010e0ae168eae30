/**
 * The fewest roles that reproduce every assignment: a minimum cover of the edges of the user × entitlement matrix by
 * bicliques, with a lower bound that often proves it (Ene, Horne, Milosavljevic, Rao, Schreiber & Tarjan, "Fast exact
 * and heuristic methods for role minimization problems", SACMAT 2008).
 *
 * Equal rows and columns are merged, edges that any role can take in besides another are set aside (domination), what
 * is left falls into components of edges that share bicliques. Each is covered by cliques of its compatibility graph
 * and bounded by independent edges; the search goes on until both meet or the budget ends.
 */
import type { EngineControl, StoppedBy } from '../../control.js';
import type { AccessMatrix } from '../../matrix/access-matrix.js';
import { reduceMatrix, type ReducedMatrix } from '../../matrix/reduce.js';
import { SeededRandom } from '../../random.js';
import { compatibilityBytes } from './compatibility-graph.js';
import { ComponentCover } from './component-cover.js';
import { edgeComponentOf, extentOf, localNumbersFor } from './edge-component.js';
import { splitIntoComponents } from './edge-components.js';
import { dominateEdges } from './edge-domination.js';
import { edgeTableOf, type EdgeTable } from './edge-table.js';
import { expandClasses, type ReducedRole } from './role-expansion.js';
import { pickIndependentEdges } from './independent-sample.js';
import { trimRoles } from './role-trimming.js';
import { SearchBudget } from './search-budget.js';
import { dominateBySubsets } from './subset-domination.js';

export interface MinimumRolesOptions {
  /** Any 32-bit integer. */
  seed: number;
  /** Search steps allowed; about 5 s of work when left out. */
  stepBudget?: number;
  /** Wall-clock safety stop; 0 returns the first solution. */
  timeLimitSeconds?: number;
}

export interface OriginalRole {
  readonly entitlements: Int32Array;
  readonly users: Int32Array;
}

/**
 * Original assignments, as parallel arrays, no two of which lie in one biclique: each needs a role of its own. As many as
 * the lower bound, or fewer where branch and bound has raised it.
 */
export interface IndependentAssignments {
  readonly users: Int32Array;
  readonly entitlements: Int32Array;
}

export interface MinimumRolesFound {
  readonly kind: 'found';
  /** In original users and entitlements, all lists ascending; every role is a biclique, together they hold every assignment. */
  readonly roles: readonly OriginalRole[];
  /** No set of roles that holds every assignment has fewer. */
  readonly lowerBound: number;
  readonly independent: IndependentAssignments;
  readonly provenOptimal: boolean;
  readonly stoppedBy: StoppedBy;
  readonly steps: number;
}

/**
 * What domination leaves does not fit into the memory or time that the exact method may use: another search has to do.
 * `roles` is the one exact role set that is always at hand: per component one role per user or per permission.
 */
export interface KernelTooLarge {
  readonly kind: 'kernel-too-large';
  /** Edges left when it gave up. */
  readonly kernelEdges: number;
  readonly roles: readonly OriginalRole[];
  readonly lowerBound: number;
  readonly independent: IndependentAssignments;
}

export type MinimumRoles = MinimumRolesFound | KernelTooLarge;

/** Bit matrices (who holds what, what is compatible) that may be held at once, in bytes. */
const MEMORY_LIMIT = 256 * 1024 * 1024;

/** Edges left by the cheap domination with which the full one is still tried: some seconds. */
const DOMINATION_EDGE_LIMIT = 1_000_000;

export function mineMinimumRoles(
  matrix: AccessMatrix,
  options: MinimumRolesOptions,
  control: EngineControl,
): MinimumRoles {
  const budget = new SearchBudget(options, control);
  const reduced = reduceMatrix(matrix, { ...control, onProgress: undefined });
  budget.spend(reduced.matrix.assignmentCount);
  if (budget.cancelled) return plainRoles(matrix, reduced, budget);
  const table = edgeTableOf(reduced.matrix);
  const dominators = new Int32Array(reduced.matrix.assignmentCount).fill(-1);
  const kernel = kernelOf(table, dominators, budget);
  if (kernel.state === 'cancelled') return plainRoles(matrix, reduced, budget);
  const cover =
    kernel.state === 'ready'
      ? coverComponents(table, kernel.components, new SeededRandom(options.seed), budget)
      : boundByStars(table, kernel.components, budget);
  if (kernel.state === 'too-large' && budget.cancelled) return plainRoles(matrix, reduced, budget);
  // What a search has found is worth the time that it takes to expand it, even once cancelled.
  const interruptible = kernel.state === 'too-large' ? budget : undefined;
  const trimmed = trimRoles(reduced, expandClasses(table, dominators, cover.classes, interruptible), budget);
  if (kernel.state === 'too-large' && budget.cancelled) return plainRoles(matrix, reduced, budget);
  const roles = trimmed.map((role) => originalRole(reduced, role));
  const { lowerBound } = cover;
  const independent = originalAssignments(reduced, table, cover.independent);
  if (kernel.state === 'too-large') {
    const kernelEdges = kernel.components.reduce((sum, { length }) => sum + length, 0);
    return { kind: 'kernel-too-large', kernelEdges, roles, lowerBound, independent };
  }
  const provenOptimal = roles.length === lowerBound;
  const stoppedBy = provenOptimal ? 'proven' : (budget.stoppedBy ?? 'converged');
  return { kind: 'found', roles, lowerBound, independent, provenOptimal, stoppedBy, steps: budget.steps };
}

/** What needs no time: a role for each group of equal users, or of equal entitlements if they are fewer. */
function plainRoles(matrix: AccessMatrix, reduced: ReducedMatrix, budget: SearchBudget): MinimumRolesFound {
  const { userGroups, entitlementGroups } = reduced;
  const { rowOffsets, rowColumns, columnOffsets, columnRows } = matrix;
  const roles: OriginalRole[] =
    userGroups.length <= entitlementGroups.length
      ? userGroups.map((users) => ({
          entitlements: rowColumns.slice(rowOffsets[users[0]], rowOffsets[users[0] + 1]),
          users,
        }))
      : entitlementGroups.map((entitlements) => ({
          entitlements,
          users: columnRows.slice(columnOffsets[entitlements[0]], columnOffsets[entitlements[0] + 1]),
        }));
  const independent = {
    users: Int32Array.from(roles.slice(0, 1), ({ users }) => users[0]),
    entitlements: Int32Array.from(roles.slice(0, 1), ({ entitlements }) => entitlements[0]),
  };
  const lowerBound = independent.users.length;
  const provenOptimal = roles.length === lowerBound;
  const stoppedBy = 'cancelled';
  return { kind: 'found', roles, lowerBound, independent, provenOptimal, stoppedBy, steps: budget.steps };
}

/** The edges that no other edge dominates, by component; not split yet when it ended early. */
interface Kernel {
  readonly state: 'ready' | 'too-large' | 'cancelled';
  readonly components: readonly Int32Array[];
}

function kernelOf(table: EdgeTable, dominators: Int32Array, budget: SearchBudget): Kernel {
  const unsplit = (state: Kernel['state']): Kernel => ({
    state,
    components: [survivors(dominators)].filter((edges) => edges.length > 0),
  });
  dominateBySubsets(table, dominators, budget);
  const edges = survivors(dominators);
  budget.pass(edges.length);
  if (budget.cancelled) return unsplit('cancelled');
  if (edges.length > DOMINATION_EDGE_LIMIT) return unsplit('too-large');
  const numbers = localNumbersFor(table);
  const components = splitIntoComponents(table, edges, budget);
  if (components === null) return unsplit('cancelled');
  for (const component of components) {
    if (component.length === 1) continue;
    const { users, permissions } = extentOf(table, component, numbers);
    if ((users * permissions) / 8 > MEMORY_LIMIT) return unsplit('too-large');
    dominateEdges(edgeComponentOf(table, component, numbers), dominators, budget);
    if (budget.cancelled) return unsplit('cancelled');
  }
  const kernel = splitIntoComponents(table, survivors(dominators), budget);
  if (kernel === null) return unsplit('cancelled');
  let bytes = 0;
  for (const component of kernel) {
    if (component.length === 1) continue;
    const { users, permissions } = extentOf(table, component, numbers);
    bytes += (users * permissions) / 8 + compatibilityBytes(component.length, users, permissions);
  }
  return { state: bytes > MEMORY_LIMIT ? 'too-large' : 'ready', components: kernel };
}

function survivors(dominators: Int32Array): Int32Array {
  const edges: number[] = [];
  for (let edge = 0; edge < dominators.length; edge++) if (dominators[edge] < 0) edges.push(edge);
  return Int32Array.from(edges);
}

/** One class per user of the edges, or per permission if they are fewer: valid at any time. */
function starsOf({ matrix, edgeUsers }: EdgeTable, edges: Int32Array): Int32Array[] {
  const byUser = groupBy(edges, edgeUsers, matrix.userCount);
  const byPermission = groupBy(edges, matrix.rowColumns, matrix.entitlementCount);
  return byUser.length <= byPermission.length ? byUser : byPermission;
}

/** The edges of each centre that has any, by counting: `Map.groupBy` took 20 times as long on 2 million. */
function groupBy(edges: Int32Array, centres: Int32Array, centreCount: number): Int32Array[] {
  const ends = new Int32Array(centreCount);
  for (const edge of edges) ends[centres[edge]]++;
  for (let centre = 1; centre < centreCount; centre++) ends[centre] += ends[centre - 1];
  const starts = ends.slice();
  const grouped = new Int32Array(edges.length);
  for (let at = edges.length - 1; at >= 0; at--) grouped[--starts[centres[edges[at]]]] = edges[at];
  return Array.from(ends, (end, centre) => grouped.subarray(starts[centre], end)).filter(({ length }) => length > 0);
}

/** Classes of edges, each within one biclique, that together have all kernel edges, and a lower bound on their number. */
interface EdgeCover {
  readonly classes: readonly Int32Array[];
  readonly lowerBound: number;
  /** Edges no two of which are compatible; at most `lowerBound`. */
  readonly independent: readonly number[];
}

/** What is at hand without a search. */
function boundByStars(table: EdgeTable, kernel: readonly Int32Array[], budget: SearchBudget): EdgeCover {
  const independent = pickIndependentEdges(table, kernel, budget);
  return { classes: kernel.flatMap((edges) => starsOf(table, edges)), lowerBound: independent.length, independent };
}

function coverComponents(
  table: EdgeTable,
  kernel: readonly Int32Array[],
  random: SeededRandom,
  budget: SearchBudget,
): EdgeCover {
  const numbers = localNumbersFor(table);
  const forced = kernel.filter((edges) => edges.length === 1);
  const covers = kernel
    .filter((edges) => edges.length > 1)
    .map((edges) => new ComponentCover(edgeComponentOf(table, edges, numbers), random, budget));
  let open = covers.filter((cover) => !cover.proven);
  while (open.length > 0 && !budget.stopped) {
    for (const cover of open) {
      cover.improve();
      if (budget.stopped) break;
    }
    open = open.filter((cover) => !cover.proven);
  }
  return {
    classes: [...forced, ...covers.flatMap((cover) => cover.classes())],
    lowerBound: covers.reduce((sum, cover) => sum + cover.lowerBound, forced.length),
    independent: [...forced.map(([edge]) => edge), ...covers.flatMap((cover) => cover.independentEdges())],
  };
}

function originalAssignments(
  { userGroups, entitlementGroups }: ReducedMatrix,
  { edgeUsers, matrix }: EdgeTable,
  edges: readonly number[],
): IndependentAssignments {
  return {
    users: Int32Array.from(edges, (edge) => userGroups[edgeUsers[edge]][0]),
    entitlements: Int32Array.from(edges, (edge) => entitlementGroups[matrix.rowColumns[edge]][0]),
  };
}

function originalRole(reduced: ReducedMatrix, role: ReducedRole): OriginalRole {
  return {
    entitlements: mergeGroups(role.permissions, reduced.entitlementGroups),
    users: mergeGroups(role.users, reduced.userGroups),
  };
}

function mergeGroups(members: Int32Array, groups: readonly Int32Array[]): Int32Array {
  const merged = new Int32Array(members.reduce((sum, member) => sum + groups[member].length, 0));
  let length = 0;
  for (const member of members) for (const original of groups[member]) merged[length++] = original;
  return isAscending(merged) ? merged : merged.sort();
}

function isAscending(values: Int32Array): boolean {
  for (let at = 1; at < values.length; at++) if (values[at] < values[at - 1]) return false;
  return true;
}
