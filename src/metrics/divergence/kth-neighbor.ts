import { GanMetricsError, invalidOption } from '../../errors';
import type { Matrix } from '../../math/matrix';
import { distanceBlocks } from './distance-blocks';

/**
 * Distance of every row of a to its k-th nearest row of b, from differences in float64.
 *
 * @param options  neighbors: k; within: b is a, and no row is a neighbor of itself
 */
export function kthNeighborDistances(
  a: Matrix,
  b: Matrix,
  { neighbors, within }: { neighbors: number; within: boolean },
): Float64Array {
  const nearest = new Float64Array(a.rows * neighbors).fill(Number.POSITIVE_INFINITY);
  for (const { row, column, rows, columns, data, stride } of distanceBlocks(a, b)) {
    for (let i = 0; i < rows; i++) {
      const list = nearest.subarray((row + i) * neighbors, (row + i + 1) * neighbors);
      for (let j = 0; j < columns; j++) {
        const squared = data[i * stride + j];
        if (squared >= list[neighbors - 1] || (within && row + i === column + j)) continue;
        let place = neighbors - 1;
        for (; place > 0 && list[place - 1] > squared; place--) list[place] = list[place - 1];
        list[place] = squared;
      }
    }
  }
  return Float64Array.from({ length: a.rows }, (_, i) => Math.sqrt(nearest[(i + 1) * neighbors - 1]));
}

/** @throws INVALID_OPTION unless neighbors is an integer from 1 to `most`, which the counts of samples allow */
export function requireNeighbors(neighbors: number, most: number): void {
  if (Number.isSafeInteger(neighbors) && neighbors >= 1 && neighbors <= most) return;
  throw invalidOption('neighbors', `an integer from 1 to ${most}, as there are so few samples`, neighbors);
}

/**
 * A distance of 0 has no logarithm: there is no density where samples repeat.
 *
 * @throws REPEATED_SAMPLES
 */
export function requireApart(distances: Float64Array, what: string): void {
  const row = distances.indexOf(0);
  if (row < 0) return;
  throw new GanMetricsError(
    'REPEATED_SAMPLES',
    `Expected samples from a density but row ${row} of ${what}: take more neighbors than there are copies, or leave the copies out.`,
    { details: { row } },
  );
}
