import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import type { MatrixLike } from '../math/matrix';
import { differenceError, type Interval, normalInterval } from './interval';
import { KID_DIFFERENCE_OF } from './kid';
import { type KidInfluenceOptions, kidInfluenceComputation } from './kid-influence';

export interface KidDifference {
  /** The KID of a less that of b, both of all samples: below 0 where a is nearer to real. */
  readonly value: number;
  readonly interval: Interval;
  readonly a: number;
  readonly b: number;
}

/** Features of real images and of two generators, n × d each. */
export interface KidRivals {
  readonly real: MatrixLike;
  readonly a: MatrixLike;
  readonly b: MatrixLike;
}

export interface KidDifferenceOptions extends KidInfluenceOptions {
  readonly confidence?: number;
}

/**
 * Difference of two generators' KIDs from the same real set, with an interval: what the real samples do to one they
 * do to the other, and it cancels. Conservative where both generators equal the real distribution.
 * Below 0 where a is better. Range: all reals. Unbiased, whatever the sizes.
 *
 * @param sets     features of real, a and b
 * @param options  confidence (0.95), in (0, 1); options of the kernel as for `kid`
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @example
 * import { kidDifference, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean, 0, 0]], sigma: 1 }, { count: 200, seed }).samples;
 * const sets = { real: features(0, 1), a: features(0.2, 2), b: features(1, 3) };
 * const { value, interval } = kidDifference(sets);
 * // All of the interval is below 0: a is nearer.
 * console.log(value, interval.high); // -1.30961 -0.575521
 */
export function kidDifference(sets: KidRivals, options: KidDifferenceOptions = {}): KidDifference {
  return compute(kidDifferenceComputation(sets, options), defaultProduct);
}

/**
 * {@link kidDifference} for a caller that has a fast matrix product.
 *
 * @example
 * import { kidDifferenceComputation, type Matrix } from 'gan-metrics/metrics';
 *
 * // a · bᵀ, made wherever it is fastest.
 * function product({ a, b }: { a: Matrix; b: Matrix }): Matrix {
 *   const data = new (a.data instanceof Float32Array ? Float32Array : Float64Array)(a.rows * b.rows);
 *   for (let i = 0; i < data.length; i++) {
 *     const [row, column] = [Math.floor(i / b.rows), i % b.rows];
 *     for (let k = 0; k < a.columns; k++) {
 *       data[i] += a.data[row * a.columns + k] * b.data[column * b.columns + k];
 *     }
 *   }
 *   return { rows: a.rows, columns: b.rows, data };
 * }
 * const sets = { real: [[0], [1], [2], [3]], a: [[0], [1], [2], [4]], b: [[1], [2], [3], [4]] };
 * const computation = kidDifferenceComputation(sets);
 * let step = computation.next();
 * while (!step.done) step = computation.next(product(step.value));
 * console.log(step.value.value); // -258
 */
export function* kidDifferenceComputation(
  { real, a, b }: KidRivals,
  { confidence = 0.95, ...options }: KidDifferenceOptions = {},
): Computation<KidDifference> {
  const first = yield* kidInfluenceComputation({ real, generated: a }, options);
  const second = yield* kidInfluenceComputation({ real, generated: b }, options);
  const value = first.value - second.value;
  const standardError = differenceError(first, second);
  const interval = normalInterval(
    { value, standardError },
    { confidence, method: 'influence function', of: KID_DIFFERENCE_OF },
  );
  return { value, interval, a: first.value, b: second.value };
}
