import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { connectionSettings, ownerLimits, type Login } from '../../src/database/connection.js';
import { isAlive } from '../../src/database/embedded-server/cluster.js';
import { EmbeddedServer } from '../../src/database/embedded-server/embedded-server.js';
import { prepareDatabase } from '../../src/database/prepare-database.js';
import { testDatabaseConfig, urlOf, type TestServer } from './test-database.js';

const DIRECTORY_PREFIX = 'role-mining-test-';

/** Nothing here outlives the run, so nothing needs to reach the disk. */
const FAST_AND_FORGETFUL = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  shared_buffers: '64MB',
  max_connections: '200',
};

let directory: string | null = null;
let embedded: EmbeddedServer | null = null;

/**
 * One server for the whole run: the one of TEST_DATABASE_URL (a superuser's login), or an embedded one in a temporary
 * folder. On it two logins and a migrated database, which each spec file clones.
 */
export async function startTestServer(): Promise<TestServer> {
  const external = process.env['TEST_DATABASE_URL'];
  const superuserUrl = external ?? (await startEmbedded());
  const run = `${process.pid}_${randomBytes(3).toString('hex')}`;
  const login = (kind: string): Login => ({ name: `test_${kind}_${run}`, password: randomBytes(12).toString('hex') });
  const server: TestServer = {
    run,
    superuserUrl,
    owner: login('owner'),
    application: login('app'),
    template: `test_template_${run}`,
  };
  const superuser = await connectAsSuperuser(superuserUrl);
  try {
    for (const { name, password } of [server.owner, server.application]) {
      await superuser.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}'`);
    }
    await superuser.query(`CREATE DATABASE ${server.template} OWNER ${server.owner.name}`);
  } finally {
    await superuser.end();
  }
  const ownerUrl = urlOf(superuserUrl, server.owner, server.template);
  await prepareDatabase(testDatabaseConfig, ownerUrl, server.application);
  return server;
}

/** Leaves everything where it is when KEEP_TEST_DATABASES asks for it. */
export async function stopTestServer(server: TestServer): Promise<void> {
  if (process.env['KEEP_TEST_DATABASES']) {
    await embedded?.leaveRunning();
    process.stdout.write(`\nKept the test databases: psql '${server.superuserUrl}'; the next run removes them\n`);
    return;
  }
  if (embedded === null) {
    await removeFromExternal(server);
  } else {
    await embedded.close();
    if (directory !== null) await rm(directory, { recursive: true, force: true });
  }
}

async function startEmbedded(): Promise<string> {
  await removeAbandoned();
  directory = await mkdtemp(join(tmpdir(), `${DIRECTORY_PREFIX}${process.pid}-`));
  // Open to the account under which root starts the server; what lies inside is closed.
  await chmod(directory, 0o755);
  embedded = await EmbeddedServer.start({ dataDirectory: directory, settings: FAST_AND_FORGETFUL });
  return embedded.superuserUrl();
}

/** A run that was killed leaves its server running: the process that is named in the folder's name is no more. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${DIRECTORY_PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const abandoned = join(tmpdir(), name);
    await EmbeddedServer.start({ dataDirectory: abandoned }).then(
      (server) => server.close(),
      () => undefined,
    );
    // Another account's stays: it is that account's to remove.
    await rm(abandoned, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function removeFromExternal(server: TestServer): Promise<void> {
  const superuser = await connectAsSuperuser(server.superuserUrl);
  try {
    await superuser.query(`DROP DATABASE IF EXISTS ${server.template} WITH (FORCE)`);
    for (const { name } of [server.application, server.owner]) await superuser.query(`DROP ROLE ${name}`);
  } finally {
    await superuser.end();
  }
}

async function connectAsSuperuser(url: string): Promise<pg.Client> {
  const client = new pg.Client(connectionSettings(testDatabaseConfig, url, ownerLimits(testDatabaseConfig)));
  await client.connect();
  return client;
}
