import { stringify } from 'csv-stringify/sync';
import type { GraphNames, GraphReferences } from './graph-names.js';

/** Lists become one cell. */
export type CsvCell = string | number | boolean | null | readonly string[];

/** How items look as rows. */
export interface CsvTable<Item> {
  /** By their heading, in their order. */
  readonly columns: Readonly<Record<string, (item: Item, names: GraphNames) => CsvCell>>;
  /** What the cells name. */
  references(item: Item): GraphReferences;
}

/** As in the files that can be imported. */
const LIST_SEPARATOR = '|';

/**
 * Rows for people and their spreadsheets: UTF-8 with a byte order mark (without one, Excel reads another encoding), lines
 * that end in CR LF (RFC 4180). A text that a spreadsheet would run as a formula, one that begins with = + - @ a tab or a
 * carriage return, gets an apostrophe before it (OWASP, "CSV Injection"); numbers do not.
 */
export class CsvWriter<Item> {
  private readonly headings: string[];

  constructor(private readonly table: CsvTable<Item>) {
    this.headings = Object.keys(table.columns);
  }

  head(): string {
    return `\ufeff${lines([this.headings])}`;
  }

  rows(items: readonly Item[], names: GraphNames): string {
    const columns = Object.values(this.table.columns);
    return lines(items.map((item) => columns.map((cell) => textOf(cell(item, names)))));
  }
}

function textOf(cell: CsvCell): string | number {
  if (typeof cell === 'string' || typeof cell === 'number') return cell;
  if (cell === null) return '';
  return typeof cell === 'boolean' ? String(cell) : cell.join(LIST_SEPARATOR);
}

function lines(records: (string | number)[][]): string {
  // By itself the library quotes CR LF only, and readers that take a single one for the end of a line would begin a new row.
  return stringify(records, { record_delimiter: 'windows', escape_formulas: true, quoted_match: /[\r\n]/ });
}
