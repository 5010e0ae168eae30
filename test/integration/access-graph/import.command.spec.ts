import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { registerImport } from '../../../src/cli/import.command.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

let database: TestDatabase;
let directory: string;
const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
const complained = jest.spyOn(console, 'error').mockImplementation(() => undefined);

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'import-command-'));
  process.env['DATABASE_URL'] = database.url;
  await writeFile(join(directory, 'a.csv.gz'), gzipSync('user,entitlement\nada,read\nbob,read\nbob,read\n'));
  await writeFile(join(directory, 'fewer.csv'), 'user,entitlement\nada,read\n');
  await writeFile(join(directory, 'users.csv'), 'user,department\nada,Finance\n');
  const faulty = Array.from({ length: 150 }, (_, index) => `,Sales ${index}\n`);
  await writeFile(join(directory, 'faulty.csv'), `user,department\n${faulty.join('')}`);
  await writeFile(
    join(directory, 'roles.csv'),
    `role,name,entitlement,user\n${'r,R,read,\nr,R,unknown,\n'.repeat(120)}`,
  );
});
afterAll(async () => {
  delete process.env['DATABASE_URL'];
  await rm(directory, { recursive: true });
  await database.dispose();
});
beforeEach(() => {
  printed.mockClear();
  complained.mockClear();
});

async function run(...args: string[]): Promise<void> {
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  registerImport(program);
  program.commands.forEach((command) => command.copyInheritedSettings(program));
  await program.parseAsync(['node', 'role-mining', 'import', ...args]);
}
const file = (name: string): string => join(directory, name);
const output = (): string => printed.mock.calls.map(([text]) => String(text)).join('\n');

describe('role-mining import', () => {
  it('imports files, packed or not, and prints the counts', async () => {
    const tenant = randomUUID();
    await run('--tenant', tenant.toUpperCase(), '--assignments', file('a.csv.gz'), '--users', file('users.csv'));
    expect(output()).toMatch(/│ users +│ +2 │ +0 │ +0 │ +2 │/);
    expect(output()).toMatch(/│ assignments +│ +2 │ +0 │ +0 │ +2 │/);
    expect(output()).toContain('repeated rows that count once: 1');
    expect(output()).toMatch(/^imported \(\d+\.\d s\)$/m);
    printed.mockClear();
    await run('--tenant', tenant, '--assignments', file('fewer.csv'), '--merge');
    expect(output()).toMatch(/│ assignments +│ +0 │ +0 │ +0 │ +2 │/);
    await expect(run('--tenant', tenant, '--assignments', file('fewer.csv'))).rejects.toThrow(
      'it would remove 1 of 2 assignments (50 %), more than the allowed 20 %',
    );
    printed.mockClear();
    const args = ['--tenant', tenant, '--assignments', file('fewer.csv'), '--max-removed-percent', '50'];
    await run(...args, '--dry-run');
    expect(output()).toMatch(/│ assignments +│ +0 │ +0 │ +1 │ +1 │[^]*nothing was changed/);
    await run(...args);
  });

  it('tells file and line of every rejected row, and imports nothing', async () => {
    const tenant = randomUUID();
    await expect(run('--tenant', tenant, '--users', file('faulty.csv'))).rejects.toThrow('(and 149 more)');
    expect(complained.mock.calls.map(([line]) => String(line))).toEqual(
      Array.from({ length: 150 }, (_, index) => `${file('faulty.csv')}:${index + 2}: user is empty`),
    );
    complained.mockClear();
    await expect(
      run('--tenant', tenant, '--assignments', file('fewer.csv'), '--roles', file('roles.csv')),
    ).rejects.toThrow('(and 119 more)');
    expect(complained).toHaveBeenCalledTimes(120);
    expect(complained.mock.calls[1]).toEqual([
      `${file('roles.csv')}:5: entitlement "unknown" is neither in the files nor in the graph`,
    ]);
    expect(output()).toBe('');
  });

  it('refuses wrong usage and files that are not there', async () => {
    const tenant = randomUUID();
    await expect(run('--tenant', tenant)).rejects.toThrow('expected at least one of --assignments, --users');
    await expect(run('--users', file('users.csv'))).rejects.toThrow(/required option '--tenant/);
    await expect(run('--tenant', '42', '--users', file('users.csv'))).rejects.toThrow('Expected a UUID.');
    await expect(run('--tenant', tenant, '--users', file('none.csv'))).rejects.toThrow(
      `cannot read ${file('none.csv')}: there is no such file or folder`,
    );
  });
});
