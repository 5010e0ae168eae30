import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { registerGenerate } from './generate.command.js';

describe('role-mining generate', () => {
  let directory: string;
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'generate-'));
    printed.mockClear();
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function generate(...args: string[]): Promise<void> {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerGenerate(program);
    program.commands.forEach((command) => command.copyInheritedSettings(program));
    await program.parseAsync(['node', 'role-mining', 'generate', ...args]);
  }

  it('writes the six files and says what is in them', async () => {
    await generate('--users', '50', '--entitlements', '40', '--seed', '3', '--out', directory);
    expect((await readdir(directory)).sort()).toEqual([
      'assignments.csv',
      'entitlements.csv',
      'planted-noise.csv',
      'planted-roles.csv',
      'roles.csv',
      'users.csv',
    ]);
    expect(printed.mock.calls[0][0]).toMatch(/^50 users, 40 entitlements, \d+ assignments/);
  });

  it.each([
    ['--users', '0', 'Expected an integer from 1 to 10000000.'],
    ['--entitlements', 'many', 'Expected an integer from 1 to 1000000.'],
    ['--seed', '1.5', 'Expected an integer from -2147483648 to 2147483647.'],
    ['--noise', '41', 'Expected a number from 0 to 40.'],
    ['--as-of', '2026-02-30', 'Expected a date as YYYY-MM-DD.'],
  ])('refuses %s %s', async (option, value, message) => {
    const args = ['--users', '5', '--entitlements', '5', '--out', directory];
    await expect(generate(...args, option, value)).rejects.toThrow(message);
    expect(await readdir(directory)).toEqual([]);
  });
});
