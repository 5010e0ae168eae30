import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDatabaseConfig } from '../../../src/config/load-config.js';
import { openCluster, type Cluster } from '../../../src/database/embedded-server/cluster.js';
import { runCommand } from '../../../src/database/embedded-server/command.js';
import { EmbeddedServer } from '../../../src/database/embedded-server/embedded-server.js';
import { findPostmaster, stopPostmaster } from '../../../src/database/embedded-server/postmaster.js';
import { openDatabase } from '../../../src/database/open-database.js';
import type { StageDatabase } from './stage.js';

/** A folder for an embedded server, which its account can reach. */
export async function newDataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'role-mining-faults-'));
  await chmod(directory, 0o755);
  return directory;
}

/** The superuser's URL of the service's database in the embedded server that runs in the folder; null when none runs. */
export async function superuserUrlIn(dataDirectory: string): Promise<string | null> {
  const home = join(dataDirectory, 'postgresql-18');
  const lines = (await readFile(join(home, 'data', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const password = await readFile(join(home, 'superuser-password'), 'utf8').catch(() => '');
  return lines.length < 4 ? null : `postgresql://postgres:${password}@127.0.0.1:${lines[3]}/role_mining`;
}

/** A PostgreSQL of the spec's own, which it may stop and start while the service uses it. */
export class OwnServer implements StageDatabase {
  private constructor(
    private readonly directory: string,
    private readonly cluster: Cluster,
    private readonly port: string,
    readonly url: string,
    readonly superuserUrl: string,
  ) {}

  static async start(): Promise<OwnServer> {
    const directory = await newDataDirectory();
    const server = await EmbeddedServer.start({ dataDirectory: directory });
    await server.leaveRunning();
    const opened = await openDatabase(loadDatabaseConfig({ DATA_DIR: directory }));
    const superuserUrl = (await superuserUrlIn(directory))!;
    const cluster = await openCluster(directory, {});
    const { url } = opened;
    const { port } = new URL(url);
    const own = new OwnServer(directory, cluster, port, url, superuserUrl);
    // The last who closes stops it; from here on it is stopped and started by hand.
    await opened.close();
    await own.startAgain();
    return own;
  }

  get pid(): Promise<number> {
    return findPostmaster(this.cluster).then((postmaster) => postmaster!.pid);
  }

  /** @param mode `fast` ends all sessions and stops, `immediate` stops as a crash does */
  async stop(mode: 'fast' | 'immediate'): Promise<void> {
    await this.pgCtl(['stop', '-w', '-m', mode]);
  }

  async startAgain(): Promise<void> {
    await this.pgCtl(['start', '-w', '-l', this.cluster.log, '-o', `-p ${this.port}`]);
  }

  async dispose(): Promise<void> {
    await stopPostmaster(this.cluster);
    await rm(this.directory, { recursive: true, force: true });
  }

  private async pgCtl(args: string[]): Promise<void> {
    const { pgCtl } = this.cluster.binaries;
    const { exitCode, output } = await runCommand(pgCtl, [...args, '-D', this.cluster.data], this.cluster.account);
    if (exitCode !== 0) throw new Error(`pg_ctl ${args.join(' ')}: ${output}`);
  }
}
