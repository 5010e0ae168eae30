import type { TableBatch, TableRow } from './table.js';
import type { TextBlock } from './text-blocks.js';

/** One JSON object a line, its keys being the columns; a list is written like a cell with `|`. */
export function parseNdjson({ text, firstLine }: TextBlock): TableBatch {
  const columns: string[] = [];
  const columnOf = new Map<string, number>();
  const rows: TableRow[] = [];
  const faults: { line: number; message: string }[] = [];
  for (const [index, lineText] of text.split('\n').entries()) {
    if (lineText.trim() === '') continue;
    const line = firstLine + index;
    try {
      const cells: string[] = [];
      for (const [key, value] of Object.entries(objectOf(lineText))) {
        let column = columnOf.get(key);
        if (column === undefined) {
          column = columns.push(key) - 1;
          columnOf.set(key, column);
        }
        cells[column] = cellOf(key, value);
      }
      rows.push({ line, cells: Array.from(cells, (cell: string | undefined) => cell ?? '') });
    } catch (error) {
      faults.push({ line, message: (error as Error).message });
    }
  }
  return { columns, rows, faults };
}

function objectOf(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`expected a JSON object: ${(error as Error).message}`, { cause: error });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Error('expected a JSON object');
}

function cellOf(key: string, value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((each: unknown) => cellOf(key, each)).join('|');
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${key}: expected a text, a number, true, false, null or a list of these`);
}
