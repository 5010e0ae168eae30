import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { errorCode } from '../../common/error-code.js';
import { openCluster, SUPERUSER, type Cluster } from './cluster.js';
import { EmbeddedServerError } from './embedded-server.error.js';
import { findPostmaster, startPostmaster, stopPostmaster, type Postmaster } from './postmaster.js';

export interface EmbeddedServerOptions {
  /** Where the server keeps its files; created if missing. */
  readonly dataDirectory: string;
  /** Settings of postgresql.conf, used when the data directory is made. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Held shared by every process that uses the server, on a session of its own; whoever stops it holds it alone. */
const USERS_LOCK = 0x726d73;

const DEADLINE_MS = 90_000;
const POLL_MS = 50;
/** A start can fail because its port was taken in between or the backends of a killed server have not gone yet. */
const START_ATTEMPTS = 5;

/**
 * A real PostgreSQL that belongs to this service: made on first use, listening on loopback only, shared by all
 * processes that use the same folder, and stopped by the last of them.
 *
 * There is no lock file to go stale. Who uses the server holds a shared advisory lock in it, which ends with the
 * process however that ends. A server left behind by a SIGKILL keeps running and is taken over by the next start.
 */
export class EmbeddedServer implements AsyncDisposable {
  private closed: Promise<void> | null = null;

  private constructor(
    private readonly cluster: Cluster,
    private readonly postmaster: Postmaster,
    private readonly membership: pg.Client,
  ) {
    // The server may be stopped from outside; queries report that themselves.
    membership.on('error', () => undefined);
  }

  /** @throws EmbeddedServerError */
  static async start(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
    const cluster = await openCluster(resolve(options.dataDirectory), options.settings ?? {});
    const deadline = performance.now() + DEADLINE_MS;
    let failures = 0;
    while (performance.now() < deadline) {
      const postmaster = await findPostmaster(cluster);
      if (postmaster === null) {
        const complaint = await startPostmaster(cluster);
        if (complaint === null || (await findPostmaster(cluster)) !== null) continue;
        failures += 1;
        if (failures === START_ATTEMPTS) {
          throw new EmbeddedServerError(`The embedded PostgreSQL in ${cluster.home} does not start: ${complaint}`);
        }
      } else {
        const membership = await join(cluster, postmaster);
        if (membership !== null) return new EmbeddedServer(cluster, postmaster, membership);
      }
      await delay(POLL_MS);
    }
    throw new EmbeddedServerError(
      `The embedded PostgreSQL in ${cluster.home} takes no connections; its log is ${cluster.log}`,
    );
  }

  /** Absolute path of the folder with data, password and log. */
  get home(): string {
    return this.cluster.home;
  }

  get pid(): number {
    return this.postmaster.pid;
  }

  get superuserPassword(): string {
    return this.cluster.superuserPassword;
  }

  /** The superuser's login, for setting up the others. */
  superuserUrl(database = 'postgres'): string {
    return this.url({ name: SUPERUSER, password: this.superuserPassword }, database);
  }

  url(login: { readonly name: string; readonly password: string }, database: string): string {
    const credentials = `${login.name}:${encodeURIComponent(login.password)}`;
    return `postgresql://${credentials}@127.0.0.1:${this.postmaster.port}/${database}`;
  }

  /** Leaves the server, and stops it when nobody else uses it. */
  close(): Promise<void> {
    this.closed ??= this.leave();
    return this.closed;
  }

  /** Leaves the server running, for whoever comes next. */
  async leaveRunning(): Promise<void> {
    this.closed ??= this.membership.end();
    await this.closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async leave(): Promise<void> {
    let isLast: boolean;
    try {
      await this.membership.query('SELECT pg_advisory_unlock_shared($1)', [USERS_LOCK]);
      isLast = await tryLock(this.membership, 'pg_try_advisory_lock');
    } catch {
      // The session is gone, and the server with it: stopped from outside.
      isLast = false;
    }
    if (isLast) await stopPostmaster(this.cluster);
    await this.membership.end().catch(() => undefined);
  }
}

/** Joins those who use the server; null while it starts or stops. */
async function join(cluster: Cluster, postmaster: Postmaster): Promise<pg.Client | null> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: postmaster.port,
    user: SUPERUSER,
    password: cluster.superuserPassword,
    database: 'postgres',
    application_name: 'role-mining embedded server',
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    if (await tryLock(client, 'pg_try_advisory_lock_shared')) return client;
  } catch (error) {
    if (errorCode(error) === '28P01') {
      throw new EmbeddedServerError(`The password kept in ${cluster.home} is not that of the server that runs there`);
    }
  }
  await client.end().catch(() => undefined);
  return null;
}

async function tryLock(
  client: pg.Client,
  attempt: 'pg_try_advisory_lock' | 'pg_try_advisory_lock_shared',
): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(`SELECT ${attempt}($1) AS locked`, [USERS_LOCK]);
  return rows[0]?.locked === true;
}
