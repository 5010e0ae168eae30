/** A block with its values and what its users and entitlements can pay; all whole numbers, below 2⁵³ in sum. */
export interface PricedBlock {
  /** Row by row, a row for each user. */
  readonly values: readonly number[];
  readonly userBudgets: readonly number[];
  readonly entitlementBudgets: readonly number[];
  /** What the role itself can pay. */
  readonly sharedBudget: number;
}

/**
 * Users and entitlements, by their places in the block, whose values exceed their budgets and the shared one together.
 */
export interface TooDear {
  readonly users: readonly number[];
  readonly entitlements: readonly number[];
}

/**
 * Whether every value in the block can be paid for: by its user, its entitlement and the role, none beyond its budget. If
 * so, no part of the block is worth more than its users, its entitlements and the role can pay, which is what it costs.
 * If not, some part is, by the theorem of maximum flow and minimum cut (Ford and Fulkerson 1956): it is returned.
 *
 * How the payment is found (level by level, as Dinic did in 1970) does not matter: it is checked afterwards.
 */
export function findTooDear(block: PricedBlock): TooDear | null {
  const payment = new Payment(block);
  payment.run();
  if (payment.unpaid <= block.sharedBudget) {
    payment.check();
    return null;
  }
  return payment.reached();
}

const UNREACHED = -1;

class Payment {
  /** What users can't pay and entitlements don't. */
  unpaid = 0;
  private readonly width: number;
  private readonly height: number;
  /** What the entitlement pays of each value. */
  private readonly paid: number[];
  private readonly userLeft: number[];
  private readonly entitlementLeft: number[];
  private userLevel: number[] = [];
  private entitlementLevel: number[] = [];
  private userNext: number[] = [];
  private entitlementNext: number[] = [];

  constructor(private readonly block: PricedBlock) {
    const { values, userBudgets, entitlementBudgets } = block;
    this.height = userBudgets.length;
    this.width = entitlementBudgets.length;
    this.paid = values.map(() => 0);
    this.entitlementLeft = [...entitlementBudgets];
    this.userLeft = userBudgets.map((budget, user) => Math.max(0, this.rowSum(values, user) - budget));
    this.unpaid = this.userLeft.reduce((sum, left) => sum + left, 0);
  }

  /** Lets entitlements pay until nothing is left beyond the shared budget, or nobody can pay more. */
  run(): void {
    while (this.unpaid > this.block.sharedBudget && this.level()) {
      this.userNext = this.userLeft.map(() => 0);
      this.entitlementNext = this.entitlementLeft.map(() => 0);
      for (let user = 0; user < this.height; user++) {
        if (this.userLeft[user] === 0) continue;
        const moved = this.payForUser(user, this.userLeft[user]);
        this.userLeft[user] -= moved;
        this.unpaid -= moved;
      }
    }
  }

  /** @throws Error when the payment breaks a rule: this checker would be wrong */
  check(): void {
    const { values, userBudgets, entitlementBudgets, sharedBudget } = this.block;
    const byEntitlement = entitlementBudgets.map(() => 0);
    let shared = 0;
    for (let user = 0; user < this.height; user++) {
      shared += Math.max(0, this.rowSum(values, user) - this.rowSum(this.paid, user) - userBudgets[user]);
    }
    const isWithinValues = this.paid.every((amount, at) => {
      byEntitlement[at % this.width] += amount;
      return amount >= 0 && amount <= values[at];
    });
    const isWithinBudgets = byEntitlement.every((amount, entitlement) => amount <= entitlementBudgets[entitlement]);
    if (!isWithinValues || !isWithinBudgets || shared > sharedBudget) throw new Error('a payment is not valid');
  }

  /** Those to whom what is unpaid could still be moved. */
  reached(): TooDear {
    this.level();
    const placesOf = (levels: readonly number[]): number[] =>
      [...levels.keys()].filter((place) => levels[place] !== UNREACHED);
    return { users: placesOf(this.userLevel), entitlements: placesOf(this.entitlementLevel) };
  }

  private rowSum(table: readonly number[], user: number): number {
    let sum = 0;
    for (let at = user * this.width; at < (user + 1) * this.width; at++) sum += table[at];
    return sum;
  }

  /** How far everybody is from who has something left to be paid; whether an entitlement that can pay is reached. */
  private level(): boolean {
    const { width, height, paid, block, userLeft, entitlementLeft } = this;
    this.userLevel = userLeft.map((left) => (left > 0 ? 0 : UNREACHED));
    this.entitlementLevel = entitlementLeft.map(() => UNREACHED);
    let users = [...userLeft.keys()].filter((user) => userLeft[user] > 0);
    let canPay = false;
    for (let level = 1; users.length > 0 && !canPay; level += 2) {
      const entitlements: number[] = [];
      for (const user of users) {
        for (let entitlement = 0; entitlement < width; entitlement++) {
          const at = user * width + entitlement;
          if (this.entitlementLevel[entitlement] !== UNREACHED || paid[at] === block.values[at]) continue;
          this.entitlementLevel[entitlement] = level;
          entitlements.push(entitlement);
          canPay ||= entitlementLeft[entitlement] > 0;
        }
      }
      users = [];
      for (const entitlement of entitlements) {
        for (let user = 0; user < height; user++) {
          if (this.userLevel[user] !== UNREACHED || paid[user * width + entitlement] === 0) continue;
          this.userLevel[user] = level + 1;
          users.push(user);
        }
      }
    }
    return canPay;
  }

  /** @returns how much of the amount entitlements now pay in the user's place */
  private payForUser(user: number, amount: number): number {
    const { width, paid, block, userNext } = this;
    let moved = 0;
    for (; userNext[user] < width && moved < amount; userNext[user]++) {
      const entitlement = userNext[user];
      const at = user * width + entitlement;
      const room = Math.min(amount - moved, block.values[at] - paid[at]);
      if (room === 0 || this.entitlementLevel[entitlement] !== this.userLevel[user] + 1) continue;
      const taken = this.payForEntitlement(entitlement, room);
      paid[at] += taken;
      moved += taken;
      if (moved === amount) break;
    }
    return moved;
  }

  /** What the entitlement has left, and what it can hand back to other users. */
  private payForEntitlement(entitlement: number, amount: number): number {
    const { width, height, paid, entitlementLeft, entitlementNext } = this;
    let moved = Math.min(amount, entitlementLeft[entitlement]);
    entitlementLeft[entitlement] -= moved;
    for (; entitlementNext[entitlement] < height && moved < amount; entitlementNext[entitlement]++) {
      const user = entitlementNext[entitlement];
      const at = user * width + entitlement;
      if (paid[at] === 0 || this.userLevel[user] !== this.entitlementLevel[entitlement] + 1) continue;
      const handedBack = this.payForUser(user, Math.min(amount - moved, paid[at]));
      paid[at] -= handedBack;
      moved += handedBack;
      if (moved === amount) break;
    }
    return moved;
  }
}
