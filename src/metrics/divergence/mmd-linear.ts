import type { MatrixLike } from '../../math/matrix';
import { normalTail } from '../../math/normal';
import { checkedPair, type MmdOptions, settleKernel } from '../mmd';
import { commonCenter, evaluateKernel, type MmdKernel } from '../mmd-kernel';

export type MmdLinear = MmdKernel & {
  /** Squared. */
  readonly value: number;
  readonly standardError: number;
  /** Of the one-sided test of equality, by the normal limit of the mean. */
  readonly pValue: number;
  /** Pairs of rows that were compared: half the smaller set. */
  readonly pairs: number;
};

/** So many pairs at once. */
const BLOCK = 512;

/**
 * Squared MMD in linear time: the mean over disjoint pairs of h = k(x, x′) + k(y, y′) − k(x, y′) − k(x′, y).
 * Lower is more alike. Range: all reals; unbiased, so it scatters about 0 where the distributions are equal, and far
 * wider than `mmd`: take it where n² is out of reach. Rows are paired as they lie (1 with 2, 3 with 4 …) and must be
 * in random order; surplus rows of the larger set are left out. The terms are independent, which gives the
 * standard error and, for a hundred pairs and more, the p-value.
 *
 * @param a, b     n × d and m × d, 4 rows each or more
 * @param options  kernel, sigma or sigmas, degree, gamma, coef0 as of `mmd`
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Gretton et al. 2012, section 6, jmlr.org/papers/v13/gretton12a.html
 * @example
 * import { mmdLinear, sampleMixture } from 'gan-metrics/metrics';
 *
 * const normal = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean]], sigma: 1 }, { count: 2000, seed }).samples;
 * const { pairs, pValue } = mmdLinear(normal(0, 1), normal(1, 2));
 * console.log(pairs, pValue < 0.001); // 1000 true
 */
export function mmdLinear(
  a: MatrixLike,
  b: MatrixLike,
  options: Omit<MmdOptions, 'estimator'> = {},
): MmdLinear {
  const [x, y] = checkedPair(a, b, 4);
  const kernel = settleKernel(options, x, y);
  const evaluation = evaluateKernel(kernel, { center: commonCenter(x, y), precision: 'float64' });
  const pairs = Math.floor(Math.min(x.rows, y.rows) / 2);
  const terms = new Float64Array(pairs);
  for (let start = 0; start < pairs; start += BLOCK) {
    const count = Math.min(BLOCK, pairs - start);
    const every = (shift: number) => Uint32Array.from({ length: count }, (_, i) => 2 * (start + i) + shift);
    const [x0, x1] = [0, 1].map((shift) => evaluation.rows(x, every(shift)));
    const [y0, y1] = [0, 1].map((shift) => evaluation.rows(y, every(shift)));
    const kernelOf = (p: typeof x0, q: typeof x0) => rowByRow(evaluation, p, q);
    const [xx, yy, xy, yx] = [kernelOf(x0, x1), kernelOf(y0, y1), kernelOf(x0, y1), kernelOf(x1, y0)];
    for (let i = 0; i < count; i++) terms[start + i] = xx[i] + yy[i] - xy[i] - yx[i];
  }
  const value = terms.reduce((sum, term) => sum + term, 0) / pairs;
  const variance = terms.reduce((sum, term) => sum + (term - value) ** 2, 0) / (pairs - 1);
  const standardError = Math.sqrt(variance / pairs);
  return {
    ...kernel,
    value,
    standardError,
    pValue: standardError > 0 ? normalTail(value / standardError) : value > 0 ? 0 : 1,
    pairs,
  };
}

/** k(pᵢ, qᵢ) for every i. */
function rowByRow(
  evaluation: ReturnType<typeof evaluateKernel>,
  p: ReturnType<typeof evaluation.rows>,
  q: ReturnType<typeof evaluation.rows>,
): Float64Array {
  const { rows, columns: d } = p.matrix;
  const values = new Float64Array(rows);
  const products = new Float64Array(rows);
  for (let k = 0; k < rows * d; k++) products[Math.floor(k / d)] += p.matrix.data[k] * q.matrix.data[k];
  for (let i = 0; i < rows; i++) {
    const where = { start: i, count: 1, offset: p.offsets[i], offsets: q.offsets, first: i };
    evaluation.apply(values.subarray(i, i + 1), products, where);
  }
  return values;
}
