/** Whole milliseconds of the parts of a run, each measured from the end of the one before. */
export class Stopwatch {
  readonly durations = { load: 0, mine: 0, save: 0 };
  private last = performance.now();

  lap(part: keyof Stopwatch['durations']): void {
    const now = performance.now();
    this.durations[part] = Math.round(now - this.last);
    this.last = now;
  }
}
