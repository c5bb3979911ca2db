import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import type { Influence } from './interval';
import { type KidOptions, settleKid } from './kid-options';
import { checkedFeatures, type KidSamples } from './kid-samples';
import { allRows } from './mmd-gram';
import { commonCenter, evaluateKernel } from './mmd-kernel';
import { sumGram, unbiasedMmd } from './mmd-sums';
import { mmdVariance, varianceOfMmd } from './mmd-variance';

/** {@link Influence} on KID's full estimate, and that estimate. */
export interface KidInfluence extends Influence {
  readonly real: Float64Array;
  readonly value: number;
  /** Of the value, as {@link kid} has it of its full estimate; absent for fewer than four samples a side. */
  readonly standardError?: number;
}

/** Options of the kernel; what draws subsets has no part in it. */
export type KidInfluenceOptions = Pick<
  KidOptions,
  'kernel' | 'degree' | 'gamma' | 'coef0' | 'sigma' | 'precision'
>;

/**
 * How much each image moves KID: 2 (mean k(x, X) − mean k(x, Y)) over the others of its own side X and all of the
 * other side Y, less its mean. `differenceError` compares two generators on the same real images with it.
 *
 * Standard errors made of influences count the part of the variance that no single image explains twice, and are
 * too wide by up to √2 where the distributions are equal; that of {@link kid} is not.
 *
 * @param samples  real and generated features, as for {@link kid}
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @example
 * import { kidInfluence } from 'gan-metrics/metrics';
 *
 * const at = (x: number) => Array.from({ length: 50 }, (_, i) => [x + (i % 5) / 10]);
 * const { generated } = kidInfluence({ real: at(0), generated: [...at(0), ...at(2)] });
 * // Samples where nothing is real raise KID, those among the real ones lower it.
 * console.log(generated[99] > 0, generated[0] < 0); // true true
 * console.log(Math.abs(generated.reduce((sum, each) => sum + each)) < 1e-9); // true
 */
export function kidInfluence(samples: KidSamples, options: KidInfluenceOptions = {}): KidInfluence {
  return compute(kidInfluenceComputation(samples, options), defaultProduct);
}

/**
 * {@link kidInfluence} for a caller that has a fast matrix product.
 *
 * @example
 * import { kidInfluenceComputation, type Matrix } from 'gan-metrics/metrics';
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
 * const samples = { real: [[0], [1], [2], [3]], generated: [[1], [2], [3], [4]] };
 * const computation = kidInfluenceComputation(samples);
 * let step = computation.next();
 * while (!step.done) step = computation.next(product(step.value));
 * console.log(step.value.value); // 21.6667
 */
export function* kidInfluenceComputation(
  samples: KidSamples,
  options: KidInfluenceOptions = {},
): Computation<KidInfluence> {
  const { real, generated } = checkedFeatures(samples);
  const { settings, kernel } = settleKid({ real, generated }, { ...options, estimator: 'full' });
  const center = commonCenter(real, generated);
  const evaluation = evaluateKernel(kernel, { center, precision: settings.precision });
  const sums = yield* sumGram({ x: allRows(real), y: allRows(generated) }, evaluation);
  const variance = mmdVariance(sums);
  return {
    ...(variance && { standardError: Math.sqrt(varianceOfMmd(variance, real.rows, generated.rows)) }),
    real: influences(sums.xx.rows, sums.xy.rows, generated.rows),
    generated: influences(sums.yy.rows, sums.xy.columns, real.rows),
    value: unbiasedMmd(sums),
  };
}

function influences(within: Float64Array, between: Float64Array, others: number): Float64Array {
  const n = within.length;
  const values = within.map((sum, i) => 2 * (sum / (n - 1) - between[i] / others));
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return values.map((value) => value - mean);
}
