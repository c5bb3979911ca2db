/** A matrix within an array: element (i, j) is `data[offset + i · rowStride + j · columnStride]`. */
export interface Block {
  readonly data: Float64Array;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** All of an array, row-major. */
export function block(data: Float64Array, rows: number, columns: number): Block {
  return { data, offset: 0, rows, columns, rowStride: columns, columnStride: 1 };
}

/** The same numbers, rows and columns exchanged. */
export function transposed({ data, offset, rows, columns, rowStride, columnStride }: Block): Block {
  return { data, offset, rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride };
}

/** Rows from `row` on and columns from `column` on, as many as said or all that follow. */
export function part(
  from: Block,
  {
    row = 0,
    column = 0,
    rows = from.rows - row,
    columns = from.columns - column,
  }: { row?: number; column?: number; rows?: number; columns?: number },
): Block {
  const offset = from.offset + row * from.rowStride + column * from.columnStride;
  return { ...from, offset, rows, columns };
}
