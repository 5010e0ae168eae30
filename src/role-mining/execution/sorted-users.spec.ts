import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { packUuids } from '../../database/binary-columns.js';
import { SortedUsers } from './sorted-users.js';

describe('SortedUsers', () => {
  it('selects the UUIDs of users in ascending order', () => {
    const organisations = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 30 }).chain((ids) =>
      fc.tuple(
        fc.constant(ids),
        fc.uniqueArray(fc.nat(ids.length - 1)).map((users) => Int32Array.from(users)),
      ),
    );
    fc.assert(
      fc.property(organisations, ([ids, users]) => {
        const { table, places } = new SortedUsers(ids).select(users);

        const selected = Array.from(places, (place) => [...table.subarray(place * 16, (place + 1) * 16)]);
        const expected = Array.from(users, (user) => ids[user]).sort();
        expect(selected).toEqual(expected.map((id) => [...packUuids([id])]));
      }),
    );
  });
});
