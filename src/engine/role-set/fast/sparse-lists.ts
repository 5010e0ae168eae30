/** A sparse 0/1 matrix by rows and by columns, as in `AccessMatrix`. */
export interface SparseLists {
  readonly rowOffsets: Int32Array;
  readonly rowColumns: Int32Array;
  readonly columnOffsets: Int32Array;
  readonly columnRows: Int32Array;
}

/** Adds the column-wise half. O(values); rows within a column come out ascending. */
export function withColumns(rowOffsets: Int32Array, rowColumns: Int32Array, columnCount: number): SparseLists {
  const columnOffsets = new Int32Array(columnCount + 1);
  for (const column of rowColumns) columnOffsets[column + 1]++;
  for (let column = 0; column < columnCount; column++) columnOffsets[column + 1] += columnOffsets[column];
  const fill = columnOffsets.slice(0, columnCount);
  const columnRows = new Int32Array(rowColumns.length);
  for (let row = 0; row + 1 < rowOffsets.length; row++) {
    for (let at = rowOffsets[row]; at < rowOffsets[row + 1]; at++) columnRows[fill[rowColumns[at]]++] = row;
  }
  return { rowOffsets, rowColumns, columnOffsets, columnRows };
}
