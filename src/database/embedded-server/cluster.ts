import { randomBytes } from 'node:crypto';
import { chown, lstat, mkdir, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../common/error-code.js';
import { accountForNewCluster, accountOfCluster, canEnter, isRoot, type Account } from './account.js';
import { usableBinaries, type Binaries } from './binaries.js';
import { runCommand } from './command.js';
import { EmbeddedServerError } from './embedded-server.error.js';
import { explainFailure } from './explain-failure.js';

export const SUPERUSER = 'postgres';

/**
 * A data directory of the embedded server and what it takes to run it. On disk, in a folder that only the server's
 * account can read: `data/` (PostgreSQL's own), `superuser-password`, `server.log`.
 */
export interface Cluster {
  readonly home: string;
  readonly data: string;
  readonly log: string;
  readonly superuserPassword: string;
  readonly account: Account;
  readonly binaries: Binaries;
}

/** Where root keeps what its server's account cannot reach in the data directory. */
const SHARED_STATE = '/var/lib/role-mining-service';

/**
 * Opens the cluster in the folder, or makes it. Processes may do so at the same time: a cluster is made aside and then
 * published under its name in one step; who comes second takes the winner's.
 *
 * @param settings of postgresql.conf, used when the cluster is made
 */
export async function openCluster(dataDirectory: string, settings: Readonly<Record<string, string>>): Promise<Cluster> {
  try {
    await mkdir(dataDirectory, { recursive: true });
    const link = await findPublished(dataDirectory);
    const account = link === null ? await accountForNewCluster() : await accountOfCluster(await realpath(link));
    const reachable = await canEnter(account, await realpath(dataDirectory));
    const base = async (): Promise<string> => {
      if (reachable) return dataDirectory;
      await mkdir(SHARED_STATE, { recursive: true, mode: 0o755 });
      return SHARED_STATE;
    };
    const binaries = await usableBinaries(account, base);
    const name = `postgresql-${binaries.major}`;
    const path = join(dataDirectory, name);
    if (link === null) {
      await removeAbandonedDrafts(dataDirectory, name);
      await createCluster(path, await base(), account, binaries, settings);
    } else if (basename(link) !== name) {
      throw otherVersion(link, basename(link).replace('postgresql-', ''), binaries.major);
    }
    return await describe(path, account, binaries);
  } catch (error) {
    throw explainFailure(error, dataDirectory);
  }
}

/** The newest cluster in the folder, whatever its version. */
async function findPublished(dataDirectory: string): Promise<string | null> {
  const majors = (await readdir(dataDirectory))
    .map((name) => /^postgresql-(\d+)$/.exec(name)?.[1])
    .filter((major) => major !== undefined)
    .map(Number);
  return majors.length === 0 ? null : join(dataDirectory, `postgresql-${Math.max(...majors)}`);
}

async function describe(path: string, account: Account, binaries: Binaries): Promise<Cluster> {
  const home = await realpath(path);
  const { uid } = await lstat(home);
  if (!isRoot() && process.getuid !== undefined && uid !== process.getuid()) {
    throw new EmbeddedServerError(
      `${path} belongs to user ${uid}: it was made by root or by somebody else. ` +
        `Start as the same user again, or set DATA_DIR to another folder`,
    );
  }
  const data = join(home, 'data');
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version === null) {
    throw new EmbeddedServerError(`${path} is no data directory of PostgreSQL. Move it away, or set DATA_DIR`);
  }
  if (Number(version) !== binaries.major) throw otherVersion(path, version.trim(), binaries.major);
  const superuserPassword = await readFile(join(home, 'superuser-password'), 'utf8');
  return { home, data, log: join(home, 'server.log'), superuserPassword, account, binaries };
}

async function createCluster(
  path: string,
  base: string,
  account: Account,
  binaries: Binaries,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const draft = join(base, `.${basename(path)}-${process.pid}-${randomBytes(4).toString('hex')}`);
  const passwordFile = join(draft, 'superuser-password');
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
    if (account !== null) {
      await chown(draft, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    const all = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      timezone: 'UTC',
      log_timezone: 'UTC',
      ...settings,
    };
    const result = await runCommand(
      binaries.initdb,
      [
        ...['-D', join(draft, 'data'), '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
        // The builtin provider sorts and folds case alike on every platform, whatever locales are installed.
        ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...(settings['fsync'] === 'off' ? ['--no-sync'] : []),
        ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      account,
    );
    if (result.exitCode !== 0) throw new EmbeddedServerError(lastLines(result.output));
    await publish(draft, path);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Whoever comes second finds the name taken and removes its own draft. */
async function publish(draft: string, path: string): Promise<void> {
  try {
    if (dirname(draft) === dirname(path)) await rename(draft, path);
    else await symlink(draft, path);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM') throw error;
    await realpath(path);
    await rm(draft, { recursive: true, force: true });
  }
}

/** Left by a process that was killed while it made a cluster. */
async function removeAbandonedDrafts(dataDirectory: string, name: string): Promise<void> {
  for (const entry of await readdir(dataDirectory)) {
    const pid = new RegExp(`^\\.${name}-(\\d+)-[0-9a-f]+$`).exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      await rm(join(dataDirectory, entry), { recursive: true, force: true });
    }
  }
}

/** Whether a process with the id exists, ours or not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

export function lastLines(text: string, count = 5): string {
  return text.trim().split('\n').slice(-count).join('\n');
}

function otherVersion(path: string, found: string, needed: number): EmbeddedServerError {
  return new EmbeddedServerError(
    `${path} was written by PostgreSQL ${found}, and this release runs PostgreSQL ${needed}, which cannot read it. ` +
      `Take your data over with pg_dump and pg_restore of version ${found}, or start afresh with another DATA_DIR`,
  );
}
