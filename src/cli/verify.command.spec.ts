import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { RefusedError, UnusableInputError } from '../verification/index.js';
import { registerMine } from './mine.command.js';
import { registerVerify } from './verify.command.js';

describe('role-mining verify', () => {
  let directory: string;
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const path = (name: string): string => join(directory, name);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'verify-'));
    const rows = ['ann', 'bob', 'cleo', 'dan'].flatMap((user) => [`${user},invoices`, `${user},payments`]);
    await writeFile(path('data.csv'), `user,entitlement\n${rows.join('\n')}\ndan,vault\n`);
    await writeFile(path('users.csv'), 'user,department\nann,Finance\nzoe,IT\n');
  });
  beforeEach(() => {
    printed.mockClear();
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function run(...args: string[]): Promise<string> {
    const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
    registerMine(program);
    registerVerify(program);
    program.commands.forEach((command) => command.copyInheritedSettings(program));
    await program.parseAsync(['node', 'role-mining', ...args]);
    return printed.mock.calls.map(([line]) => line as string).join('\n');
  }

  function mine(...args: string[]): Promise<string> {
    return run('mine', path('data.csv'), ...args, '--json', path('result.json'), '--certificate', path('bound.json'));
  }

  function verify(...args: string[]): Promise<string> {
    printed.mockClear();
    return run('verify', path('data.csv'), path('result.json'), ...args);
  }

  it.each([
    [[], 'no role set that gives everything has a complexity below 8 (roles and direct assignments; '],
    [['--complete'], 'no role set that gives everything has a complexity below 10 (roles alone; '],
    [['--complete', '--objective', 'roles'], 'no role set that gives everything has fewer roles than 2 ('],
  ])('accepts what mine %j writes, with its certificate', async (options, proven) => {
    await mine(...options);
    const text = await verify(path('bound.json'));

    expect(text).toContain(`Proven: ${proven}`);
    expect(text).toMatch(/^Proven: the result, with \d+, is optimal\.$/m);
  });

  it('writes the certificate with the ids of the file', async () => {
    await mine('--complete', '--objective', 'roles');

    expect(JSON.parse(await readFile(path('bound.json'), 'utf8'))).toEqual({
      format: 'role-mining-certificate-1',
      kind: 'independent-edges',
      cost_model: 'roles',
      lower_bound: 2,
      note: null,
      data: { assignments: 9, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
      edges: [
        ['ann', 'invoices'],
        ['dan', 'vault'],
      ],
    });
  });

  it('counts users who hold nothing when they are given', async () => {
    await mine('--users', path('users.csv'));

    await expect(verify()).rejects.toThrow('the result says 5 users, the data have 4 (with --users FILE');
    expect(await verify('--users', path('users.csv'))).toContain('Not proven: the lower bound 8, for want of a');
  });

  it('refuses a certificate of another cost model', async () => {
    await mine();
    await run('mine', path('data.csv'), '--complete', '--certificate', path('bound.json'));

    await expect(verify(path('bound.json'))).rejects.toThrow(RefusedError);
  });

  it('says which file it cannot read', async () => {
    await mine();

    await expect(verify(path('missing.json'))).rejects.toThrow('missing.json: there is no such file or folder');
    await expect(verify(path('missing.json'))).rejects.toThrow(UnusableInputError);
  });

  it('has no certificate where there is no bound', async () => {
    const text = mine('--objective', 'roles');

    await expect(text).rejects.toThrow(
      /^cannot write .*bound\.json: there is no lower bound, there is no bound of the number of roles with thresholds$/,
    );
  });
});
