import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const PROGRAM = ['--import', '@swc-node/register/esm-register', join(import.meta.dirname, 'cli.ts')];
const FIXTURES = join(import.meta.dirname, '../test/fixtures/access-files');

interface Outcome {
  code: number;
  out: string;
  errors: string;
}

function run(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...PROGRAM, ...args], (error, out, errors) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, errors }),
    );
  });
}

describe('role-mining', () => {
  it('lists its commands', async () => {
    const { code, out } = await run('--help');

    expect(code).toBe(0);
    for (const command of ['mine', 'generate', 'migrate', 'token']) expect(out).toContain(`  ${command}`);
  });

  it('ends with 0, and with nothing but the result on its output', async () => {
    const { code, out, errors } = await run('mine', join(FIXTURES, 'valid/assignments/pairs.txt'), '--json', '-');

    expect(code).toBe(0);
    expect(errors).toBe('');
    expect(JSON.parse(out)).toMatchObject({ users: 2, entitlements: 2, assignments: 3 });
  });

  it('ends with 1 and one line when something goes wrong', async () => {
    const { code, out, errors } = await run('mine', join(FIXTURES, 'invalid/assignments/latin-1.csv'));

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(errors).toMatch(/^role-mining: .*latin-1\.csv, line 3: the bytes are not UTF-8[^\n]*\n$/);
  });

  it('verifies with 0 what is right, with 1 what is not, and with 2 what it cannot read', async () => {
    const data = join(FIXTURES, 'valid/assignments/pairs.txt');
    const directory = await mkdtemp(join(tmpdir(), 'cli-'));
    const result = join(directory, 'result.json');
    await run('mine', data, '--json', result);

    const right = await run('verify', data, result);
    expect(right).toMatchObject({ code: 0, errors: '' });
    expect(right.out).toMatch(/^Proven: .* give all of 3 assignments, and nothing else\.\n/);
    const wrong = await run('verify', join(FIXTURES, 'valid/assignments/without-timestamps.csv'), result);
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(wrong.errors).toMatch(/^role-mining: [^\n]+\n$/);
    expect(await run('verify', data, data)).toMatchObject({ code: 2, out: '' });
    await rm(directory, { recursive: true });
  });

  it.each([[['mine']], [['fly']], [['mine', 'x.csv', '--fast']]])('ends with 2 for %j', async (args) => {
    const { code, errors } = await run(...args);

    expect(code).toBe(2);
    expect(errors).toMatch(/^error: /);
  });
});
