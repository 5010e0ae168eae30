import { describe, expect, it } from '@jest/globals';
import { type CsvCell, CsvWriter } from './csv.js';
import type { GraphNames } from './graph-names.js';

const NO_NAMES = {} as GraphNames;

function cellOf(cell: CsvCell): string {
  const writer = new CsvWriter<CsvCell>({ references: () => ({}), columns: { cell: (item) => item } });
  return writer.rows([cell], NO_NAMES).replace(/\r\n$/, '');
}

describe('a CSV cell', () => {
  it.each<[CsvCell, string]>([
    ['plain', 'plain'],
    [-1.5, '-1.5'],
    [0, '0'],
    [false, 'false'],
    [null, ''],
    [[], ''],
    [['a', 'b c'], 'a|b c'],
    ['a,b', '"a,b"'],
    ['say "a"', '"say ""a"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r=1+1', '"two\r=1+1"'],
    ['naïve 日本', 'naïve 日本'],
  ])('of %j is %j', (cell, text) => {
    expect(cellOf(cell)).toBe(text);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1', '＋1', '－1', '＠a'])(
    'of %j, which a spreadsheet would run, begins with an apostrophe',
    (formula) => {
      const quote = formula.includes('\r') ? '"' : '';
      expect(cellOf(formula)).toBe(`${quote}'${formula}${quote}`);
      expect(cellOf([formula, 'b'])).toBe(`${quote}'${formula}|b${quote}`);
    },
  );

  it('that only contains such a sign is left alone', () => {
    expect(cellOf('a=b')).toBe('a=b');
    expect(cellOf(['a', '=b'])).toBe('a|=b');
  });
});

describe('a CSV file', () => {
  it('begins with a byte order mark and the headings, whatever their signs', () => {
    const writer = new CsvWriter<null>({ references: () => ({}), columns: { one: () => 1, two: () => 2 } });
    expect(writer.head()).toBe('\ufeffone,two\r\n');
    expect(writer.rows([null, null], NO_NAMES)).toBe('1,2\r\n1,2\r\n');
    expect(writer.rows([], NO_NAMES)).toBe('');
  });
});
