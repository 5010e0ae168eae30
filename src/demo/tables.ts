import Table from 'cli-table3';

const NAMES_PER_CELL = 3;
/** Longer text goes on in the next line of its cell: five columns fit into 120 characters. */
const CELL_WIDTH = 32;
const integer = new Intl.NumberFormat('en');

export const count = (value: number): string => integer.format(value);
/** @param value 0 to 100 */
export const percent = (value: number): string => `${value.toFixed(0)}%`;

/** The first few names, one a line, and how many there are beyond. */
export function someOf(names: readonly string[]): string {
  const more = names.length - NAMES_PER_CELL;
  return [...names.slice(0, NAMES_PER_CELL), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

export function printTable(title: string, head: string[], rows: string[][]): void {
  const widest = head.map((_, column) =>
    Math.max(...[head, ...rows].flatMap((row) => row[column].split('\n').map((line) => line.length))),
  );
  const table = new Table({
    head,
    colWidths: widest.map((width) => Math.min(width, CELL_WIDTH) + 2),
    wordWrap: true,
    style: { head: [], border: [], compact: rows.every((row) => row.every(fitsOneLine)) },
  });
  table.push(...rows);
  console.log(`\n${title}\n${rows.length > 0 ? table.toString() : 'none'}`);
}

function fitsOneLine(cell: string): boolean {
  return cell.length <= CELL_WIDTH && !cell.includes('\n');
}
