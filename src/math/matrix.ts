import { GanMetricsError } from '../errors';

/** A dense matrix, row-major: element (i, j) is `data[i * columns + j]`. */
export interface Matrix<Data extends Float32Array | Float64Array = Float32Array | Float64Array> {
  readonly rows: number;
  readonly columns: number;
  readonly data: Data;
}

/** What public functions take for a matrix: ours, nested arrays, or an ml-matrix `Matrix`. */
export type MatrixLike =
  | Matrix
  | readonly (readonly number[] | Float32Array | Float64Array)[]
  | { readonly rows: number; readonly columns: number; to2DArray(): number[][] };

/**
 * Brings any accepted form into a {@link Matrix}; our own form passes through without a copy.
 *
 * @throws SHAPE_MISMATCH where rows differ in length or `data` does not fit `rows × columns`
 */
export function toMatrix(value: MatrixLike, name = 'matrix'): Matrix {
  if (Array.isArray(value)) return fromRows(value, name);
  const source = value as Exclude<MatrixLike, readonly unknown[]>;
  if ('to2DArray' in source) return fromRows(source.to2DArray(), name);
  if (source.data?.length !== source.rows * source.columns) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${source.rows} × ${source.columns} values in ${name} but received ${source.data?.length}.`,
    );
  }
  return source;
}

function fromRows(rows: readonly ArrayLike<number>[], name: string): Matrix<Float64Array> {
  const columns = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    if (row.length !== columns) {
      throw new GanMetricsError(
        'SHAPE_MISMATCH',
        `Expected ${columns} columns in every row of ${name} but row ${i} has ${row.length}.`,
      );
    }
    data.set(row, i * columns);
  });
  return { rows: rows.length, columns, data };
}
