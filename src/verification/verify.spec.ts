import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { RefusedError, UnusableInputError } from './verification.error.js';
import { verify } from './verify.js';

/** Two teams that share an entitlement, and somebody with a right of his own. */
const DATA = `user,entitlement
ann,invoices
ann,payments
bob,invoices
bob,payments
cleo,invoices
cleo,payments
dan,payments
dan,ledger
eve,payments
eve,ledger
fay,payments
fay,ledger
gus,vault
`;

interface Role {
  name: string;
  entitlements: string[];
  users: string[];
  confidence: unknown;
}

/** What `mine --json` writes, as far as it is checked. */
interface Result extends Record<string, unknown> {
  parameters: Record<string, unknown>;
  roles: Role[];
  direct: [string, string][];
  metrics: Record<string, unknown>;
  under_cover: { coverage_percent: number; role_count: number | null }[];
}

function withDirect(): Result {
  return {
    users: 7,
    entitlements: 4,
    assignments: 13,
    parameters: {
      min_users: 3,
      min_entitlements: 2,
      confidence_threshold: 0.4,
      objective: 'wsc',
      complete: false,
      seed: 0,
      time_limit: null,
    },
    roles: [
      { name: 'a', entitlements: ['invoices', 'payments'], users: ['ann', 'bob', 'cleo'], confidence: 0.5 },
      { name: 'b', entitlements: ['payments', 'ledger'], users: ['dan', 'eve', 'fay'], confidence: 0.5 },
    ],
    direct: [['gus', 'vault']],
    metrics: {
      role_count: 2,
      user_assignments: 6,
      permission_assignments: 4,
      direct_assignments: 1,
      wsc: 13,
      coverage: 12 / 13,
      cost_model: 'with_direct',
      lower_bound: 12,
      gap_percent: 100 / 12,
      bound_reason: null,
      proven_optimal: false,
    },
    under_cover: [
      { coverage_percent: 80, role_count: 2 },
      { coverage_percent: 100, role_count: null },
    ],
  };
}

function complete(objective: 'wsc' | 'roles'): Result {
  const result = withDirect();
  result.parameters = {
    min_users: 1,
    min_entitlements: 1,
    confidence_threshold: 0,
    objective,
    complete: true,
    seed: 0,
    time_limit: null,
  };
  result.roles.push({ name: 'c', entitlements: ['vault'], users: ['gus'], confidence: 1 / 7 });
  result.direct = [];
  const counts = {
    role_count: 3,
    user_assignments: 7,
    permission_assignments: 5,
    direct_assignments: 0,
    wsc: 15,
    coverage: 1,
  };
  const flat = { cost_model: 'flat', lower_bound: 14, gap_percent: 100 / 14, proven_optimal: false };
  const roles = { cost_model: 'roles', lower_bound: 3, gap_percent: 0, proven_optimal: true };
  result.metrics = { ...counts, bound_reason: null, ...(objective === 'roles' ? roles : flat) };
  result.under_cover = [
    { coverage_percent: 80, role_count: 2 },
    { coverage_percent: 100, role_count: 3 },
  ];
  return result;
}

type Edge = [string, string, ...unknown[]];

interface Certificate extends Record<string, unknown> {
  kind: string;
  data: Record<string, unknown>;
  edges: Edge[];
}

function hashOf(csv: string): string {
  const pairs = csv.trim().split('\n').slice(1).sort();
  return createHash('sha256')
    .update(pairs.map((pair) => `${pair.replace(',', '\0')}\0`).join(''))
    .digest('hex');
}

const data = { assignments: 13, sha256: hashOf(DATA) };

/** Of equal users (ann, bob and cleo; dan, eve and fay) one stands for all. Flat: 5 + 0.5 + 5 + … and 3 for the vault. */
function valuesFor(model: 'flat' | 'with_direct'): Certificate {
  const vault = model === 'flat' ? 3_000_000 : 1_000_000;
  return {
    format: 'role-mining-certificate-1',
    kind: 'edge-values',
    cost_model: model,
    lower_bound: model === 'flat' ? 14 : 12,
    note: null,
    data: { ...data },
    scale: 1_000_000,
    edges: [
      // A role for the payments of all six is worth 2 + 2 and costs 8, one for a whole team 4.9 + 0.6, and costs 6.
      ['ann', 'invoices', model === 'flat' ? 4_900_000 : 3_000_000],
      ['ann', 'payments', model === 'flat' ? 600_000 : 2_500_000],
      ['eve', 'ledger', model === 'flat' ? 4_900_000 : 3_000_000],
      ['dan', 'payments', model === 'flat' ? 600_000 : 2_500_000],
      ['gus', 'vault', vault],
    ],
  };
}

function independence(): Certificate {
  return {
    format: 'role-mining-certificate-1',
    kind: 'independent-edges',
    cost_model: 'roles',
    lower_bound: 3,
    note: null,
    data: { ...data },
    edges: [
      ['bob', 'invoices'],
      ['fay', 'ledger'],
      ['gus', 'vault'],
    ],
  };
}

function file(name: string, content: unknown): { name: string; bytes: Uint8Array } {
  return { name, bytes: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) };
}

function check(result: unknown, certificate: unknown = null, csv = DATA, users: string | null = null): string[] {
  return verify({
    data: file('data.csv', csv),
    result: file('result.json', result),
    certificate: certificate === null ? null : file('certificate.json', certificate),
    users: users === null ? null : file('users.csv', users),
  });
}

/** The message with which something is turned away, and the kind of error. */
function refusal(run: () => unknown): [kind: string, message: string] {
  try {
    run();
  } catch (error) {
    if (error instanceof RefusedError || error instanceof UnusableInputError) return [error.name, error.message];
    throw error;
  }
  throw new Error('it was accepted');
}

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

type Tamper<Document> = (document: Document) => unknown;
type Case<Document> = readonly [what: string, tamper: Tamper<Document>, message: string];

const resultCases: readonly Case<Result>[] = [
  [
    'a role that gives too much',
    (r) => r.roles[0].users.push('dan'),
    'role 1 would give "dan" → "invoices", which is not held',
  ],
  [
    'an assignment left out',
    (r) => (r.direct = []),
    '"gus" → "vault" is held, but neither a role nor a direct assignment gives it',
  ],
  ['a member left out', (r) => r.roles[1].users.pop(), '"fay" → "payments" is held, but neither a role nor'],
  ['a role left out', (r) => r.roles.pop(), '"dan" → "payments" is held, but neither'],
  ['a role without users', (r) => (r.roles[0].users = []), 'role 1 has no users'],
  ['a role without entitlements', (r) => (r.roles[0].entitlements = []), 'role 1 has no entitlements'],
  ['a user twice in a role', (r) => r.roles[0].users.push('ann'), 'role 1 lists "ann" twice'],
  ['an entitlement twice in a role', (r) => r.roles[1].entitlements.push('ledger'), 'role 2 lists "ledger" twice'],
  ['an unknown user', (r) => r.roles[0].users.push('zoe'), 'role 1 names the user "zoe", which the data do not have'],
  ['an unknown entitlement', (r) => r.roles[0].entitlements.push('keys'), 'role 1 names the entitlement "keys", which'],
  ['a confidence', (r) => (r.roles[0].confidence = 0.75), 'role 1 has a confidence of 0.5, not 0.75'],
  [
    'the least confidence',
    (r) => (r.parameters.confidence_threshold = 0.6),
    'role 1 has a confidence of 0.5, less than 0.6',
  ],
  ['the least number of users', (r) => (r.parameters.min_users = 4), 'role 1 has 3 members, fewer than 4'],
  [
    'the least number of entitlements',
    (r) => (r.parameters.min_entitlements = 3),
    'role 1 has 2 entitlements, fewer than 3',
  ],
  [
    'a direct assignment that is not held',
    (r) => r.direct.push(['gus', 'ledger']),
    'the direct assignment "gus" → "ledger" is not held',
  ],
  [
    'a direct assignment twice',
    (r) => r.direct.push(['gus', 'vault']),
    'the direct assignment "gus" → "vault" is listed twice',
  ],
  [
    'a direct assignment that a role gives',
    (r) => r.direct.push(['ann', 'payments']),
    'the direct assignment "ann" → "payments" is given by a role',
  ],
  ['a direct assignment of nobody', (r) => r.direct.push(['zoe', 'vault']), 'a direct assignment names the user "zoe"'],
  [
    'a direct assignment of nothing',
    (r) => r.direct.push(['gus', 'keys']),
    'a direct assignment names the entitlement "keys"',
  ],
  ['the number of users', (r) => (r.users = 6), 'the result says 6 users, the data have 7'],
  ['the number of entitlements', (r) => (r.entitlements = 5), 'the result says 5 entitlements, the data have 4'],
  ['the number of assignments', (r) => (r.assignments = 12), 'the result says 12 assignments, the data have 13'],
  ['the number of roles', (r) => (r.metrics.role_count = 1), 'role_count is 2, not 1'],
  ['the number of user assignments', (r) => (r.metrics.user_assignments = 5), 'user_assignments is 6, not 5'],
  [
    'the number of permission assignments',
    (r) => (r.metrics.permission_assignments = 3),
    'permission_assignments is 4, not 3',
  ],
  ['the number of direct assignments', (r) => (r.metrics.direct_assignments = 0), 'direct_assignments is 1, not 0'],
  ['the complexity', (r) => (r.metrics.wsc = 12), 'wsc is 13, not 12'],
  ['the coverage', (r) => (r.metrics.coverage = 1), 'coverage is 0.923'],
  [
    'a point of the under-cover curve',
    (r) => (r.under_cover[0].role_count = 1),
    '80% are reached with 2 roles, not with 1 roles',
  ],
  [
    'a point that is never reached',
    (r) => (r.under_cover[1].role_count = 2),
    '100% are reached never, not with 2 roles',
  ],
  [
    'the cost model',
    (r) => (r.metrics.cost_model = 'flat'),
    'cost_model is flat, but what was asked for counts as with_direct',
  ],
  [
    'a bound above the result',
    (r) => (r.metrics.lower_bound = 14),
    'the lower bound 14 is above the result itself, which is 13',
  ],
  ['the gap', (r) => (r.metrics.gap_percent = 1), 'gap_percent is 8.33'],
  ['a gap without a bound', (r) => (r.metrics.lower_bound = null), 'of lower_bound and gap_percent, one is null'],
  [
    'an optimum that is none',
    (r) => (r.metrics.proven_optimal = true),
    'said to be proven optimal, but its lower bound is 12 and it is 13',
  ],
  [
    'completeness, with thresholds',
    (r) => (r.parameters.complete = true),
    'said to be complete, but with thresholds other than 1, 1 and 0',
  ],
  [
    'completeness, with direct assignments',
    (r) => Object.assign(r.parameters, { min_users: 1, min_entitlements: 1, confidence_threshold: 0, complete: true }),
    'said to be complete, but has 1 direct assignments',
  ],
];

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

function tampered<Document>(make: () => Document, tamper: Tamper<Document>): Document {
  const document = make();
  tamper(document);
  return document;
}

describe('verify refuses a result with another value of', () => {
  it.each(resultCases)('%s', (_, tamper, message) => {
    expect(refusal(() => check(tampered(withDirect, tamper)))).toEqual([
      'RefusedError',
      expect.stringContaining(message),
    ]);
  });

  it('the number of roles, for a certificate of fewest roles of a result that is not complete', () => {
    const result = withDirect();
    result.parameters.objective = 'roles';
    Object.assign(result.metrics, { cost_model: 'roles', lower_bound: null, gap_percent: null });

    expect(refusal(() => check(result, independence()))[1]).toContain('but the result leaves assignments direct');
  });
});

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
