import { GanMetricsError, invalidOption } from '../errors';
import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { type Matrix, type MatrixLike, toMatrix } from '../math/matrix';
import { sampleIndices } from '../math/random';
import { requireFiniteRows } from '../math/statistics';
import { allRows } from './mmd-gram';
import { commonCenter, evaluateKernel, type MmdKernel, requireKernel } from './mmd-kernel';
import { biasedMmd, sumGram, unbiasedMmd } from './mmd-sums';
import { mmdVariance, varianceOfMmd } from './mmd-variance';

export interface MmdOptions {
  readonly kernel?: 'rbf' | 'polynomial';
  /** Bandwidth of the rbf kernel exp(−‖x − y‖² / 2σ²); `median`: the median distance of both sets' rows. */
  readonly sigma?: number | 'median';
  /** Several bandwidths: the kernel is the mean of theirs. */
  readonly sigmas?: readonly number[];
  /** Of the polynomial kernel (γ xᵀy + coef0)ᵈᵉᵍʳᵉᵉ; γ is 1/d unless given. */
  readonly degree?: number;
  readonly gamma?: number;
  readonly coef0?: number;
  /** `unbiased` leaves out the pairs of a row with itself and can be negative; `biased` cannot. */
  readonly estimator?: 'unbiased' | 'biased';
}

export type Mmd = MmdKernel & {
  /** Squared. */
  readonly value: number;
  /** Of the value, for four rows a side and more. */
  readonly standardError?: number;
  readonly estimator: 'unbiased' | 'biased';
  readonly samples: readonly [number, number];
};

/**
 * Squared maximum mean discrepancy: how far the mean of one set is from the other's in the space of the kernel.
 * Lower is more alike. Range: [0, 2] for the biased estimate with an rbf kernel, whose distance is 0 for equal
 * distributions only; the unbiased one scatters about 0 there. Symmetric in its arguments to rounding.
 *
 * @param a  n × d
 * @param b  m × d
 * @param options  kernel ('rbf'), sigma ('median') or sigmas, estimator ('unbiased'); of polynomials degree (3),
 *                 gamma (1/d), coef0 (1)
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Gretton et al. 2012, jmlr.org/papers/v13/gretton12a.html
 * @example
 * import { mmd } from 'gan-metrics/metrics';
 *
 * // Of two points at distance 1: 2 − 2 exp(−½).
 * console.log(mmd([[0]], [[1]], { sigma: 1, estimator: 'biased' }).value); // 0.786939
 * console.log(mmd([[0], [1]], [[1], [0]], { sigma: 1, estimator: 'biased' }).value); // 0
 */
export function mmd(a: MatrixLike, b: MatrixLike, options: MmdOptions = {}): Mmd {
  return compute(mmdComputation(a, b, options), defaultProduct);
}

/**
 * {@link mmd} for a caller that has a fast matrix product.
 *
 * @example
 * import { mmdComputation, type Matrix } from 'gan-metrics/metrics';
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
 * const [first, second] = [[[0], [1], [2], [3]], [[5], [6], [7], [8]]];
 * const computation = mmdComputation(first, second, { sigma: 1 });
 * let step = computation.next();
 * while (!step.done) step = computation.next(product(step.value));
 * console.log(step.value.value); // 0.680635
 */
export function* mmdComputation(a: MatrixLike, b: MatrixLike, options: MmdOptions = {}): Computation<Mmd> {
  const { estimator = 'unbiased' } = options;
  if (estimator !== 'unbiased' && estimator !== 'biased') {
    throw invalidOption('estimator', "'unbiased' or 'biased'", estimator);
  }
  const [x, y] = checkedPair(a, b, estimator === 'biased' ? 1 : 2);
  const kernel = settleKernel(options, x, y);
  const evaluation = evaluateKernel(kernel, { center: commonCenter(x, y), precision: 'float64' });
  const sums = yield* sumGram({ x: allRows(x), y: allRows(y) }, evaluation);
  const samples = [x.rows, y.rows] as const;
  const value = estimator === 'biased' ? Math.max(biasedMmd(sums), 0) : unbiasedMmd(sums);
  const variance = mmdVariance(sums);
  if (!variance) return { ...kernel, value, estimator, samples };
  const standardError = Math.sqrt(varianceOfMmd(variance, ...samples));
  return { ...kernel, value, standardError, estimator, samples };
}

export function checkedPair(a: MatrixLike, b: MatrixLike, fewest: number): [Matrix, Matrix] {
  const [x, y] = [toMatrix(a, 'the first set'), toMatrix(b, 'the second set')];
  if (x.columns !== y.columns) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${x.columns} columns in the second set, as in the first, but received ${y.columns}.`,
      { details: { columns: [x.columns, y.columns] } },
    );
  }
  if (Math.min(x.rows, y.rows) < fewest) {
    throw new GanMetricsError(
      'TOO_FEW_SAMPLES',
      `Expected at least ${fewest} rows in each set but received ${x.rows} and ${y.rows}.`,
      { details: { rows: [x.rows, y.rows], minimum: fewest } },
    );
  }
  requireFiniteRows(x, 'the first set');
  requireFiniteRows(y, 'the second set');
  return [x, y];
}

export function settleKernel(options: MmdOptions, x: Matrix, y: Matrix): MmdKernel {
  const { kernel = 'rbf', degree = 3, gamma = 1 / x.columns, coef0 = 1 } = options;
  if (kernel !== 'rbf' && kernel !== 'polynomial') {
    throw invalidOption('kernel', "'rbf' or 'polynomial'", kernel);
  }
  const foreign = kernel === 'rbf' ? (['degree', 'gamma', 'coef0'] as const) : (['sigma', 'sigmas'] as const);
  const given = foreign.find((name) => options[name] !== undefined);
  if (given) throw invalidOption(given, `nothing with kernel '${kernel}'`, options[given]);
  const settled: MmdKernel =
    kernel === 'rbf' ? { kernel, sigmas: bandwidths(options, x, y) } : { kernel, degree, gamma, coef0 };
  requireKernel(settled);
  return settled;
}

function bandwidths({ sigma, sigmas }: MmdOptions, x: Matrix, y: Matrix): readonly number[] {
  if (sigmas !== undefined) {
    if (sigma !== undefined) throw invalidOption('sigma', 'nothing beside sigmas', sigma);
    return sigmas;
  }
  return [sigma === undefined || sigma === 'median' ? medianDistance(x, y) : sigma];
}

/** Rows of either set that the median distance is taken of: 130 000 pairs. */
const MEDIAN_ROWS = 256;

/**
 * The median distance between rows of the two sets put together, the usual bandwidth of an rbf kernel; of a set with
 * more than 256 rows, of 256 that are drawn with a fixed seed.
 *
 * @throws INVALID_OPTION where it is 0: more than half of all pairs are of equal rows
 * @see Gretton et al. 2012, section 8
 * @example
 * import { medianDistance } from 'gan-metrics/metrics';
 *
 * const x = { rows: 2, columns: 1, data: Float64Array.of(0, 1) };
 * const y = { rows: 2, columns: 1, data: Float64Array.of(2, 3) };
 * // Six pairs: 1, 1, 1, 2, 2, 3.
 * console.log(medianDistance(x, y)); // 1.5
 */
export function medianDistance(x: Matrix, y: Matrix): number {
  const rows = [x, y].flatMap(({ rows: n, columns: d, data }, seed) => {
    const chosen = sampleIndices(n, { count: Math.min(n, MEDIAN_ROWS), seed });
    return chosen.map((i) => data.subarray(i * d, (i + 1) * d));
  });
  const distances = new Float64Array((rows.length * (rows.length - 1)) / 2);
  let k = 0;
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) distances[k++] = squaredDistance(rows[i], rows[j]);
  }
  distances.sort();
  const middle = distances.length >> 1;
  const median =
    distances.length % 2 === 1
      ? Math.sqrt(distances[middle])
      : (Math.sqrt(distances[middle - 1]) + Math.sqrt(distances[middle])) / 2;
  if (median > 0) return median;
  throw invalidOption('sigma', 'a number, as more than half of all pairs of rows are equal,', 'median');
}

function squaredDistance(x: Matrix['data'], y: Matrix['data']): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += (x[j] - y[j]) ** 2;
  return sum;
}
