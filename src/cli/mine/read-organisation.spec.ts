import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { AccessFile } from '../../access-files/access-file.js';
import { readOrganisation } from './read-organisation.js';

function file(text: string): AccessFile {
  return { name: 'test.csv', content: Readable.from([Buffer.from(text)]) };
}

describe('readOrganisation', () => {
  it('numbers users and entitlements as they come and counts a repeated pair once', async () => {
    const { organisation, userIds, entitlementIds } = await readOrganisation(file('b y\na x\nb x\nb y\n'), null);

    expect(userIds).toEqual(['b', 'a']);
    expect(entitlementIds).toEqual(['y', 'x']);
    expect(organisation.matrix.assignmentCount).toBe(3);
    expect([...organisation.matrix.rowOffsets]).toEqual([0, 2, 3]);
    expect([...organisation.matrix.rowColumns]).toEqual([0, 1, 1]);
    expect(organisation.attributes).toEqual([]);
  });

  it('takes attributes, also of users who hold nothing; the last row of a user counts', async () => {
    const users = file('user,team,skills\na,red,x|y\nc,blue,\na,blue,z|x\n');

    const { organisation, userIds } = await readOrganisation(file('b y\na x\n'), users);

    expect(userIds).toEqual(['b', 'a', 'c']);
    expect(organisation.matrix.userCount).toBe(3);
    const [team, skills] = organisation.attributes.map(({ name, values, valuesOfUser }) => ({
      name,
      ofUser: userIds.map((_, user) =>
        Array.from(
          valuesOfUser.values.subarray(valuesOfUser.offsets[user], valuesOfUser.offsets[user + 1]),
          (value) => values[value],
        ),
      ),
    }));
    expect(team).toEqual({ name: 'team', ofUser: [[], ['blue'], ['blue']] });
    expect(skills).toEqual({ name: 'skills', ofUser: [[], ['x', 'z'], []] });
  });
});
