import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The operating system's account under which the server runs; null is our own. */
export type Account = { readonly uid: number; readonly gid: number } | null;

/** PostgreSQL refuses to run as root. */
export const isRoot = (): boolean => process.getuid?.() === 0;

/**
 * The account for a new cluster. `nobody` owns nothing and exists everywhere; initdb looks its account up by name, so
 * a number made up for the purpose would not do.
 */
export async function accountForNewCluster(): Promise<Account> {
  if (!isRoot()) return null;
  const passwd = await readFile('/etc/passwd', 'utf8');
  const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd);
  return entry === null ? { uid: 65_534, gid: 65_534 } : { uid: Number(entry[1]), gid: Number(entry[2]) };
}

/** The account that an existing cluster belongs to, so that root and its owner may take turns. */
export async function accountOfCluster(directory: string): Promise<Account> {
  if (!isRoot()) return null;
  const { uid, gid } = await stat(directory);
  return { uid, gid };
}

/** Whether the account can reach what is inside the directory. Knows mode bits, not ACLs. */
export async function canEnter(account: Account, directory: string): Promise<boolean> {
  if (account === null) return true;
  const { mode, uid, gid } = await stat(directory);
  const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  if ((mode & bit) === 0) return false;
  const parent = dirname(directory);
  return parent === directory || canEnter(account, parent);
}
