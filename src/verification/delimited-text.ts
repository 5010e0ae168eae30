import { UnusableInputError } from './verification.error.js';

export interface Row {
  /** Line at which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

const DELIMITERS = [',', ';', '\t'];

/**
 * The rows of a file, each with the columns asked for and nothing else: JSON objects by line; a table with a header,
 * separated by comma, semicolon or tab; or, where there are two columns, lines of two words. What the file is shows in its
 * first line.
 */
export function readColumns(file: string, text: string, columns: readonly string[]): Row[] {
  const content = text.trimStart();
  const lineEnd = content.search(/[\r\n]/);
  const first = (lineEnd < 0 ? content : content.slice(0, lineEnd)).trimEnd();
  if (first === '') throw new UnusableInputError(`${file} has no rows`);
  if (first.startsWith('{')) return jsonRows(file, text, columns);
  for (const delimiter of DELIMITERS) {
    const header = headerOf(splitRows(file, first, delimiter)[0], columns);
    if (header !== null) return tableRows(file, splitRows(file, text, delimiter), header);
  }
  if (columns.length === 2 && /^\S+(\s+\S+)?$/.test(first) && !/[,;"]/.test(first)) return wordRows(file, text);
  throw new UnusableInputError(`${file} has no header with the columns ${columns.join(' and ')}`);
}

/** Where the columns are, and how many there are in all; null when one is missing. */
function headerOf({ cells }: Row, columns: readonly string[]): { places: number[]; width: number } | null {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const places = columns.map((column) => names.indexOf(column));
  return places.includes(-1) ? null : { places, width: cells.length };
}

function tableRows(
  file: string,
  [, ...rows]: readonly Row[],
  { places, width }: { places: number[]; width: number },
): Row[] {
  return rows.map(({ line, cells }) => {
    if (cells.length !== width) {
      throw new UnusableInputError(`${file}, line ${line}: expected ${width} fields, got ${cells.length}`);
    }
    return { line, cells: places.map((place) => filled(file, line, cells[place])) };
  });
}

function wordRows(file: string, text: string): Row[] {
  return text.split(/\r\n|\n|\r/).flatMap((words, index) => {
    const trimmed = words.trim();
    if (trimmed === '') return [];
    const cells = trimmed.split(/\s+/);
    if (cells.length !== 2) {
      throw new UnusableInputError(`${file}, line ${index + 1}: expected a user and an entitlement`);
    }
    return [{ line: index + 1, cells }];
  });
}

function jsonRows(file: string, text: string, columns: readonly string[]): Row[] {
  return text.split(/\r\n|\n|\r/).flatMap((json, index) => {
    if (json.trim() === '') return [];
    let row: unknown;
    try {
      row = JSON.parse(json);
    } catch {
      row = null;
    }
    if (typeof row !== 'object' || row === null) {
      throw new UnusableInputError(`${file}, line ${index + 1}: expected a JSON object`);
    }
    const members = new Map(Object.entries(row).map(([key, value]) => [key.trim().toLowerCase(), value as unknown]));
    return [{ line: index + 1, cells: columns.map((key) => filled(file, index + 1, textOfValue(members.get(key)))) }];
  });
}

function textOfValue(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function filled(file: string, line: number, cell: string): string {
  const trimmed = cell.trim();
  if (trimmed === '') throw new UnusableInputError(`${file}, line ${line}: a user or an entitlement is empty`);
  return trimmed;
}

/** Splits a text into fields, character by character (RFC 4180): a field in quotes may hold anything, a doubled quote too. */
function splitRows(file: string, text: string, delimiter: string): Row[] {
  const rows: Row[] = [];
  let cells: string[] = [];
  let cell = '';
  let line = 1;
  let rowLine = 1;
  let at = 0;
  const endCell = (): void => {
    cells.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (cells.length > 1 || cells[0].trim() !== '') rows.push({ line: rowLine, cells });
    cells = [];
    rowLine = line;
  };
  while (at < text.length) {
    const next = text[at];
    if (next === '"' && cell === '') {
      const quoteLine = line;
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (at >= text.length) throw new UnusableInputError(`${file}, line ${quoteLine}: a quoted field is not closed`);
        if (text[at] === '"') at++;
        if (text[at] === '\n') line++;
        cell += text[at];
      }
      at++;
    } else if (next === delimiter) {
      endCell();
      at++;
    } else if (next === '\n' || next === '\r') {
      at += next === '\r' && text[at + 1] === '\n' ? 2 : 1;
      line++;
      endRow();
    } else {
      let end = at + 1;
      while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
      cell += text.slice(at, end);
      at = end;
    }
  }
  endRow();
  return rows;
}
