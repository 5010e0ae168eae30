import { sharedInt32, type IntegerLists, type Organisation } from '../engine/index.js';

/** The same organisation with all integers in shared memory. What lies there already is not copied. */
export function shareOrganisation(organisation: Organisation): Organisation {
  const { matrix, attributes, existingRoles } = organisation;
  return {
    ...organisation,
    matrix: {
      ...matrix,
      rowOffsets: share(matrix.rowOffsets),
      rowColumns: share(matrix.rowColumns),
      columnOffsets: share(matrix.columnOffsets),
      columnRows: share(matrix.columnRows),
    },
    attributes: attributes.map((attribute) => ({ ...attribute, valuesOfUser: shareLists(attribute.valuesOfUser) })),
    existingRoles: {
      ...existingRoles,
      entitlements: shareLists(existingRoles.entitlements),
      members: shareLists(existingRoles.members),
    },
  };
}

function shareLists({ offsets, values }: IntegerLists): IntegerLists {
  return { offsets: share(offsets), values: share(values) };
}

function share(array: Int32Array): Int32Array {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const shared = sharedInt32(array.length);
  shared.set(array);
  return shared;
}
