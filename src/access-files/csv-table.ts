import { CsvError } from 'csv-parse';
import { parse, type Options } from 'csv-parse/sync';
import { AccessFileError } from './access-file.error.js';
import type { TableBatch, TableRow, TableShape } from './table.js';
import type { TextBlock } from './text-blocks.js';

const DELIMITERS = [',', ';', '\t'];

/** A record is held in memory until its quotes close. */
const LONGEST_RECORD_CHARACTERS = 4 * 1024 * 1024;

const OPTIONS = {
  record_delimiter: ['\r\n', '\n', '\r'],
  skip_empty_lines: true,
  relax_column_count: true,
} satisfies Options;

/** With `info`; the typing of csv-parse knows it without. */
interface LocatedRecord {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** The delimiter with which the first line has all the columns required; null when there is none. */
export function findDelimiter(firstLine: string, shape: TableShape): string | null {
  const hasAll = (delimiter: string): boolean => {
    try {
      const [header = []] = parse(firstLine, { ...OPTIONS, delimiter, to: 1 });
      const columns = header.map((cell) => columnName(cell, shape));
      return shape.required.every((column) => columns.includes(column));
    } catch {
      return false;
    }
  };
  return DELIMITERS.find(hasAll) ?? null;
}

/**
 * Parses a file block by block with csv-parse. Blocks are whole lines: only a quoted line break can continue a record in
 * the next one, which shows in an odd number of quotes, and then the block is kept until the quotes are even.
 */
export class CsvTable {
  private columns: readonly string[] | null = null;
  private kept: TextBlock | null = null;

  constructor(
    private readonly file: string,
    private readonly delimiter: string,
    private readonly shape: TableShape,
  ) {}

  parse(block: TextBlock): TableBatch | null {
    const { text, firstLine } = this.withKept(block);
    if (hasOpenQuote(text) && text.length <= LONGEST_RECORD_CHARACTERS) {
      this.kept = { text, firstLine };
      return null;
    }
    return this.records({ text, firstLine });
  }

  /** What was kept to the end of the file. */
  finish(): TableBatch | null {
    return this.kept === null ? null : this.records(this.withKept({ text: '', firstLine: 0 }));
  }

  private withKept(block: TextBlock): TextBlock {
    if (this.kept === null) return block;
    const { text, firstLine } = this.kept;
    this.kept = null;
    return { text: text + block.text, firstLine };
  }

  private records(block: TextBlock): TableBatch {
    const rows: TableRow[] = [];
    const faults: { line: number; message: string }[] = [];
    for (const { line, cells } of this.lines(block)) {
      if (this.columns === null) {
        this.columns = headerOf(this.file, line, cells, this.shape);
      } else if (cells.length !== this.columns.length) {
        faults.push({ line, message: `expected ${this.columns.length} fields, got ${cells.length}` });
      } else {
        rows.push({ line, cells });
      }
    }
    return { columns: this.columns ?? [], rows, faults };
  }

  private lines({ text, firstLine }: TextBlock): TableRow[] {
    const { delimiter } = this;
    try {
      if (!text.includes('"')) {
        // As many records as lines: none is empty, and each is on its own. To be told by csv-parse where a record is
        // costs an object per record, a third of all the time.
        const records = parse(text, { ...OPTIONS, delimiter });
        if (records.length === countLines(text)) {
          return records.map((cells, index) => ({ line: firstLine + index, cells }));
        }
      }
      const located = parse(text, { ...OPTIONS, delimiter, info: true }) as unknown as LocatedRecord[];
      return located.map(({ record, info }) => ({ line: startOf(firstLine + info.lines - 1, record), cells: record }));
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw this.quoteError(error, { text, firstLine });
    }
  }

  private quoteError(cause: CsvError, { text, firstLine }: TextBlock): AccessFileError {
    if (cause.code === 'CSV_QUOTE_NOT_CLOSED') {
      // csv-parse tells the end of the file; the field begins at the last quote.
      const line = firstLine + countLines(text.slice(0, text.lastIndexOf('"') + 1)) - 1;
      return new AccessFileError(this.file, line, 'a quoted field is not closed', { cause });
    }
    const line = firstLine + (typeof cause.lines === 'number' ? cause.lines : 1) - 1;
    const problem = 'a quote within a field must be doubled and the field put in quotes';
    return new AccessFileError(this.file, line, problem, { cause });
  }
}

function headerOf(file: string, line: number, cells: readonly string[], shape: TableShape): readonly string[] {
  const columns = cells.map((cell) => columnName(cell, shape));
  columns.forEach((name, index) => {
    if (name === '') throw new AccessFileError(file, line, `column ${index + 1} of the header has no name`);
    if (columns.indexOf(name) !== index) {
      throw new AccessFileError(file, line, `the header has the column ${name} twice`);
    }
  });
  return columns;
}

/** Known columns are known in any case; attributes keep the one that they are written in. */
function columnName(cell: string, { required, optional }: TableShape): string {
  const name = cell.trim();
  const lowerCase = name.toLowerCase();
  return required.includes(lowerCase) || optional.includes(lowerCase) ? lowerCase : name;
}

/** A text that ends with a line feed does not begin another line. */
function countLines(text: string): number {
  let count = text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function hasOpenQuote(text: string): boolean {
  let open = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open;
  return open;
}

/** csv-parse tells the line at which a record ends. */
function startOf(endLine: number, record: readonly string[]): number {
  let line = endLine;
  for (const cell of record) {
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) line--;
  }
  return line;
}
