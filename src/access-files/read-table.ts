import type { AccessFile } from './access-file.js';
import { AccessFileError } from './access-file.error.js';
import { CsvTable, findDelimiter } from './csv-table.js';
import { parseNdjson } from './ndjson-table.js';
import { parsePairs } from './pair-table.js';
import type { TableBatch, TableShape } from './table.js';
import { textBlocks, type TextBlock } from './text-blocks.js';

/** Turns blocks into rows; null where a block is not complete yet. */
interface TableFormat {
  parse(block: TextBlock): TableBatch | null;
  finish(): TableBatch | null;
}

/**
 * The rows of a file, in batches of whatever came at once. The first line that is not empty tells the format: a JSON
 * object, a header separated by comma, semicolon or tab, or two fields without a header.
 *
 * @throws AccessFileError when it is none of these, when the file has no rows, and for what `textBlocks` throws
 */
export async function* readTable(file: AccessFile, shape: TableShape): AsyncGenerator<TableBatch> {
  let format: TableFormat | null = null;
  let isEmpty = true;
  let lastLine = 1;
  for await (const block of textBlocks(file)) {
    lastLine = block.firstLine;
    format ??= formatOf(file.name, block, shape);
    const batch = format?.parse(block);
    if (batch == null) continue;
    isEmpty &&= batch.rows.length === 0 && batch.faults.length === 0;
    yield batch;
  }
  const last = format?.finish();
  if (last != null) {
    isEmpty &&= last.rows.length === 0 && last.faults.length === 0;
    yield last;
  }
  if (isEmpty) throw new AccessFileError(file.name, lastLine, 'the file has no rows');
}

/** Null while there are only empty lines. */
function formatOf(file: string, { text, firstLine }: TextBlock, shape: TableShape): TableFormat | null {
  const start = text.search(/\S/);
  if (start < 0) return null;
  const line = firstLine + text.slice(0, start).split('\n').length - 1;
  const [header] = text.slice(start).split(/\r\n|\n|\r/, 1);
  if (header.startsWith('{')) return { parse: parseNdjson, finish: () => null };
  const delimiter = findDelimiter(header, shape);
  if (delimiter !== null) return new CsvTable(file, delimiter, shape);
  const fields = header.trim().split(/\s+/);
  const isHeader = fields.some((field) => shape.required.includes(field.toLowerCase()));
  if (shape.mayBePairs && !isHeader && !/[,;"]/.test(header) && fields.length <= 2) {
    return { parse: parsePairs, finish: () => null };
  }
  const found = header.length > 80 ? `${header.slice(0, 80)}…` : header;
  const pairs = shape.mayBePairs ? ', or lines of a user and an entitlement with white space between them' : '';
  throw new AccessFileError(
    file,
    line,
    `expected a header like ${shape.header}, separated by comma, semicolon or tab${pairs}; got: ${found}`,
  );
}
