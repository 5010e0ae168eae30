import type { AccessFile, AccessFilePart, ReadOptions } from '../../access-files/access-file.js';
import { readAssignments } from '../../access-files/read-assignments.js';
import { readEntitlements } from '../../access-files/read-entitlements.js';
import { readRoles } from '../../access-files/read-roles.js';
import { readUsers } from '../../access-files/read-users.js';
import type { ImportParts, ImportSource } from './import-parts.js';

/** Files of the import formats as the parts of an import. */
export function partsOfFiles(files: { readonly [Part in AccessFilePart]?: AccessFile }): ImportParts {
  return {
    assignments: sourceOf(files.assignments, readAssignments),
    users: sourceOf(files.users, readUsers),
    entitlements: sourceOf(files.entitlements, readEntitlements),
    roles: sourceOf(files.roles, readRoles),
  };
}

function sourceOf<Row>(
  file: AccessFile | undefined,
  read: (file: AccessFile, options: ReadOptions) => AsyncIterable<readonly Row[]>,
): ImportSource<Row> | undefined {
  return file && { name: file.name, read: (onFault) => read(file, { onFault }) };
}
