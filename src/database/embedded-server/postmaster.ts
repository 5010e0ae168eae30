import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { isAlive, lastLines, type Cluster } from './cluster.js';
import { runCommand } from './command.js';
import { EmbeddedServerError } from './embedded-server.error.js';

/** The server process of a cluster, as its `postmaster.pid` tells. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

const START_SECONDS = 60;
const STOP_SECONDS = 60;

/** The running server of the cluster, or null. */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | null> {
  const path = join(cluster.data, 'postmaster.pid');
  const content = await readFile(path, 'utf8').catch(() => null);
  if (content === null) return null;
  const lines = content.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return null;
  if (await isServerOf(cluster, pid)) return port > 0 ? { pid, port } : null;
  // The pid was given to another process since (after a reboot, or in a container). PostgreSQL would refuse to start
  // because of it. Our own pid it knows to be harmless (we are its grandparent), and unlike for a missing file it
  // still checks that no backend of the dead server is attached to the shared memory that the file names.
  if (pid !== process.pid) await writeFile(path, [process.pid, ...lines.slice(1)].join('\n'));
  return null;
}

async function isServerOf(cluster: Cluster, pid: number): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const commandLine =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : (await runCommand('/bin/ps', ['-p', String(pid), '-o', 'command='], null)).output;
  return commandLine.includes('postgres') && commandLine.includes(cluster.data);
}

/**
 * Starts the server on a free port of the loopback interface and waits until it takes connections. When another
 * process is faster this fails, harmlessly: the data directory admits one server.
 *
 * @returns null, or what the server said when it did not start
 */
export async function startPostmaster(cluster: Cluster): Promise<string | null> {
  await rm(cluster.log, { force: true });
  const { exitCode } = await runCommand(
    cluster.binaries.pgCtl,
    [
      ...['start', '-w', '-t', String(START_SECONDS), '-D', cluster.data, '-l', cluster.log],
      ...['-o', `-p ${await freePort()}`],
    ],
    cluster.account,
  );
  return exitCode === 0 ? null : lastLines(await readFile(cluster.log, 'utf8').catch(() => 'it wrote no log'));
}

/** Ends all sessions and stops the server; returns when it is down. */
export async function stopPostmaster(cluster: Cluster): Promise<void> {
  const { exitCode, output } = await runCommand(
    cluster.binaries.pgCtl,
    ['stop', '-w', '-m', 'fast', '-t', String(STOP_SECONDS), '-D', cluster.data],
    cluster.account,
  );
  if (exitCode !== 0 && (await findPostmaster(cluster)) !== null) {
    throw new EmbeddedServerError(`The embedded PostgreSQL in ${cluster.home} does not stop: ${lastLines(output)}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
