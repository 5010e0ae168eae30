import { createHash } from 'node:crypto';
import { RefusedError, UnusableInputError } from '../../src/verification/verification.error.js';
import { verify } from '../../src/verification/verify.js';

/** Two teams that share an entitlement, and somebody with a right of his own. */
export const DATA = `user,entitlement
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
export interface Result extends Record<string, unknown> {
  parameters: Record<string, unknown>;
  roles: Role[];
  direct: [string, string][];
  metrics: Record<string, unknown>;
  under_cover: { coverage_percent: number; role_count: number | null }[];
}

export function withDirect(): Result {
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

export function complete(objective: 'wsc' | 'roles'): Result {
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

export interface Certificate extends Record<string, unknown> {
  kind: string;
  data: Record<string, unknown>;
  edges: Edge[];
}

export function hashOf(csv: string): string {
  const pairs = csv.trim().split('\n').slice(1).sort();
  return createHash('sha256')
    .update(pairs.map((pair) => `${pair.replace(',', '\0')}\0`).join(''))
    .digest('hex');
}

const data = { assignments: 13, sha256: hashOf(DATA) };

/** Of equal users (ann, bob and cleo; dan, eve and fay) one stands for all. Flat: 5 + 0.5 + 5 + … and 3 for the vault. */
export function valuesFor(model: 'flat' | 'with_direct'): Certificate {
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

export function independence(): Certificate {
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

export function file(name: string, content: unknown): { name: string; bytes: Uint8Array } {
  return { name, bytes: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) };
}

export function check(result: unknown, certificate: unknown = null, csv = DATA, users: string | null = null): string[] {
  return verify({
    data: file('data.csv', csv),
    result: file('result.json', result),
    certificate: certificate === null ? null : file('certificate.json', certificate),
    users: users === null ? null : file('users.csv', users),
  });
}

/** The message with which something is turned away, and the kind of error. */
export function refusal(run: () => unknown): [kind: string, message: string] {
  try {
    run();
  } catch (error) {
    if (error instanceof RefusedError || error instanceof UnusableInputError) return [error.name, error.message];
    throw error;
  }
  throw new Error('it was accepted');
}
export type Tamper<Document> = (document: Document) => unknown;
export type Case<Document> = readonly [what: string, tamper: Tamper<Document>, message: string];

export function tampered<Document>(make: () => Document, tamper: Tamper<Document>): Document {
  const document = make();
  tamper(document);
  return document;
}
