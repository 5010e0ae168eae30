import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import {
  check,
  complete,
  DATA,
  file,
  independence,
  refusal,
  valuesFor,
  withDirect,
} from '../../support/verified-results.js';
import { verify } from '../../../src/verification/verify.js';

describe('verify', () => {
  it('says what it has proven of a result with direct assignments and its bound', () => {
    expect(check(withDirect(), valuesFor('with_direct'))).toEqual([
      'Proven: 2 roles and 1 direct assignments give all of 13 assignments, and nothing else.',
      'Proven: all counts, the coverage and the complexity of 13.',
      'Proven: every role has 3 members and 2 entitlements at least, and the confidence that it says, 0.4 at least.',
      'Proven: no role set that gives everything has a complexity below 12 (roles and direct assignments; 5 values hold in all parts of 4 maximal roles).',
      'Proven: the result, with 13, lies at most 1 (8.34%) above the optimum.',
    ]);
  });

  it('says what it has proven of complete results, by roles alone', () => {
    expect(check(complete('wsc'), valuesFor('flat')).slice(-2)).toEqual([
      'Proven: no role set that gives everything has a complexity below 14 (roles alone; 5 values hold in all parts of 4 maximal roles).',
      'Proven: the result, with 15, lies at most 1 (7.15%) above the optimum.',
    ]);
    expect(check(complete('roles'), independence()).slice(-2)).toEqual([
      'Proven: no role set that gives everything has fewer roles than 3 (assignments of which no two fit into one role).',
      'Proven: the result, with 3, is optimal.',
    ]);
  });

  it('does not take on trust what a certificate does not prove', () => {
    const weaker = { ...independence(), lower_bound: 2, edges: independence().edges.slice(1) };

    expect(check(complete('roles'), weaker).at(-1)).toBe(
      'Proven: the result, with 3, lies at most 1 (50.00%) above the optimum. ' +
        'Not proven: the bound 3 of the result, found by a search through all cases that leaves no evidence.',
    );
    expect(check(withDirect()).at(-1)).toBe('Not proven: the lower bound 12, for want of a certificate.');
    const unbounded = withDirect();
    Object.assign(unbounded.metrics, { lower_bound: null, gap_percent: null });
    expect(check(unbounded).at(-1)).toBe('There is no lower bound to prove.');
  });

  it('counts users who hold nothing where it is given a file of users', () => {
    const result = { ...withDirect(), users: 8 };

    expect(check(result, null, DATA, 'user,department\nann,Finance\nzoe,IT\n')).toHaveLength(4);
    expect(refusal(() => check(result))[1]).toContain('with --users FILE');
  });

  it.each([
    ['white space', (csv: string) => csv.replace('user,entitlement\n', '').replaceAll(',', ' \t')],
    [
      'semicolons, other columns, a BOM',
      (csv: string) => `\uFEFFx;${csv.replaceAll(',', ';').replaceAll('\n', '\r\n;')}`,
    ],
    ['quotes', (csv: string) => csv.replace(/^(\w+),(\w+)$/gm, '"$1","$2"')],
    ['repeated pairs and empty lines', (csv: string) => `\n${csv}\nann,invoices\n`],
    [
      'JSON by line',
      (csv: string) =>
        csv
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => JSON.stringify({ user: line.split(',')[0], Entitlement: line.split(',')[1] }))
          .join('\n'),
    ],
  ])('reads data with %s', (_, form) => {
    const csv = form(DATA).replace(/\r\n;$/, '');

    expect(check(withDirect(), valuesFor('with_direct'), csv)).toHaveLength(5);
  });

  it('reads packed files', () => {
    const packed = { name: 'data.csv.gz', bytes: gzipSync(DATA) };

    expect(verify({ data: packed, result: file('r', withDirect()), certificate: null, users: null })).toHaveLength(4);
  });

  it('reads ids with anything in them', () => {
    const ids = ['Doe, "Jane"', 'two\nlines'];
    const csv = `user,entitlement\n${ids.map((id) => `"${id.replaceAll('"', '""')}",é`).join('\n')}\n`;
    const result = complete('roles');
    result.roles = [{ name: '', entitlements: ['é'], users: ids, confidence: 1 }];
    Object.assign(result, { users: 2, entitlements: 1, assignments: 2, under_cover: [] });
    const counts = { role_count: 1, user_assignments: 2, permission_assignments: 1, wsc: 4, lower_bound: 1 };
    Object.assign(result.metrics, counts);

    expect(check(result, null, csv)).toHaveLength(4);
  });
});
