import { invalidOption } from '../../errors';
import { defaultProduct } from '../../math/default-product';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { drawDirections, toDirections } from './directions';
import { toSamplePair } from './sample-pair';
import { requireOrder, sortedCost, type Wasserstein } from './wasserstein-1d';

export interface SlicedWasserstein extends Wasserstein {
  /**
   * Of `value`, over the draw of directions: not over the draw of samples, which the interval of a metric would
   * hold. 0 where directions were given.
   */
  readonly standardError: number;
  readonly projections: number;
}

export interface SlicedWassersteinOptions {
  /** p ≥ 1; 2 by default. */
  readonly order?: number;
  /** Directions drawn evenly from the sphere, at least 2; 256 by default. */
  readonly projections?: number;
  /** One a row, of any length but 0: instead of drawn ones. */
  readonly directions?: MatrixLike;
  /** Of the draw; 0 by default. */
  readonly seed?: number;
}

/**
 * Sliced Wasserstein distance SW_p = (E_θ W_pᵖ(θ·a, θ·b))^(1/p), the mean over directions θ of the exact distance
 * on a line. Lower is better. Range: [0, ∞), in feature units. Symmetric, a metric; O(n log n) a direction, in any
 * dimension, with a bias in n that does not grow with d. It is at most W_p / √d for p = 2: compare equal d only.
 *
 * @param a, b     n × d and m × d; n and m may differ
 * @param options  order (2), projections (256) or directions, seed (0)
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, INVALID_OPTION
 * @see Rabin et al. 2011; Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters"
 * @example
 * import { slicedWasserstein } from 'gan-metrics/metrics';
 *
 * const square = [[0, 0], [1, 0], [0, 1], [1, 1]];
 * const moved = square.map(([x, y]) => [x + 3, y + 4]);
 * // Along both axes: √((3² + 4²) / 2).
 * console.log(slicedWasserstein(square, moved, { directions: [[1, 0], [0, 1]] }).value); // 3.53553
 * // Random directions come near it.
 * const { value, standardError } = slicedWasserstein(square, moved, { projections: 500 });
 * console.log(Math.abs(value - 3.53553) < 3 * standardError); // true
 */
export function slicedWasserstein(
  a: MatrixLike,
  b: MatrixLike,
  { order = 2, projections = 256, directions, seed = 0 }: SlicedWassersteinOptions = {},
): SlicedWasserstein {
  requireOrder(order);
  if (!Number.isSafeInteger(projections) || projections < 2) {
    throw invalidOption('projections', 'an integer of at least 2', projections);
  }
  const [x, y] = toSamplePair(a, b);
  const d = x.columns;
  const lines = directions
    ? toDirections(directions, d)
    : drawDirections({ count: projections, dimensions: d, seed });
  const costs = projectedCosts([x, y], { lines, order });
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  const value = mean ** (1 / order);
  return {
    value,
    order,
    standardError: directions || mean === 0 ? 0 : (errorOfMean(costs, mean) * value) / (order * mean),
    projections: lines.rows,
  };
}

/** So many directions are projected onto at once. */
const LINES = 32;

/** W_pᵖ along every direction. */
export function projectedCosts(
  [x, y]: readonly [Matrix, Matrix],
  { lines, order }: { lines: Matrix<Float64Array>; order: number },
): Float64Array {
  const costs = new Float64Array(lines.rows);
  for (let start = 0; start < lines.rows; start += LINES) {
    const rows = Math.min(LINES, lines.rows - start);
    const data = lines.data.subarray(start * lines.columns, (start + rows) * lines.columns);
    const part = { rows, columns: lines.columns, data };
    const [along, other] = [defaultProduct({ a: part, b: x }), defaultProduct({ a: part, b: y })];
    for (let i = 0; i < rows; i++) {
      costs[start + i] = sortedCost(sortedRow(along, i), sortedRow(other, i), order);
    }
  }
  return costs;
}

function sortedRow({ columns, data }: Matrix, i: number): Float64Array {
  return Float64Array.from(data.subarray(i * columns, (i + 1) * columns)).sort();
}

function errorOfMean(values: Float64Array, mean: number): number {
  const n = values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n);
}
