// Looked up once: under jest's module contexts every access to a global costs some 100 ns.
const { min } = Math;

/**
 * Maximum flow through a small bipartite network (Dinic, Soviet Mathematics Doklady 11, 1970): source → left with given
 * supplies, left → right with given capacities, right → sink with given demands. Buffers are kept from call to call.
 *
 * Capacities are whole numbers below 2⁵³, so that all arithmetic is exact.
 */
export class BipartiteFlow {
  /** Whether a node is on the source's side of the least minimum cut, after `run`. */
  readonly leftReached: Uint8Array;
  readonly rightReached: Uint8Array;
  /** Row by row, `rightCount` to a row; what is left of the arc's capacity. */
  readonly capacity: Float64Array;
  readonly supply: Float64Array;
  readonly demand: Float64Array;
  work = 0;

  private leftCount = 0;
  private rightCount = 0;
  private readonly flow: Float64Array;
  private readonly leftLevel: Int32Array;
  private readonly rightLevel: Int32Array;
  private readonly leftNext: Int32Array;
  private readonly rightNext: Int32Array;
  private readonly queue: Int32Array;

  constructor(maxLeft: number, maxRight: number, maxArcs: number) {
    this.leftReached = new Uint8Array(maxLeft);
    this.rightReached = new Uint8Array(maxRight);
    this.supply = new Float64Array(maxLeft);
    this.demand = new Float64Array(maxRight);
    this.capacity = new Float64Array(maxArcs);
    this.flow = new Float64Array(maxArcs);
    this.leftLevel = new Int32Array(maxLeft);
    this.rightLevel = new Int32Array(maxRight);
    this.leftNext = new Int32Array(maxLeft);
    this.rightNext = new Int32Array(maxRight);
    this.queue = new Int32Array(maxLeft + maxRight);
  }

  /**
   * Sends as much as possible of `supply` (overwritten by what could not be sent) and returns the amount sent; ends early
   * once that reaches `enough`, and then the cut is not defined.
   */
  run(leftCount: number, rightCount: number, enough: number): number {
    this.leftCount = leftCount;
    this.rightCount = rightCount;
    this.flow.fill(0, 0, leftCount * rightCount);
    let sent = this.sendDirectly();
    while (sent < enough && this.label()) {
      this.leftNext.fill(0, 0, leftCount);
      this.rightNext.fill(0, 0, rightCount);
      for (let left = 0; left < leftCount; left++) {
        if (this.supply[left] === 0) continue;
        const pushed = this.pushLeft(left, this.supply[left]);
        this.supply[left] -= pushed;
        sent += pushed;
      }
    }
    return sent;
  }

  /** Paths of one arc, without a search. */
  private sendDirectly(): number {
    const { leftCount, rightCount, capacity, flow, supply, demand } = this;
    let sent = 0;
    this.work += leftCount * rightCount;
    for (let left = 0; left < leftCount; left++) {
      for (let right = 0; right < rightCount && supply[left] > 0; right++) {
        const arc = left * rightCount + right;
        const amount = min(supply[left], capacity[arc], demand[right]);
        if (amount === 0) continue;
        capacity[arc] -= amount;
        flow[arc] = amount;
        supply[left] -= amount;
        demand[right] -= amount;
        sent += amount;
      }
    }
    return sent;
  }

  /** Breadth-first distances from the nodes with supply left; whether any demand can be reached. */
  private label(): boolean {
    const { leftCount, rightCount, capacity, flow, supply, demand, queue, leftLevel, rightLevel } = this;
    const { leftReached, rightReached } = this;
    leftReached.fill(0, 0, leftCount);
    rightReached.fill(0, 0, rightCount);
    let tail = 0;
    for (let left = 0; left < leftCount; left++) {
      if (supply[left] === 0) continue;
      leftReached[left] = 1;
      leftLevel[left] = 0;
      queue[tail++] = left;
    }
    let found = false;
    for (let head = 0; head < tail; head++) {
      const node = queue[head];
      if (node < leftCount) {
        this.work += rightCount;
        for (let right = 0; right < rightCount; right++) {
          if (rightReached[right] === 1 || capacity[node * rightCount + right] === 0) continue;
          rightReached[right] = 1;
          rightLevel[right] = leftLevel[node] + 1;
          if (demand[right] > 0) found = true;
          queue[tail++] = leftCount + right;
        }
      } else {
        const right = node - leftCount;
        this.work += leftCount;
        for (let left = 0; left < leftCount; left++) {
          if (leftReached[left] === 1 || flow[left * rightCount + right] === 0) continue;
          leftReached[left] = 1;
          leftLevel[left] = rightLevel[right] + 1;
          queue[tail++] = left;
        }
      }
    }
    return found;
  }

  private pushLeft(left: number, wanted: number): number {
    const { rightCount, capacity, flow, leftNext, leftLevel, rightLevel, rightReached } = this;
    let pushed = 0;
    for (; leftNext[left] < rightCount; leftNext[left]++) {
      const right = leftNext[left];
      const arc = left * rightCount + right;
      this.work++;
      if (capacity[arc] === 0 || rightReached[right] === 0 || rightLevel[right] !== leftLevel[left] + 1) continue;
      const amount = this.pushRight(right, min(wanted - pushed, capacity[arc]));
      capacity[arc] -= amount;
      flow[arc] += amount;
      pushed += amount;
      if (pushed === wanted) break;
    }
    return pushed;
  }

  private pushRight(right: number, wanted: number): number {
    const { leftCount, rightCount, capacity, flow, demand, rightNext, leftLevel, rightLevel, leftReached } = this;
    let pushed = min(wanted, demand[right]);
    demand[right] -= pushed;
    for (; pushed < wanted && rightNext[right] < leftCount; rightNext[right]++) {
      const left = rightNext[right];
      const arc = left * rightCount + right;
      this.work++;
      if (flow[arc] === 0 || leftReached[left] === 0 || leftLevel[left] !== rightLevel[right] + 1) continue;
      const amount = this.pushLeft(left, min(wanted - pushed, flow[arc]));
      capacity[arc] += amount;
      flow[arc] -= amount;
      pushed += amount;
      if (pushed === wanted) break;
    }
    return pushed;
  }
}
