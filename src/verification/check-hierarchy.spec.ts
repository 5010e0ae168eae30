import { describe, expect, it } from '@jest/globals';
import { RefusedError, UnusableInputError } from './verification.error.js';
import { verify } from './verify.js';

/** All have mail; sales, whom ann leads, has leads and prices too, and ann approvals. */
const DATA = [
  ...['ann', 'bob', 'cleo', 'dan', 'eve'].map((user) => `${user} mail`),
  ...['ann', 'bob', 'cleo'].flatMap((user) => [`${user} leads`, `${user} prices`]),
  'ann approvals',
].join('\n');

interface Role {
  name: string;
  entitlements: string[];
  own_entitlements: string[];
  juniors: string[];
  users: string[];
  confidence: number;
}

interface Result extends Record<string, unknown> {
  parameters: Record<string, unknown>;
  roles: Role[];
  metrics: Record<string, unknown>;
}

function hierarchy(): Result {
  return {
    users: 5,
    entitlements: 4,
    assignments: 12,
    parameters: {
      min_users: 1,
      min_entitlements: 1,
      confidence_threshold: 0,
      objective: 'wsc',
      complete: true,
      hierarchy: true,
    },
    roles: [
      {
        name: 'sales',
        entitlements: ['mail', 'leads', 'prices'],
        own_entitlements: ['leads', 'prices'],
        juniors: ['all'],
        users: ['bob', 'cleo'],
        confidence: 1,
      },
      {
        name: 'lead',
        entitlements: ['mail', 'leads', 'prices', 'approvals'],
        own_entitlements: ['approvals'],
        juniors: ['sales'],
        users: ['ann'],
        confidence: 1 / 3,
      },
      {
        name: 'all',
        entitlements: ['mail'],
        own_entitlements: ['mail'],
        juniors: [],
        users: ['dan', 'eve'],
        confidence: 1,
      },
    ],
    direct: [],
    metrics: {
      role_count: 3,
      user_assignments: 5,
      permission_assignments: 4,
      role_hierarchy_edges: 2,
      direct_assignments: 0,
      wsc: 14,
      coverage: 1,
      cost_model: 'hierarchy',
      lower_bound: null,
      gap_percent: null,
      bound_reason: 'there is no bound of the complexity of a hierarchy',
      proven_optimal: false,
    },
    under_cover: [{ coverage_percent: 80, role_count: 2 }],
  };
}

function file(name: string, content: unknown): { name: string; bytes: Uint8Array } {
  return { name, bytes: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) };
}

function check(result: unknown, certificate: unknown = null): string[] {
  return verify({
    data: file('data.txt', DATA),
    result: file('result.json', result),
    certificate: certificate === null ? null : file('certificate.json', certificate),
    users: null,
  });
}

describe('verify of a hierarchy', () => {
  it('says what it has proven', () => {
    expect(check(hierarchy())).toEqual([
      'Proven: 3 roles give all of 12 assignments, and nothing else.',
      'Proven: 2 inheritances, none in a circle, and what every role has is what it grants and inherits.',
      'Proven: all counts, the coverage and the complexity of 14.',
      'Proven: the confidence of every role.',
      'There is no lower bound to prove.',
    ]);
  });

  it('takes a role that is given to nobody, but inherited from', () => {
    const result = hierarchy();
    result.roles[0].users = ['cleo'];
    result.roles[1].users = ['ann'];
    result.roles.push({ ...result.roles[0], name: 'bob', juniors: ['sales'], own_entitlements: [], users: ['bob'] });
    result.roles[0].users = [];
    result.roles[3].users = ['bob', 'cleo'];
    Object.assign(result.metrics, { role_count: 4, role_hierarchy_edges: 3, wsc: 16 });
    result.under_cover = [];

    expect(check(result)).toHaveLength(5);
  });

  it.each<[what: string, tamper: (result: Result) => unknown, message: string]>([
    ['a circle', (r) => r.roles[2].juniors.push('lead'), 'the juniors of the role "sales" go in a circle'],
    ['a role that is its own junior', (r) => r.roles[2].juniors.push('all'), 'the juniors of the role'],
    [
      'an unknown junior',
      (r) => r.roles[0].juniors.push('staff'),
      'the role "sales" inherits from "staff", which there',
    ],
    ['a junior twice', (r) => r.roles[0].juniors.push('all'), 'the role "sales" inherits from "all" twice'],
    ['a name twice', (r) => (r.roles[2].name = 'lead'), 'two roles have the name "lead"'],
    [
      'a junior left out',
      (r) => (r.roles[1].juniors = ['all']),
      'the role "lead" neither grants "leads" itself nor inherits it',
    ],
    [
      'an own entitlement left out',
      (r) => r.roles[0].own_entitlements.pop(),
      'the role "sales" neither grants "prices" itself nor inherits it',
    ],
    [
      'an own entitlement twice',
      (r) => r.roles[0].own_entitlements.push('leads'),
      'the role "sales" grants "leads" itself twice',
    ],
    [
      'an own entitlement that is kept quiet',
      (r) => r.roles[2].own_entitlements.push('leads'),
      'the role "all" gives "leads" too, which is not among its entitlements',
    ],
    [
      'an inherited entitlement that is kept quiet',
      (r) => (r.roles[1].entitlements = ['mail', 'leads', 'approvals']),
      'the role "lead" gives "prices" too, which is not among its entitlements',
    ],
    [
      'a junior that gives too much',
      (r) => {
        r.roles[2].entitlements.push('approvals');
        r.roles[2].own_entitlements.push('approvals');
        r.roles[0].entitlements.push('approvals');
      },
      'role 1 would give "bob" → "approvals", which is not held',
    ],
    [
      'an own entitlement that is inherited too, uncounted',
      (r) => r.roles[1].own_entitlements.push('mail'),
      'permission_assignments is 5, not 4',
    ],
    ['an inheritance uncounted', (r) => r.roles[1].juniors.push('all'), 'role_hierarchy_edges is 3, not 2'],
    ['the number of inheritances', (r) => (r.metrics.role_hierarchy_edges = 1), 'role_hierarchy_edges is 2, not 1'],
    ['a complexity without inheritances', (r) => (r.metrics.wsc = 12), 'wsc is 14, not 12'],
    [
      'own entitlements counted as all',
      (r) => (r.metrics.permission_assignments = 8),
      'permission_assignments is 4, not 8',
    ],
    [
      'another cost model',
      (r) => (r.metrics.cost_model = 'flat'),
      'cost_model is flat, but what was asked for counts as hierarchy',
    ],
    [
      'a role for nobody',
      (r) =>
        r.roles.push({
          name: 'x',
          entitlements: ['leads'],
          own_entitlements: ['leads'],
          juniors: [],
          users: [],
          confidence: 1,
        }),
      'the role "x" is given to nobody, and nothing inherits from it',
    ],
    ['a user left out', (r) => r.roles[0].users.pop(), '"cleo" → "mail" is held, but neither'],
  ])('refuses %s', (_, tamper, message) => {
    const result = hierarchy();
    tamper(result);

    expect(() => check(result)).toThrow(RefusedError);
    expect(() => check(result)).toThrow(message);
  });

  it.each<[what: string, tamper: (result: Result) => unknown, message: string]>([
    ['juniors', (r) => delete (r.roles[0] as Partial<Role>).juniors, 'result.json: roles[0] has no juniors'],
    [
      'own entitlements',
      (r) => delete (r.roles[0] as Partial<Role>).own_entitlements,
      'result.json: roles[0] has no own_entitlements',
    ],
    ['the count', (r) => delete r.metrics.role_hierarchy_edges, 'result.json: metrics has no role_hierarchy_edges'],
    ['a truth', (r) => (r.parameters.hierarchy = 'yes'), 'parameters: hierarchy: expected true or false, got "yes"'],
  ])('cannot check a hierarchy without %s', (_, tamper, message) => {
    const result = hierarchy();
    tamper(result);

    expect(() => check(result)).toThrow(UnusableInputError);
    expect(() => check(result)).toThrow(message);
  });

  it('refuses a hierarchy that does not say that it is one', () => {
    const result = hierarchy();
    result.parameters.hierarchy = false;

    expect(() => check(result)).toThrow('permission_assignments is 8, not 4');
  });

  it('knows no certificate for a hierarchy, and takes none of another cost model', () => {
    const certificate = {
      format: 'role-mining-certificate-1',
      kind: 'edge-values',
      lower_bound: 1,
      note: null,
      data: { assignments: 12, sha256: '' },
      scale: 1_000_000,
      edges: [],
    };

    expect(() => check(hierarchy(), { ...certificate, cost_model: 'flat' })).toThrow(
      'the certificate is for other data',
    );
    expect(() => check(hierarchy(), { ...certificate, cost_model: 'hierarchy' })).toThrow(RefusedError);
  });
});
