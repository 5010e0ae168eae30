import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AccessSnapshot, type IntegerLists, listAt } from './access-snapshot.js';
import type { UserAttributes } from './attribute-columns.js';
import { AccessSnapshotBuilder } from './access-snapshot-builder.js';

const idOf = (index: number): string => `00000000-0000-4000-8000-${index.toString().padStart(12, '0')}`;
const lists = (of: IntegerLists): number[][] =>
  Array.from({ length: of.offsets.length - 1 }, (_, index) => [...listAt(of, index)]);
const ascending = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);
const at = new Date('2026-01-01T00:00:00Z');

/** Up to 8 users and 10 entitlements, lists with repetitions, in any order. */
const graph = fc
  .record({ users: fc.integer({ min: 0, max: 8 }), entitlements: fc.integer({ min: 1, max: 10 }) })
  .chain(({ users, entitlements }) => {
    const entitlementList = fc.array(fc.nat(entitlements - 1), { maxLength: 12 });
    const role = fc.record({
      entitlements: entitlementList,
      members: users === 0 ? fc.constant<number[]>([]) : fc.array(fc.nat(users - 1), { maxLength: 10 }),
    });
    return fc.record({
      entitlementCount: fc.constant(entitlements),
      direct: fc.array(entitlementList, { minLength: users, maxLength: users }),
      roles: fc.array(role, { maxLength: 4 }),
    });
  });

describe('AccessSnapshotBuilder', () => {
  it('gives sorted lists and effective access, whatever the order of the additions', () => {
    fc.assert(
      fc.property(graph, ({ entitlementCount, direct, roles }) => {
        const build = (reversed: boolean): AccessSnapshot => {
          const builder = new AccessSnapshotBuilder();
          const additions = [
            ...direct.map((list, user) => () => builder.addUser({ id: idOf(user), entitlementIds: list.map(idOf) })),
            ...Array.from({ length: entitlementCount }, (_, entitlement) => () => {
              builder.addEntitlement({ id: idOf(entitlement), name: `entitlement ${entitlement}` });
            }),
            ...roles.map(({ entitlements, members }, role) => () => {
              const [entitlementIds, memberIds] = [entitlements.map(idOf), members.map(idOf)];
              builder.addRole({ id: idOf(role), name: `role ${role}`, entitlementIds, memberIds });
            }),
          ];
          for (const add of reversed ? additions.reverse() : additions) add();
          return builder.build(at);
        };
        const snapshot = build(false);
        expect(build(true)).toEqual(snapshot);
        expect(snapshot.userIds).toEqual(direct.map((_, user) => idOf(user)));
        expect(lists(snapshot.directAccess)).toEqual(direct.map(ascending));
        expect(lists(snapshot.roles.entitlements)).toEqual(roles.map((role) => ascending(role.entitlements)));
        expect(lists(snapshot.roles.members)).toEqual(roles.map((role) => ascending(role.members)));
        expect(lists(snapshot.access)).toEqual(
          direct.map((list, user) =>
            ascending([
              ...list,
              ...roles.filter(({ members }) => members.includes(user)).flatMap(({ entitlements }) => entitlements),
            ]),
          ),
        );
      }),
    );
  });

  it('makes one column of each attribute, with no value, one or several per user', () => {
    const { attributes } = new AccessSnapshotBuilder()
      .addUser({ id: idOf(0), entitlementIds: [], attributes: { title: 'Clerk', site: ['Rome', 'Oslo', 'Rome'] } })
      .addUser({ id: idOf(1), entitlementIds: [] })
      .addUser({ id: idOf(2), entitlementIds: [], attributes: { site: 'Oslo', department: 'Sales' } })
      .build(at);
    expect(attributes.map(({ name, values, valuesOfUser }) => [name, values, lists(valuesOfUser)])).toEqual([
      ['department', ['Sales'], [[], [], [0]]],
      ['site', ['Rome', 'Oslo'], [[0, 1], [], [1]]],
      ['title', ['Clerk'], [[0], [], []]],
    ]);
  });

  it('has a hash that changes with anything in the graph', () => {
    const graphs: { name: string; application: string | null; attributes: UserAttributes; entitlementIds: string[] }[] =
      [
        { name: 'Read', application: null, attributes: {}, entitlementIds: [] },
        { name: 'Write', application: null, attributes: {}, entitlementIds: [] },
        { name: 'Read', application: 'SAP', attributes: {}, entitlementIds: [] },
        { name: 'Read', application: null, attributes: { site: 'Rome' }, entitlementIds: [] },
        { name: 'Read', application: null, attributes: {}, entitlementIds: [idOf(9)] },
      ];
    const hashes = graphs.map(({ name, application, attributes, entitlementIds }) => {
      const builder = new AccessSnapshotBuilder()
        .addEntitlement({ id: idOf(9), name, application })
        .addUser({ id: idOf(1), attributes, entitlementIds });
      expect(builder.build(new Date(0)).hash).toBe(builder.build(at).hash);
      return builder.build(at).hash;
    });
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('refuses unknown references and repeated ids', () => {
    const builder = new AccessSnapshotBuilder().addUser({ id: idOf(0), entitlementIds: [idOf(7)] });
    expect(() => builder.build(at)).toThrow(`entitlement ${idOf(7)} is referred to and was not added`);
    expect(() => builder.addUser({ id: idOf(0).toUpperCase(), entitlementIds: [] })).toThrow('was added before');
  });
});
