import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { loadDatabaseConfig } from '../../src/config/load-config.js';
import { loginOf } from '../../src/database/connection.js';
import { accountForNewCluster, canEnter, isRoot } from '../../src/database/embedded-server/account.js';
import { packageRoot, usableBinaries } from '../../src/database/embedded-server/binaries.js';
import { isAlive } from '../../src/database/embedded-server/cluster.js';
import { runCommand } from '../../src/database/embedded-server/command.js';
import { EmbeddedServer } from '../../src/database/embedded-server/embedded-server.js';
import { MIGRATIONS } from '../../src/database/migration-list.js';
import { openDatabase } from '../../src/database/open-database.js';

const settings = { fsync: 'off', shared_buffers: '16MB' };

let directory: string;
let children: ChildProcess[] = [];

async function newDirectory(): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), 'role-mining-embedded-'));
  // Open to the account under which root starts the server.
  await chmod(directory, 0o755);
}

async function removeDirectory(): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

afterEach(async () => {
  await Promise.all(children.map(leave));
  children = [];
});

const start = (dataDirectory = directory) => EmbeddedServer.start({ dataDirectory, settings });

/** Another process that uses the server; resolves with the superuser's login. */
async function startElsewhere(): Promise<string> {
  const program = join(process.cwd(), 'test/support/embedded-server-user.ts');
  const child = spawn(process.execPath, ['--import', '@swc-node/register/esm-register', program, directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const [firstLine] = (await once(child.stdout, 'data')) as [Buffer];
  return firstLine.toString().trim();
}

async function leave(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, 'exit');
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const expectStopped = (url: string) => expect(query(url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });

describe('an embedded server that was made before', () => {
  // Making one takes longer than all of this; each test leaves it stopped and whole.
  beforeAll(async () => {
    await newDirectory();
    await (await start()).close();
  });
  afterAll(removeDirectory);

  it('listens on loopback only, with a generated password that only its account can read', async () => {
    await using server = await start();
    expect(await query(server.superuserUrl(), 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(server.superuserUrl(), 'SHOW unix_socket_directories')).toEqual([
      { unix_socket_directories: '' },
    ]);
    const wrong = server.url({ name: 'postgres', password: 'guessed' }, 'postgres');
    await expect(query(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect((await stat(join(server.home, 'superuser-password'))).mode & 0o777).toBe(0o600);
    expect((await stat(server.home)).mode & 0o777).toBe(0o700);
  });

  it('speaks UTF-8 and folds case alike on every machine', async () => {
    await using server = await start();
    expect(
      await query(
        server.superuserUrl(),
        `SELECT 'ÄRGER' ILIKE 'ärger' AS folded, current_setting('server_encoding') AS encoding`,
      ),
    ).toEqual([{ folded: true, encoding: 'UTF8' }]);
  });

  it('stops with its only user and keeps its data', async () => {
    const first = await start();
    await query(first.superuserUrl(), 'CREATE TABLE kept (id int)');
    await first.close();
    await expectStopped(first.superuserUrl());
    await using second = await start();
    expect(await query(second.superuserUrl(), 'SELECT * FROM kept')).toEqual([]);
  });

  it('is taken over by the next start after its user was killed', async () => {
    const url = await startElsewhere();
    await kill(children[0]);
    const server = await start();
    expect(server.superuserUrl()).toBe(url);
    await server.close();
    await expectStopped(url);
  });

  it('is stopped by a process that is told to end', async () => {
    const url = await startElsewhere();
    children[0].kill('SIGTERM');
    const [, signal] = (await once(children[0], 'exit')) as [number | null, string];
    expect(signal).toBe('SIGTERM');
    await expectStopped(url);
  });

  it('starts again after the server itself was killed', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await first.close();
    await using second = await start();
    expect(second.pid).not.toBe(first.pid);
    expect(await query(second.superuserUrl(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is not misled by a process that has got the id of a server that is no more', async () => {
    const first = await start();
    const pidFile = join(first.home, 'data', 'postmaster.pid');
    const written = await readFile(pidFile, 'utf8');
    await first.close();
    const stranger = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    children.push(stranger);
    await writeFile(pidFile, written.replace(String(first.pid), String(stranger.pid)));
    await using second = await start();
    expect(second.pid).not.toBe(stranger.pid);
    expect(isAlive(Number(stranger.pid))).toBe(true);
  });

  it('reports what the server said when it does not start', async () => {
    const server = await start();
    await server.close();
    const configuration = join(server.home, 'data', 'postgresql.auto.conf');
    await writeFile(configuration, `shared_buffers = 'plenty'\n`);
    await expect(start()).rejects.toThrow(/does not start: .*shared_buffers/s);
    await writeFile(configuration, '');
  });

  it('leaves a folder alone that is no data directory', async () => {
    const server = await start();
    await server.close();
    const version = join(server.home, 'data', 'PG_VERSION');
    await rename(version, `${version}.away`);
    await expect(start()).rejects.toThrow(/is no data directory of PostgreSQL\. Move it away, or set DATA_DIR$/);
    await rename(`${version}.away`, version);
  });
});

describe('a new embedded server', () => {
  beforeEach(newDirectory);
  afterEach(removeDirectory);

  it('is shared by processes that start at once, and stopped by the last of them', async () => {
    const [ours, theirs] = await Promise.all([start(), startElsewhere()]);
    expect(theirs).toBe(ours.superuserUrl());
    await ours.close();
    expect(await query(theirs, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await leave(children[0]);
    await expectStopped(theirs);
    expect(await readdir(directory)).toEqual([expect.stringMatching(/^postgresql-\d+$/)]);
  });

  it('is prepared once when the application opens it several times at once', async () => {
    const config = loadDatabaseConfig({ DATA_DIR: directory });
    const opened = await Promise.all([openDatabase(config), openDatabase(config), openDatabase(config)]);
    try {
      const applied = opened.map(({ appliedMigrations }) => appliedMigrations.length);
      expect(applied.sort((a, b) => b - a)).toEqual([MIGRATIONS.length, 0, 0]);
      expect(new Set(opened.map(({ url }) => url)).size).toBe(1);
      expect(loginOf(opened[0].url).name).toBe('role_mining_app');
      expect(await query(opened[0].url, 'SELECT * FROM role_mining.role_mining_job')).toEqual([]);
    } finally {
      await Promise.all(opened.map((database) => database.close()));
    }
    await expectStopped(opened[0].url);
  });

  it.each([17, 99])('says what to do about a data directory of PostgreSQL %i', async (version) => {
    await mkdir(join(directory, `postgresql-${version}`));
    await expect(start()).rejects.toThrow(
      new RegExp(
        `postgresql-${version} was written by PostgreSQL ${version}, and this release runs PostgreSQL \\d+, .*DATA_DIR$`,
      ),
    );
  });

  it('says where it could not write', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(start(join(file, 'data'))).rejects.toThrow(
      `cannot keep its files in ${file}/data: a part of the path is a file. Set DATA_DIR to another folder`,
    );
  });

  it('removes what a start that was killed has left half made', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    const draft = join(directory, `.postgresql-18-${gone.pid}-0123abcd`);
    await mkdir(draft);
    await using server = await start();
    expect(await readdir(directory)).toEqual([expect.stringMatching(/^postgresql-\d+$/)]);
    expect(server.pid).toBeGreaterThan(0);
  });
});

describe('the programs of the platform package', () => {
  const link = 'native/lib/libpq.so.5';
  let copy: string;

  beforeAll(async () => {
    await newDirectory();
    copy = join(directory, 'package');
    await cp(packageRoot(), copy, { recursive: true, verbatimSymlinks: true });
  });
  afterAll(removeDirectory);

  const run = async (initdb: string) => (await runCommand(initdb, ['--version'], await accountForNewCluster())).output;

  it('get the links that npm does not pack, when their install script has not run', async () => {
    await rm(join(copy, link), { force: true });
    const binaries = await usableBinaries(
      await accountForNewCluster(),
      () => Promise.reject(new Error('unused')),
      copy,
    );
    expect(dirname(dirname(dirname(binaries.initdb)))).toBe(copy);
    expect(await realpath(join(copy, link))).toMatch(/libpq\.so\.5\.\d+$/);
    expect(await run(binaries.initdb)).toContain(`(PostgreSQL) ${binaries.major}`);
  });

  it('are copied when the account of the server cannot reach them', async () => {
    const copies = join(directory, 'copies');
    await mkdir(copies);
    // Closed to everybody else, as a home is; without execute permission for ourselves, unless we are root.
    await chmod(copy, isRoot() ? 0o700 : 0o755);
    if (!isRoot())
      for (const name of await readdir(join(copy, 'native/bin'))) await chmod(join(copy, 'native/bin', name), 0o644);
    const [binaries, same] = await Promise.all([
      usableBinaries(await accountForNewCluster(), () => Promise.resolve(copies), copy),
      usableBinaries(await accountForNewCluster(), () => Promise.resolve(copies), copy),
    ]);
    expect(binaries.initdb.startsWith(copies)).toBe(true);
    expect(same).toEqual(binaries);
    expect(await run(binaries.initdb)).toContain(`(PostgreSQL) ${binaries.major}`);
    expect(await readdir(copies)).toHaveLength(1);
  });
});

// Only root starts the server as somebody else; for anybody else there is no such case.
(isRoot() ? describe : describe.skip)('as root', () => {
  beforeEach(newDirectory);
  afterEach(removeDirectory);

  it('keeps the data elsewhere when the server’s account cannot reach the folder', async () => {
    await chmod(directory, 0o700);
    const server = await start();
    try {
      expect(server.home.startsWith(directory)).toBe(false);
      expect(await canEnter(await accountForNewCluster(), dirname(server.home))).toBe(true);
      await query(server.superuserUrl(), 'CREATE TABLE kept (id int)');
      await server.close();
      const again = await start();
      expect(again.home).toBe(server.home);
      expect(await query(again.superuserUrl(), 'SELECT * FROM kept')).toEqual([]);
      await again.close();
    } finally {
      await rm(server.home, { recursive: true, force: true });
    }
  });
});
