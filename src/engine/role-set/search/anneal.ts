import type { SeededRandom } from '../../random.js';
import { CoverState } from './cover-state.js';
import type { ReducedRole } from './expand-roles.js';
import { Inject } from './inject.js';
import { pruneTouched } from './prune.js';
import { Recreate } from './recreate.js';
import type { RoleRules } from './role-rules.js';
import { ruin } from './ruin.js';
import type { WeightedUpa } from './weighted-upa.js';

const K: Record<string, number> = (globalThis as any).__K ?? {};

export class RoleSearch {
  readonly state: CoverState;
  best: ReducedRole[] = [];
  bestCost = Infinity;
  steps = 0;
  accepted = 0;
  private readonly recreate: Recreate;
  private readonly injector: Inject;

  constructor(
    upa: WeightedUpa,
    private readonly rules: RoleRules,
    private readonly random: SeededRandom,
    private readonly complete: boolean,
  ) {
    this.state = new CoverState(upa);
    this.recreate = new Recreate(this.state, rules, random, complete);
    this.injector = new Inject(this.state, rules, random);
    this.recreate.cover([...this.state.uncoveredEdges], 4);
    pruneTouched(this.state, rules);
    this.state.commit();
    this.keep();
  }

  get cost(): number {
    return this.state.roleCost + (1 + 1e-7) * this.state.uncoveredWeight;
  }

  keep(): void {
    this.bestCost = this.cost;
    this.best = this.state.roles.map((role) => ({
      users: [...this.state.usersOf[role]],
      permissions: [...this.state.permissionsOf[role]],
    }));
  }

  restore(): void {
    this.state.commit();
    while (this.state.roles.length > 0) this.state.removeRole(this.state.roles[this.state.roles.length - 1]);
    for (const role of this.best) this.state.addRole(role.users, role.permissions);
    this.state.forgetTouched();
    this.state.commit();
  }

  /** Returns false when stop() said so. */
  cycle(steps: number, hot: number, cold: number, stop: () => boolean): boolean {
    const { state, rules, random } = this;
    const pool: number[] = [];
    let current = this.cost;
    let temperature = hot;
    let unsaved = false;
    const injectShare = K.inject ?? 0.3;
    for (let step = 0; step < steps; step++) {
      if ((step & 255) === 0) {
        temperature = hot * Math.pow(cold / hot, step / steps);
        if (stop()) {
          if (unsaved) this.keep();
          return false;
        }
      }
      this.steps++;
      if (random.float() < injectShare) {
        this.injector.inject();
      } else {
        ruin(state, rules, random);
        pool.length = 0;
        if (this.complete) for (let i = 0; i < state.uncoveredCount; i++) pool.push(state.uncoveredEdges[i]);
        else {
          for (const edge of state.loosenedEdges) if (state.coverage[edge] === 0) pool.push(edge);
        }
        this.recreate.cover(pool, 1 + random.below(K.sample ?? 4));
      }
      pruneTouched(state, rules);
      const cost = this.cost;
      const delta = cost - current;
      if (delta > 0 && random.float() >= Math.exp(-delta / temperature)) {
        state.rollback();
        continue;
      }
      if (delta > 0 && unsaved) {
        state.rollback();
        this.keep();
        unsaved = false;
        continue;
      }
      if (delta !== 0) this.accepted++;
      state.commit();
      current = cost;
      if (current < this.bestCost - 1e-6) {
        this.bestCost = current;
        unsaved = true;
      }
    }
    if (unsaved) this.keep();
    return true;
  }
}
