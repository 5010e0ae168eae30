import { describe, expect, it } from '@jest/globals';
import {
  type Case,
  type Certificate,
  check,
  complete,
  DATA,
  hashOf,
  independence,
  refusal,
  tampered,
  valuesFor,
  withDirect,
} from '../../support/verified-results.js';

const certificateCases: readonly Case<Certificate>[] = [
  ['the hash', (c) => (c.data.sha256 = hashOf(DATA.replace('gus', 'kim'))), 'for other data: their hash is another'],
  [
    'the number of assignments',
    (c) => (c.data.assignments = 14),
    'the certificate is for 14 assignments, the data have 13',
  ],
  [
    'the cost model',
    (c) => (c.cost_model = 'flat'),
    'bounds the cost model flat, the result counts by with_direct: bounds do not carry over',
  ],
  ['the bound', (c) => (c.lower_bound = 13), 'says that nothing is below 13, but proves only 12'],
  ['a value left out', (c) => c.edges.shift(), 'says that nothing is below 12, but proves only 9'],
  [
    'a value that makes a role too dear',
    (c) => (c.edges[0][2] = 4_000_001),
    'the certificate values "ann" → "invoices" higher than a direct assignment costs',
  ],
  [
    'a value for what is not held',
    (c) => c.edges.push(['gus', 'ledger', 1]),
    'gives a value to "gus" → "ledger", which is not held',
  ],
  ['a value for somebody unknown', (c) => c.edges.push(['zoe', 'ledger', 1]), 'gives a value to "zoe" → "ledger"'],
  [
    'two values for the same',
    (c) => c.edges.push(['ann', 'invoices', 1]),
    'gives "ann" → "invoices", or an assignment equal to it, two values',
  ],
  [
    'two values for equal users',
    (c) => c.edges.push(['bob', 'invoices', 1]),
    'gives "bob" → "invoices", or an assignment equal',
  ],
  ['a smaller scale', (c) => (c.scale = 990_000), 'the certificate values "ann" → "invoices" higher than'],
  ['a larger scale', (c) => (c.scale = 2_000_000), 'says that nothing is below 12, but proves only 7'],
  ['no scale', (c) => (c.scale = 0), 'the scale of the values is 0'],
  [
    'the kind',
    (c) => {
      c.kind = 'independent-edges';
      c.edges = independence().edges;
    },
    'a certificate of the kind independent-edges says nothing about the cost model with_direct',
  ],
];

const flatCases: readonly Case<Certificate>[] = [
  [
    'a value that makes a team too dear',
    (c) => (c.edges[1][2] = 1_200_000),
    'a role of 3 users ("ann", "bob", "cleo") and 2 entitlements ("invoices", "payments") costs 6 and is worth 6.1',
  ],
  [
    'a value that makes a part of a team’s role too dear',
    (c) => {
      c.edges[0][2] = 5_000_001;
      c.edges[1][2] = 0;
    },
    'a role of 3 users ("ann", "bob", "cleo") and 1 entitlements ("invoices") costs 5 and is worth 5.000001',
  ],
  [
    'values that make a role across teams too dear',
    (c) => {
      for (const at of [0, 2]) c.edges[at][2] = 1_000_000;
      for (const at of [1, 3]) c.edges[at][2] = 4_500_000;
    },
    'a role of 6 users ("ann", "bob", "cleo", …) and 1 entitlements ("payments") costs 8 and is worth 9',
  ],
  [
    'a single assignment too dear',
    (c) => (c.edges[4][2] = 3_000_001),
    'a role of 1 users ("gus") and 1 entitlements ("vault") costs 3 and',
  ],
];

const independenceCases: readonly Case<Certificate>[] = [
  ['the bound', (c) => (c.lower_bound = 4), 'says that nothing is below 4, but proves only 3'],
  [
    'two of one role',
    (c) => (c.edges[1] = ['cleo', 'payments']),
    'counts "bob" → "invoices" and "cleo" → "payments", which fit into one',
  ],
  [
    'two of one entitlement',
    (c) => c.edges.push(['dan', 'ledger']),
    'counts "dan" → "ledger" and "fay" → "ledger", which fit',
  ],
  [
    'two of one user',
    (c) => c.edges.push(['bob', 'payments']),
    'counts "bob" → "payments" and "bob" → "invoices", which fit',
  ],
  ['one twice', (c) => c.edges.push(['gus', 'vault']), 'counts "gus" → "vault" and "gus" → "vault", which fit'],
  ['one that is not held', (c) => (c.edges[0] = ['bob', 'ledger']), 'counts "bob" → "ledger", which is not held'],
  [
    'the kind',
    (c) => Object.assign(c, { kind: 'edge-values', scale: 1, edges: [] }),
    'a certificate of the kind edge-values says nothing about the cost model roles',
  ],
];

describe('verify refuses a certificate with another value of', () => {
  it.each(certificateCases)('%s', (_, tamper, message) => {
    const certificate = tampered(() => valuesFor('with_direct'), tamper);
    expect(refusal(() => check(withDirect(), certificate))).toEqual(['RefusedError', expect.stringContaining(message)]);
  });

  it.each(flatCases)('roles alone: %s', (_, tamper, message) => {
    const certificate = tampered(() => valuesFor('flat'), tamper);
    expect(refusal(() => check(complete('wsc'), certificate))).toEqual([
      'RefusedError',
      expect.stringContaining(message),
    ]);
  });

  it.each(independenceCases)('fewest roles: %s', (_, tamper, message) => {
    const certificate = tampered(independence, tamper);
    expect(refusal(() => check(complete('roles'), certificate))).toEqual([
      'RefusedError',
      expect.stringContaining(message),
    ]);
  });
});
