import { readdir, readFile } from 'node:fs/promises';

/** Of `/proc/<pid>/stat`; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

interface ProcessStat {
  readonly parent: number;
  /** Seconds of user and system time, its own. */
  readonly own: number;
  /** Those of children that have ended. */
  readonly ofEndedChildren: number;
}

/** @throws Error when there is no such process, or no /proc */
export async function statOf(pid: number): Promise<ProcessStat> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in parentheses, which may hold anything; the third one follows its end.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user, system, endedUser, endedSystem] = fields.slice(11, 15);
  return {
    parent: fields[1],
    own: (user + system) / TICKS_PER_SECOND,
    ofEndedChildren: (endedUser + endedSystem) / TICKS_PER_SECOND,
  };
}

/** CPU seconds of a process alone. */
export async function cpuOfProcess(pid: number): Promise<number> {
  return (await statOf(pid)).own;
}

/** CPU seconds of a process and of its children, running and ended: of PostgreSQL by its postmaster. */
export async function cpuOfFamily(pid: number): Promise<number> {
  const { own, ofEndedChildren } = await statOf(pid);
  const pids = (await readdir('/proc')).map(Number).filter((number) => number > 0);
  const stats = await Promise.all(pids.map((other) => statOf(other).catch(() => null)));
  const children = stats.filter((stat) => stat?.parent === pid).reduce((sum, stat) => sum + (stat?.own ?? 0), 0);
  return own + ofEndedChildren + children;
}
