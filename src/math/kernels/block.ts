/** A matrix within an array: element (i, j) is `data[offset + i · rowStride + j · columnStride]`. */
export interface Block<Data extends Float32Array | Float64Array = Float64Array> {
  readonly data: Data;
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** All of an array, row-major. */
export function block<Data extends Float32Array | Float64Array>(
  data: Data,
  rows: number,
  columns: number,
): Block<Data> {
  return { data, offset: 0, rows, columns, rowStride: columns, columnStride: 1 };
}

/** The same numbers, rows and columns exchanged. */
export function transposed<Data extends Float32Array | Float64Array>({
  data,
  offset,
  rows,
  columns,
  rowStride,
  columnStride,
}: Block<Data>): Block<Data> {
  return { data, offset, rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride };
}

/** Rows from `row` on and columns from `column` on, as many as said or all that follow. */
export function part<Data extends Float32Array | Float64Array>(
  from: Block<Data>,
  {
    row = 0,
    column = 0,
    rows = from.rows - row,
    columns = from.columns - column,
  }: { row?: number; column?: number; rows?: number; columns?: number },
): Block<Data> {
  const offset = from.offset + row * from.rowStride + column * from.columnStride;
  return { ...from, offset, rows, columns };
}
