import { AreaExchange, bucketOf, leastArea } from './area-counts.js';
import type { SearchTask } from './pattern-task.js';

/** Beyond so many wanted sets there is no floor and everything is kept: hardly any output is that large. */
export const MAX_FLOOR_LIMIT = 2 ** 20;

/**
 * An area that a set must reach to be among the `limit` largest, as far as the counts of areas tell. Sets equal to the
 * floor are still wanted, for ties are decided later.
 */
export class AreaFloor {
  private readonly exchange: AreaExchange;
  private readonly own: Int32Array;
  private readonly all: Int32Array;
  /** The highest bucket such that as many sets as are wanted lie in it and above; how many lie above. */
  private bucket = 0;
  private above = 0;
  private floor: number;

  constructor(private readonly task: SearchTask) {
    this.exchange = new AreaExchange(task.areaCounts);
    this.own = new Int32Array(task.areaCounts.length);
    this.all = new Int32Array(task.areaCounts.length);
    this.floor = task.areaFloor;
    this.refresh();
  }

  get value(): number {
    return this.floor;
  }

  /** Exchanges what is known with the other threads. */
  refresh(): void {
    this.exchange.exchange(this.own, this.all, this.bucket);
    this.above = 0;
    for (let bucket = this.bucket + 1; bucket < this.all.length; bucket++) this.above += this.all[bucket];
    this.raise();
  }

  add(area: number): void {
    if (this.all.length === 0) return;
    const bucket = bucketOf(area);
    this.own[bucket]++;
    this.all[bucket]++;
    if (bucket <= this.bucket) return;
    this.above++;
    this.raise();
  }

  private raise(): void {
    if (this.above < this.task.limit) return;
    while (this.above >= this.task.limit) this.above -= this.all[++this.bucket];
    this.floor = Math.max(this.floor, leastArea(this.bucket));
  }
}
