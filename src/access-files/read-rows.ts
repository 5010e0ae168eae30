import type { AccessFile, ReadOptions } from './access-file.js';
import { AccessFileError } from './access-file.error.js';
import { readTable } from './read-table.js';
import type { TableShape } from './table.js';

/** Why a row cannot be used: one sentence. Thrown while a row is made, and told with file and line. */
export class RowProblem extends Error {}

/** Makes a row of the cells of one line. */
export type RowMaker<Row> = (cells: readonly string[], line: number) => Row;

/** One column of a table: its cells without the white space around them. */
export class Column {
  private readonly index: number;

  constructor(
    columns: readonly string[],
    private readonly name: string,
  ) {
    this.index = columns.indexOf(name);
  }

  /** Null when the cell is empty or the column is missing. */
  optional(cells: readonly string[]): string | null {
    return this.index < 0 || this.index >= cells.length ? null : cells[this.index].trim() || null;
  }

  /** @throws RowProblem when the cell is empty */
  required(cells: readonly string[]): string {
    const text = this.optional(cells);
    if (text === null) throw new RowProblem(`${this.name} is empty`);
    return text;
  }
}

/**
 * Makes typed rows of a file, batch by batch: to wait for each of millions of rows by itself would take longer than to
 * parse them.
 *
 * @param makerFor asked once per batch, for the columns that it has
 */
export async function* readRows<Row>(
  file: AccessFile,
  shape: TableShape,
  { onFault }: ReadOptions,
  makerFor: (columns: readonly string[]) => RowMaker<Row>,
): AsyncGenerator<Row[]> {
  const report = (line: number, message: string): void => {
    if (onFault === undefined) throw new AccessFileError(file.name, line, message);
    onFault({ file: file.name, line, message });
  };
  for await (const { columns, rows, faults } of readTable(file, shape)) {
    const makeRow = makerFor(columns);
    const made: Row[] = [];
    let told = 0;
    for (const { line, cells } of rows) {
      for (; told < faults.length && faults[told].line < line; told++) report(faults[told].line, faults[told].message);
      try {
        made.push(makeRow(cells, line));
      } catch (error) {
        if (!(error instanceof RowProblem)) throw error;
        report(line, error.message);
      }
    }
    for (const { line, message } of faults.slice(told)) report(line, message);
    if (made.length > 0) yield made;
  }
}
