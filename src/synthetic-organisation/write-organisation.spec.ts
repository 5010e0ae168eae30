import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { generateOrganisation, type SyntheticOrganisation } from './generate-organisation.js';
import { writeOrganisation } from './write-organisation.js';

describe('writeOrganisation', () => {
  let directory: string;
  const until = new Date('2026-03-01T12:00:00Z');
  const options = { users: 300, entitlements: 120, seed: 5 };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'organisation-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function write(organisation: SyntheticOrganisation, folder: string): Promise<Map<string, string>> {
    const paths = await writeOrganisation(organisation, join(directory, folder), until);
    return new Map(
      await Promise.all(paths.map(async (path) => [basename(path), await readFile(path, 'utf8')] as const)),
    );
  }

  it('writes well-formed files that agree with one another', async () => {
    const organisation = generateOrganisation(options);
    const files = await write(organisation, 'a');
    const rows = (name: string): Record<string, string>[] => parse(files.get(name) ?? '', { columns: true });

    const users = new Set(rows('users.csv').map((row) => row.user));
    const entitlements = new Set(rows('entitlements.csv').map((row) => row.entitlement));
    expect(users.size).toBe(300);
    expect(entitlements.size).toBe(120);
    expect(Object.keys(rows('users.csv')[0])).toEqual(['user', 'department', 'title', 'location', 'manager']);

    const assignments = rows('assignments.csv');
    expect(assignments).toHaveLength(organisation.rows.values.length);
    for (const { user, entitlement, last_used_at } of assignments) {
      expect(users.has(user) && entitlements.has(entitlement)).toBe(true);
      expect(last_used_at === '' || new Date(last_used_at) <= until).toBe(true);
    }
    for (const name of ['roles.csv', 'planted-roles.csv']) {
      for (const row of rows(name)) {
        expect((row.entitlement === '') !== (row.user === '')).toBe(true);
        expect(row.user === '' || users.has(row.user)).toBe(true);
        expect(row.entitlement === '' || entitlements.has(row.entitlement)).toBe(true);
      }
    }
    const held = new Set(assignments.map(({ user, entitlement }) => `${user} ${entitlement}`));
    const noise = rows('planted-noise.csv');
    expect(noise.filter(({ change }) => change === 'added')).toHaveLength(organisation.added.users.length);
    expect(noise.filter(({ change }) => change === 'deleted')).toHaveLength(organisation.deleted.users.length);
    for (const { user, entitlement, change } of noise) {
      expect(held.has(`${user} ${entitlement}`)).toBe(change === 'added');
    }
  });

  it('writes the same bytes for the same seed', async () => {
    expect(await write(generateOrganisation(options), 'a')).toEqual(await write(generateOrganisation(options), 'b'));
  });
});
