import type { TableBatch, TableRow } from './table.js';
import type { TextBlock } from './text-blocks.js';

const COLUMNS = ['user', 'entitlement'];

/** Lines of two fields separated by white space; empty lines are left out. */
export function parsePairs({ text, firstLine }: TextBlock): TableBatch {
  const rows: TableRow[] = [];
  const faults: { line: number; message: string }[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const cells = trimmed.split(/\s+/);
    if (cells.length === COLUMNS.length) rows.push({ line: firstLine + index, cells });
    else faults.push({ line: firstLine + index, message: `expected a user and an entitlement, got ${fields(cells)}` });
  }
  return { columns: COLUMNS, rows, faults };
}

function fields({ length }: readonly string[]): string {
  return length === 1 ? '1 field' : `${length} fields`;
}
