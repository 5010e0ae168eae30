import type { MatrixCells } from './matrix-cells.js';

/** Where a role is one block: rows that stand together times columns that stand together. */
export interface Block {
  readonly role: number;
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** The largest block of each role, for its name and to go from one to the next; from top to bottom. */
export function findBlocks(cells: MatrixCells): Block[] {
  const { roles, rolesOfUser } = cells.picture;
  const rowRuns = longestRuns(roles.length, (add) =>
    rolesOfUser.forEach((own, row) => own.forEach((role) => add(role, row))),
  );
  const columnOwner = new Int32Array(cells.columnCount).fill(-1);
  roles.forEach(({ columns }, role) =>
    columns.forEach((column) => columnOwner[column] < 0 && (columnOwner[column] = role)),
  );
  const columnRuns = longestRuns(roles.length, (add) =>
    columnOwner.forEach((role, column) => role >= 0 && add(role, column)),
  );
  return roles
    .map((_, role) => ({
      role,
      row: rowRuns[role].start,
      rows: rowRuns[role].length,
      column: columnRuns[role].start,
      columns: columnRuns[role].length,
    }))
    .filter(({ rows, columns }) => rows > 0 && columns > 0)
    .sort((a, b) => a.row - b.row || a.column - b.column);
}

interface Run {
  start: number;
  length: number;
}

/** The longest run of neighbouring places per role; places are added in ascending order. */
function longestRuns(roleCount: number, addAll: (add: (role: number, place: number) => void) => void): Run[] {
  const longest = Array.from({ length: roleCount }, (): Run => ({ start: 0, length: 0 }));
  const current = Array.from({ length: roleCount }, (): Run => ({ start: -2, length: 0 }));
  addAll((role, place) => {
    const run = current[role];
    if (run.start + run.length === place) run.length++;
    else current[role] = { start: place, length: 1 };
    if (current[role].length > longest[role].length) longest[role] = { ...current[role] };
  });
  return longest;
}
