import { GanMetricsError } from '../../errors';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { createRandom } from '../../math/random';
import { toSamples } from './sample-pair';

/** `count` directions drawn evenly from the unit sphere in d dimensions, one a row. */
export function drawDirections({
  count,
  dimensions: d,
  seed,
}: {
  count: number;
  dimensions: number;
  seed: number;
}): Matrix<Float64Array> {
  const random = createRandom(seed);
  const data = Float64Array.from({ length: count * d }, () => random.normal());
  return unitRows({ rows: count, columns: d, data });
}

/** Given directions, each divided by its length. @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES */
export function toDirections(value: MatrixLike, dimensions: number): Matrix<Float64Array> {
  const given = toSamples(value, { name: 'directions' });
  if (given.columns !== dimensions) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${dimensions} columns in directions, as in the samples, but received ${given.columns}.`,
    );
  }
  return unitRows({ ...given, data: Float64Array.from(given.data) });
}

function unitRows(matrix: Matrix<Float64Array>): Matrix<Float64Array> {
  const { rows, columns: d, data } = matrix;
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * d, (i + 1) * d);
    const length = norm(row);
    if (length === 0) {
      throw new GanMetricsError('NOT_FINITE', `Expected directions of some length but row ${i} is zero.`);
    }
    for (let j = 0; j < d; j++) row[j] /= length;
  }
  return matrix;
}

/** The Euclidean length. */
export function norm(vector: Float64Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return Math.sqrt(sum);
}
