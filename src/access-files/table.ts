/** A row as text. A cell that is missing or null is empty. */
export interface TableRow {
  /** Line of the file at which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows with the same columns. `fault` says why a row cannot be used. */
export interface TableBatch {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  readonly faults: readonly { readonly line: number; readonly message: string }[];
}

/** The columns that a part of the access graph consists of. */
export interface TableShape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** How the header is written in messages. */
  readonly header: string;
  /** Whether lines of two fields without a header are understood. */
  readonly mayBePairs: boolean;
}
