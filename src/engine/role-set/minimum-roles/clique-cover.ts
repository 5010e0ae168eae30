import type { CompatibilityGraph } from './compatibility-graph.js';

/**
 * A set of cliques of a compatibility graph with, for every vertex, the cliques that hold it. Cliques live in slots;
 * `unique` counts the vertices that only this clique covers: at 0 the clique is redundant.
 */
export class CliqueCover {
  /** Members per slot; null where the slot is free. */
  readonly cliques: (Int32Array | null)[] = [];
  readonly unique: number[] = [];
  /** Slots of the cliques of each vertex. */
  readonly cliquesOf: number[][];
  /** Slots in use, in no particular order. */
  readonly slots: number[] = [];
  private readonly positionOfSlot: number[] = [];
  private readonly freeSlots: number[] = [];

  constructor(graph: CompatibilityGraph) {
    this.cliquesOf = Array.from({ length: graph.size }, () => []);
  }

  get count(): number {
    return this.slots.length;
  }

  /** O(members). Slots that became redundant, the new one included, are appended to `redundant`. */
  add(members: Int32Array, redundant: number[]): number {
    const slot = this.freeSlots.pop() ?? this.cliques.length;
    this.cliques[slot] = members;
    this.positionOfSlot[slot] = this.slots.length;
    this.slots.push(slot);
    let unique = 0;
    for (const vertex of members) {
      const others = this.cliquesOf[vertex];
      if (others.length === 0) unique++;
      else if (others.length === 1 && --this.unique[others[0]] === 0) redundant.push(others[0]);
      others.push(slot);
    }
    this.unique[slot] = unique;
    if (unique === 0) redundant.push(slot);
    return slot;
  }

  /** O(members · cliques per vertex). Vertices left without a clique are appended to `uncovered`. */
  remove(slot: number, uncovered: number[]): Int32Array {
    const members = this.cliques[slot]!;
    for (const vertex of members) {
      const of = this.cliquesOf[vertex];
      of[of.indexOf(slot)] = of[of.length - 1];
      of.pop();
      if (of.length === 0) uncovered.push(vertex);
      else if (of.length === 1) this.unique[of[0]]++;
    }
    const moved = this.slots.pop()!;
    const position = this.positionOfSlot[slot];
    if (moved !== slot) {
      this.slots[position] = moved;
      this.positionOfSlot[moved] = position;
    }
    this.cliques[slot] = null;
    this.freeSlots.push(slot);
    return members;
  }

  members(): Int32Array[] {
    return this.slots.map((slot) => this.cliques[slot]!);
  }
}
