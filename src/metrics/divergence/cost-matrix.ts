import { GanMetricsError } from '../../errors';
import type { Matrix } from '../../math/matrix';
import { distanceBlocks } from './distance-blocks';

/** So many pairs at most: the costs of 5000 samples against 5000, 200 MB. */
export const MOST_PAIRS = 25e6;

/**
 * ‖aᵢ − bⱼ‖ᵖ of all pairs.
 *
 * @throws TOO_MANY_SAMPLES for more than 25 million pairs
 */
export function costMatrix(a: Matrix, b: Matrix, order: number): Matrix<Float64Array> {
  if (a.rows * b.rows > MOST_PAIRS) {
    throw new GanMetricsError(
      'TOO_MANY_SAMPLES',
      `Expected at most ${MOST_PAIRS} pairs but received ${a.rows} × ${b.rows}: draw fewer samples, or take ` +
        'slicedWasserstein, which has no such limit.',
      { details: { pairs: a.rows * b.rows, maximum: MOST_PAIRS } },
    );
  }
  const costs = new Float64Array(a.rows * b.rows);
  for (const { row, column, rows, columns, data, stride } of distanceBlocks(a, b)) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const squared = data[i * stride + j];
        costs[(row + i) * b.rows + column + j] = order === 2 ? squared : squared ** (order / 2);
      }
    }
  }
  return { rows: a.rows, columns: b.rows, data: costs };
}
