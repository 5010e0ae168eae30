/** What the command line asks of benchmarks; what is left out has a benchmark's own default. */
export interface BenchOptions {
  /** Users of the generated organisation. */
  readonly users?: number;
  /** Length of a measurement. */
  readonly seconds?: number;
  /** Length of the memory run; without it there is none. */
  readonly minutes?: number;
}
