export const STOPWATCH_PARTS = ['load', 'mine', 'save'] as const;
type Part = (typeof STOPWATCH_PARTS)[number];

/** Whole milliseconds of the parts of a run, each measured from the end of the one before. */
export class Stopwatch {
  readonly durations: Record<Part, number> = { load: 0, mine: 0, save: 0 };
  private last = performance.now();

  lap(part: Part): void {
    const now = performance.now();
    this.durations[part] = Math.round(now - this.last);
    this.last = now;
  }
}
