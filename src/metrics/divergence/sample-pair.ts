import { GanMetricsError } from '../../errors';
import { type Matrix, type MatrixLike, toMatrix } from '../../math/matrix';
import { requireFiniteRows } from '../../math/statistics';

/** What the errors call two sets of samples. */
export type Names = readonly [string, string];

const SYMMETRIC: Names = ['the first samples', 'the second samples'];
export const DIRECTED: Names = ['real', 'generated'];

/**
 * Two sets of samples, checked.
 *
 * @throws SHAPE_MISMATCH where they differ in dimension, TOO_FEW_SAMPLES for fewer than `least`, NOT_FINITE
 */
export function toSamplePair(
  a: MatrixLike,
  b: MatrixLike,
  { least = 1, names = SYMMETRIC }: { least?: number; names?: Names } = {},
): [Matrix, Matrix] {
  const pair: [Matrix, Matrix] = [
    toSamples(a, { name: names[0], least }),
    toSamples(b, { name: names[1], least }),
  ];
  if (pair[0].columns !== pair[1].columns) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${pair[0].columns} columns in ${names[1]}, as in ${names[0]}, but received ${pair[1].columns}.`,
      { details: { columns: [pair[0].columns, pair[1].columns] } },
    );
  }
  return pair;
}

/** @throws SHAPE_MISMATCH for a ragged array or no columns, TOO_FEW_SAMPLES, NOT_FINITE */
export function toSamples(value: MatrixLike, { name = 'samples', least = 1 } = {}): Matrix {
  const matrix = toMatrix(value, name);
  if (matrix.rows < least) {
    throw new GanMetricsError(
      'TOO_FEW_SAMPLES',
      `Expected at least ${least} ${least === 1 ? 'sample' : 'samples'} in ${name} but received ${matrix.rows}.`,
      { details: { count: matrix.rows, minimum: least } },
    );
  }
  if (matrix.columns === 0) {
    throw new GanMetricsError('SHAPE_MISMATCH', `Expected at least 1 column in ${name} but received 0.`);
  }
  requireFiniteRows(matrix, name);
  return matrix;
}
