import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import {
  type Case,
  type Certificate,
  check,
  DATA,
  file,
  refusal,
  type Result,
  tampered,
  valuesFor,
  withDirect,
} from '../../support/verified-results.js';
import { verify } from '../../../src/verification/verify.js';

/** What cannot be checked at all. */
const unusableResults: readonly Case<Result>[] = [
  ['a missing part', (r) => delete r.metrics.wsc, 'result.json: metrics has no wsc'],
  ['a text for a number', (r) => (r.users = '7'), 'result.json: users: expected a whole number of at least 0, got "7"'],
  ['a fraction for a count', (r) => (r.metrics.wsc = 12.5), 'result.json: metrics: wsc: expected a whole number'],
  [
    'a confidence that is none',
    (r) => (r.roles[1].confidence = 'high'),
    'result.json: roles[1]: confidence: expected a number, got "high"',
  ],
  [
    'a number for an id',
    (r) => r.direct.splice(0, 1, [1, 2] as never),
    'result.json: direct[0][0]: expected a text, got 1',
  ],
  [
    'a pair of three',
    (r) => r.direct.splice(0, 1, ['a', 'b', 'c'] as never),
    'result.json: direct[0]: expected a list of 2',
  ],
  ['an unknown objective', (r) => (r.parameters.objective = 'best'), 'objective: expected wsc or roles, got "best"'],
  ['a list for an object', (r) => (r.metrics = [] as never), 'result.json: metrics: expected an object, got []'],
  ['an object for a list', (r) => (r.roles = {} as never), 'result.json: roles: expected a list, got {}'],
  ['a word for a truth', (r) => (r.parameters.complete = 'no'), 'complete: expected true or false, got "no"'],
];
const unusableCertificates: readonly Case<Certificate>[] = [
  [
    'another format',
    (c) => (c.format = 'role-mining-certificate-2'),
    'format: expected role-mining-certificate-1, got',
  ],
  ['an unknown kind', (c) => (c.kind = 'oath'), 'kind: expected edge-values or independent-edges, got "oath"'],
  ['a negative value', (c) => (c.edges[1][2] = -1), 'edges[1][2]: expected a whole number of at least 0, got -1'],
  ['a value that is not whole', (c) => (c.edges[1][2] = 0.5), 'edges[1][2]: expected a whole number'],
  ['a value that no double holds', (c) => (c.edges[1][2] = 2 ** 60), 'edges[1][2]: expected a whole number'],
  ['an edge without a value', (c) => c.edges[1].pop(), 'edges[1]: expected a list of 3'],
  ['values that cannot be added exactly', (c) => (c.edges[1][2] = 2 ** 53 - 1), 'too large to be added exactly'],
  ['no hash', (c) => delete c.data.sha256, 'certificate.json: data has no sha256'],
];

describe('verify cannot use', () => {
  it.each(unusableResults)('a result with %s', (_, tamper, message) => {
    expect(refusal(() => check(tampered(withDirect, tamper)))).toEqual([
      'UnusableInputError',
      expect.stringContaining(message),
    ]);
  });

  it.each(unusableCertificates)('a certificate with %s', (_, tamper, message) => {
    const certificate = tampered(() => valuesFor('with_direct'), tamper);
    expect(refusal(() => check(withDirect(), certificate))).toEqual([
      'UnusableInputError',
      expect.stringContaining(message),
    ]);
  });

  it.each([
    ['no rows', ' \n', 'data.csv has no rows'],
    ['another header', 'who,what\na,b\n', 'data.csv has no header with the columns user and entitlement'],
    ['a short row', 'user,entitlement\na\n', 'data.csv, line 2: expected 2 fields, got 1'],
    ['an empty id', 'user,entitlement\n\n,b\n', 'data.csv, line 3: a user or an entitlement is empty'],
    ['an open quote', 'user,entitlement\na,"b\n', 'data.csv, line 2: a quoted field is not closed'],
    ['three words', 'a b\na b c\n', 'data.csv, line 2: expected a user and an entitlement'],
    ['broken JSON', '{"user":"a","entitlement":"b"}\n{\n', 'data.csv, line 2: expected a JSON object'],
  ])('data with %s', (_, csv, message) => {
    expect(refusal(() => check(withDirect(), null, csv))).toEqual(['UnusableInputError', message]);
  });

  it('what is not JSON, not UTF-8, or damaged', () => {
    const input = { data: file('data.csv', DATA), result: file('r', withDirect()), certificate: null, users: null };
    const packed = gzipSync(DATA).subarray(0, 30);

    expect(refusal(() => check('{'))[1]).toMatch(/^result\.json is not JSON: /);
    const latin1 = { name: 'data.csv', bytes: Buffer.from([0xe9, 0x2c]) };
    expect(refusal(() => verify({ ...input, data: latin1 }))[1]).toBe('data.csv cannot be read: it is not UTF-8');
    const damaged = { name: 'data.gz', bytes: packed };
    expect(refusal(() => verify({ ...input, data: damaged }))[1]).toMatch(/^data\.gz cannot be read: unexpected end/);
  });
});
