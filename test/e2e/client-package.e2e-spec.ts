import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What the package depends on, taken from here: tests do without a registry. */
const DEPENDENCIES = ['openapi-fetch', 'openapi-typescript-helpers'];
const PROGRAM = `
import { createClient, ProblemError, type Schemas } from 'role-mining-client';

declare const process: { argv: string[] };
const [baseUrl, token] = process.argv.slice(2) as [string, string];
const client = createClient({ baseUrl, token });
const job: Schemas['MiningJobDto'] = await client.post('/governance/role-mining/jobs', { body: { name: 'Elsewhere' } });
const names: string[] = [];
for await (const { name } of client.items('/governance/role-mining/jobs')) names.push(name);
try {
  await client.post('/governance/role-mining/jobs', { body: { name: '' } });
} catch (error) {
  if (error instanceof ProblemError) console.log(JSON.stringify({ id: job.id, names, status: error.status }));
}
`;
const MISTAKES = `
import { createClient } from 'role-mining-client';
const client = createClient({ baseUrl: '', token: '' });
// @ts-expect-error there is no such path
await client.get('/governance/role-mining/nothing');
// @ts-expect-error the job's id is missing
await client.get('/governance/role-mining/jobs/{job_id}');
// @ts-expect-error a name is a text
await client.post('/governance/role-mining/jobs', { body: { name: 7 } });
// @ts-expect-error the answer has no such field
(await client.get('/governance/role-mining/jobs')).items[0]?.nothing;
// @ts-expect-error there is no such format
await client.export('/governance/role-mining/audit-events', 'xlsx');
`;
const COMPILER_OPTIONS = {
  target: 'ES2022',
  module: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  lib: ['ES2022', 'DOM', 'DOM.AsyncIterable'],
  types: [],
};

let folder: string;
let service: TestService;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'role-mining-client-'));
  service = await startTestService({ PROCESS_ROLE: 'api' });
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('the client as a package', () => {
  it('compiles and works in an empty project', async () => {
    const modules = join(folder, 'node_modules');
    await mkdir(join(modules, 'role-mining-client'), { recursive: true });
    // Without scripts: what is packed has been built before the tests.
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const { stdout } = await run('npm', pack, { cwd: join(ROOT, 'clients/typescript') });
    const packed = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
    const [{ filename, files }] = Object.values(packed);
    expect(files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'dist/index.js', 'dist/index.d.ts']),
    );
    expect(files.filter(({ path }) => /spec|tsbuildinfo|^src/.test(path))).toEqual([]);
    const tarball = join(folder, filename);
    await run('tar', ['-xzf', tarball, '-C', join(modules, 'role-mining-client'), '--strip-components=1']);
    for (const name of DEPENDENCIES)
      await cp(join(ROOT, 'node_modules', name), join(modules, name), { recursive: true });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS }));
    await writeFile(join(folder, 'program.ts'), PROGRAM);
    await writeFile(join(folder, 'mistakes.ts'), MISTAKES);
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout: faults } = await run(process.execPath, [compiler, '-p', folder], { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    expect(faults).toBe('');
    const { stdout: told } = await run(process.execPath, ['program.js', service.url, service.token()], { cwd: folder });
    expect(JSON.parse(told)).toEqual({ id: expect.any(String), names: ['Elsewhere'], status: 400 });
  });
});
