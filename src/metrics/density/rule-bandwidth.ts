import { GanMetricsError, invalidOption } from '../../errors';
import type { Matrix } from '../../math/matrix';
import { requireSamples } from '../../math/statistics';
import { effectiveCount, improvedSheatherJones } from './improved-sheather-jones';
import type { Window } from './windows';

/** Scott's factor, n^(−1 / (d + 4)): what scipy and scikit-learn call so. */
export function scottFactor(n: number, d: number): number {
  return n ** (-1 / (d + 4));
}

/** Silverman's factor, (n (d + 2) / 4)^(−1 / (d + 4)). */
export function silvermanFactor(n: number, d: number): number {
  return ((n * (d + 2)) / 4) ** (-1 / (d + 4));
}

/**
 * A bandwidth by a rule: for Scott's and Silverman's the factor times the root of the mean variance of the columns;
 * by isj one number for each of one or two columns. For windows other than the Gaussian it is the one at which they
 * have the same standard deviation.
 *
 * @throws TOO_FEW_SAMPLES where samples do not differ, INVALID_OPTION for isj in more than two dimensions
 */
export function ruleBandwidth(
  samples: Matrix,
  rule: 'scott' | 'silverman' | 'isj',
  { window, weights }: { window: Window; weights?: Float64Array | undefined },
): number | number[] {
  const d = samples.columns;
  const width = 1 / Math.sqrt(window.variance(d));
  if (rule === 'isj') {
    if (d > 2) throw invalidOption('columns of isj', 'one or two', d);
    const bandwidths = improvedSheatherJones(samples, weights).map((h) => h * width);
    return d === 1 ? bandwidths[0] : bandwidths;
  }
  const n = weights ? effectiveCount(weights) : samples.rows;
  const variances = columnVariances(samples, weights);
  const mean = variances.reduce((sum, variance) => sum + variance, 0) / d;
  if (mean > 0) return (rule === 'scott' ? scottFactor : silvermanFactor)(n, d) * Math.sqrt(mean) * width;
  throw new GanMetricsError(
    'TOO_FEW_SAMPLES',
    'Expected samples that differ but all are alike: no rule gives them a bandwidth.',
  );
}

/**
 * Variance of every column, over n − 1 (with weights, over the sum less the sum of squares by the sum, as
 * numpy.cov with aweights).
 *
 * @throws TOO_FEW_SAMPLES for fewer than two rows
 */
export function columnVariances({ rows: n, columns: d, data }: Matrix, weights?: Float64Array): Float64Array {
  requireSamples(n, 'samples');
  const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : n;
  const count = weights ? effectiveCount(weights) : n;
  const means = new Float64Array(d);
  const variances = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const share = (weights ? weights[i] : 1) / total;
    for (let k = 0; k < d; k++) means[k] += data[i * d + k] * share;
  }
  for (let i = 0; i < n; i++) {
    const share = (weights ? weights[i] : 1) / total;
    for (let k = 0; k < d; k++) variances[k] += (data[i * d + k] - means[k]) ** 2 * share;
  }
  // 1 / (1 − Σw² / (Σw)²) is n / (n − 1) without weights.
  for (let k = 0; k < d; k++) variances[k] *= count / (count - 1);
  return variances;
}
