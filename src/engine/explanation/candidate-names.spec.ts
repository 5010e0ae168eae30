import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessMatrixFromLists } from '../matrix/access-matrix.js';
import { CandidateNames } from './candidate-names.js';
import type { AttributeRule } from './explanation.js';

function namesFor(
  entitlements: readonly { name: string; application?: string }[],
  { rows = [[0, 1, 2], [0, 1], [0], [1]], existing = [] as string[] } = {},
): CandidateNames {
  const empty = { offsets: new Int32Array(existing.length + 1), values: new Int32Array(0) };
  return new CandidateNames({
    matrix: accessMatrixFromLists(rows, entitlements.length),
    entitlementNames: entitlements.map(({ name }) => name),
    entitlementApplications: entitlements.map(({ application }) => application ?? null),
    existingRoles: { count: existing.length, names: existing, entitlements: empty, members: empty },
  });
}

function rule(conditions: [string, string][], { precision = 1, recall = 1 } = {}): AttributeRule {
  return {
    conditions: conditions.map(([attribute, value]) => ({ attribute, value })),
    precision,
    recall,
    f1: (2 * precision * recall) / (precision + recall),
    matchingUsers: 10,
    matchingMembers: 10,
  };
}

const payables = [
  { name: 'SAP payables: view invoices', application: 'SAP payables' },
  { name: 'SAP payables: approve invoices', application: 'SAP payables' },
  { name: 'SAP payables: create vendors', application: 'SAP payables' },
];

describe('CandidateNames', () => {
  it('names the members by their attribute and the access by its application', () => {
    const names = namesFor(payables);

    expect(names.next(Int32Array.of(0, 1, 2), 2, rule([['department', 'Finance']]))).toBe('Finance · SAP payables');
  });

  it('adds the words that most of the entitlements share and the application does not say', () => {
    expect(namesFor(payables).next(Int32Array.of(0, 1), 2, null)).toBe('SAP payables invoices');
    const bare = namesFor([{ name: 'fi_invoice_post' }, { name: 'fi_invoice_view' }, { name: 'hr_staff_view' }]);
    expect(bare.next(Int32Array.of(0, 1), 2, null)).toBe('fi invoice');
    const camelCase = namesFor([{ name: 'InvoicePost' }, { name: 'InvoiceView' }, { name: 'StaffView' }]);
    expect(camelCase.next(Int32Array.of(0, 1), 2, null)).toBe('Invoice');
  });

  it('uses both conditions of a conjunction, and says what a value without words is', () => {
    const names = namesFor(payables);
    const conjunction = rule([
      ['department', 'Finance'],
      ['costCentre', '4711'],
    ]);

    expect(names.next(Int32Array.of(0, 1), 2, conjunction)).toBe('Finance, costCentre 4711 · SAP payables invoices');
  });

  it('leaves out a rule that does not tell the members', () => {
    const weak = rule([['country', 'Norway']], { precision: 0.5, recall: 0.4 });

    expect(namesFor(payables).next(Int32Array.of(0, 1, 2), 2, weak)).toBe('SAP payables');
  });

  it('calls the members everyone when nearly all who hold anything are among them', () => {
    const names = namesFor(payables, { rows: [[0], [0], [0], []] });

    expect(names.next(Int32Array.of(0), 3, rule([['department', 'Finance']]))).toBe(
      'Everyone · SAP payables: view invoices',
    );
  });

  it('names the applications when there are several', () => {
    const names = namesFor([
      { name: 'a', application: 'Mail' },
      { name: 'b', application: 'Mail' },
      { name: 'c', application: 'Wiki' },
      { name: 'd', application: 'CRM' },
    ]);

    expect(names.next(Int32Array.of(0, 1, 2), 2, null)).toBe('Mail and Wiki');
    expect(names.next(Int32Array.of(0, 1, 2, 3), 2, null)).toBe('Mail and others');
  });

  it('falls back to the rarest entitlement', () => {
    const names = namesFor([{ name: '17' }, { name: '42' }, { name: '99' }]);

    expect(names.next(Int32Array.of(0, 1, 2), 1, null)).toBe('99 and 2 more');
  });

  it('tells candidates with the same name apart by an entitlement, then by number', () => {
    const names = namesFor(payables, { existing: ['sap PAYABLES invoices'] });

    expect(names.next(Int32Array.of(0, 1, 2), 1, null)).toBe('SAP payables');
    expect(names.next(Int32Array.of(0, 2), 1, null)).toBe('SAP payables 2');
    expect(names.next(Int32Array.of(0, 1), 1, null)).toBe('SAP payables invoices with view invoices');
  });

  it('gives names of 1 to 255 characters on one line, all different, whatever the texts', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom('', '  ', '\u0000', 'a\nb', 'same', 'SAME', '\ud800', 'é', 'e\u0301'),
    );
    const entitlement = fc.record({ name: text, application: fc.option(text, { nil: undefined }) });
    fc.assert(
      fc.property(
        fc.array(entitlement, { minLength: 3, maxLength: 3 }),
        fc.array(fc.tuple(fc.subarray([0, 1, 2], { minLength: 1 }), text), { maxLength: 12 }),
        fc.array(text, { maxLength: 3 }),
        (entitlements, candidates, existing) => {
          const names = namesFor(entitlements, { existing });

          const made = candidates.map(([set, value]) => names.next(Int32Array.from(set), 1, rule([['site', value]])));

          for (const name of made) {
            expect([...name].length).toBeGreaterThanOrEqual(1);
            expect([...name].length).toBeLessThanOrEqual(255);
            expect(name).toBe(name.trim());
            expect(name).not.toMatch(/[\p{Cc}\p{Cs}]/u);
          }
          const keys = [...made, ...new Set(existing.map((name) => name.trim()))].map((name) => name.toLowerCase());
          expect(new Set(made.map((name) => name.toLowerCase())).size).toBe(made.length);
          expect(keys.slice(0, made.length).filter((key) => keys.indexOf(key, made.length) >= 0)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
