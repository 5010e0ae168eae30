import { createHash } from 'node:crypto';
import { readColumns } from './delimited-text.js';
import { textOf, type InputFile } from './file-text.js';

/** Who holds what: users and entitlements by numbers, in the order in which they come in the file. */
export interface HeldAccess {
  readonly users: readonly string[];
  readonly entitlements: readonly string[];
  readonly userNumbers: ReadonlyMap<string, number>;
  readonly entitlementNumbers: ReadonlyMap<string, number>;
  /** Entitlements of each user. */
  readonly rows: readonly ReadonlySet<number>[];
  /** Pairs of user and entitlement, each once. */
  readonly assignmentCount: number;
}

/** @param usersFile users who may hold nothing; null for none */
export function readHeldAccess(assignments: InputFile, usersFile: InputFile | null): HeldAccess {
  const userNumbers = new Map<string, number>();
  const entitlementNumbers = new Map<string, number>();
  const rows: Set<number>[] = [];
  const rowOf = (user: string): Set<number> => {
    const number = numberOf(userNumbers, user);
    return (rows[number] ??= new Set());
  };
  for (const { cells } of readColumns(assignments.name, textOf(assignments), ['user', 'entitlement'])) {
    rowOf(cells[0]).add(numberOf(entitlementNumbers, cells[1]));
  }
  if (usersFile !== null) {
    for (const { cells } of readColumns(usersFile.name, textOf(usersFile), ['user'])) rowOf(cells[0]);
  }
  return {
    users: [...userNumbers.keys()],
    entitlements: [...entitlementNumbers.keys()],
    userNumbers,
    entitlementNumbers,
    rows,
    assignmentCount: rows.reduce((sum, row) => sum + row.size, 0),
  };
}

function numberOf(numbers: Map<string, number>, id: string): number {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  numbers.set(id, numbers.size);
  return numbers.size - 1;
}

/**
 * SHA-256 of who holds what, whatever the form and the order of the file: of every pair the user, a NUL, the entitlement and
 * a NUL, in UTF-8, ordered by user and then by entitlement, both by UTF-16 code units.
 */
export function hashOf({ users, entitlements, rows }: HeldAccess): string {
  const hash = createHash('sha256');
  const userOrder = [...users.keys()].sort((a, b) => (users[a] < users[b] ? -1 : 1));
  for (const user of userOrder) {
    const held = Array.from(rows[user], (entitlement) => entitlements[entitlement]).sort();
    for (const entitlement of held) hash.update(`${users[user]}\0${entitlement}\0`);
  }
  return hash.digest('hex');
}
