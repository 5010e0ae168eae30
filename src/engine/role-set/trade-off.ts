/** A point that a search passed through: so many roles, so much weighted structural complexity. */
export interface TradeOffPoint {
  readonly roleCount: number;
  readonly wsc: number;
}

/** Complexities are whole numbers, costs have fractions by which equal ones are told apart. */
const TOLERANCE = 1e-6;

/** Of all solutions that were met, by their number of roles the least complexity. */
export class TradeOff {
  private readonly leastByCount: number[] = [];

  note(roleCount: number, wsc: number): void {
    if (!(this.leastByCount[roleCount] <= wsc)) this.leastByCount[roleCount] = wsc;
  }

  /** The Pareto front: ascending by roles, each with a lower complexity than all with fewer roles. */
  points(): TradeOffPoint[] {
    const points: TradeOffPoint[] = [];
    let least = Infinity;
    // forEach passes over the numbers of roles that were never met.
    this.leastByCount.forEach((cost, roleCount) => {
      const wsc = Math.floor(cost + TOLERANCE);
      if (wsc >= least) return;
      least = wsc;
      points.push({ roleCount, wsc });
    });
    return points;
  }
}

/** The points, and the result itself, which may lie on or beside them. */
export function withResult(points: readonly TradeOffPoint[], result: TradeOffPoint): TradeOffPoint[] {
  const all = new TradeOff();
  for (const { roleCount, wsc } of [...points, result]) all.note(roleCount, wsc);
  return all.points();
}
