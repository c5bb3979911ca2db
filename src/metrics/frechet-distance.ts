import { GanMetricsError } from '../errors';
import type { ThreadOptions } from '../math/kernels/with-kernels';
import type { Matrix } from '../math/matrix';
import { type Covariance, rootTrace } from '../math/root-trace';
import { type Statistics, type StatisticsLike, toStatistics } from '../math/statistics';
import type { Warning } from './warning';

export interface FrechetDistance {
  /** ‖μ_a − μ_b‖² + tr(Σ_a) + tr(Σ_b) − 2 tr((Σ_a Σ_b)^½); at least 0, in squared feature units. */
  readonly value: number;
  /** ‖μ_a − μ_b‖² */
  readonly meanTerm: number;
  /** The rest: what the covariances contribute. */
  readonly covarianceTerm: number;
  readonly dimensions: number;
  readonly warnings: readonly Warning[];
}

/**
 * Squared Fréchet (2-Wasserstein) distance between two Gaussians given by mean and covariance: FID,
 * when the features are those of the 2015 InceptionV3.
 * Lower is better. Range: [0, ∞); 0 only for equal statistics. Symmetric in its arguments to rounding.
 *
 * With Σ_a = UᵀU the trace of the root is the sum of the roots of the eigenvalues of U Σ_b Uᵀ: one symmetric
 * problem, never complex, and no ε is added to singular covariances.
 *
 * @param a        statistics of one set: `count`, `mu` (d), `sigma` (d × d)
 * @param b        statistics of the other, of the same d
 * @param options  threads: by default all of the machine's where that is faster, 1 for this one alone. They move
 *                 no bit of the result
 * @throws SHAPE_MISMATCH, NOT_FINITE, NOT_COVARIANCE, TOO_FEW_SAMPLES
 * @see Heusel et al. 2017, arXiv:1706.08500; Dowson, Landau 1982
 * @example
 * import { frechetDistance } from 'gan-metrics/metrics';
 *
 * const normal = (mean: number, variance: number) => ({ mu: [mean], sigma: [[variance]] });
 * console.log(frechetDistance(normal(0, 1), normal(1, 1)).value); // 1
 * // Standard deviations 1 and 3: (3 − 1)².
 * console.log(frechetDistance(normal(0, 1), normal(0, 9)).value); // 4
 * frechetDistance(normal(0, 1), { mu: [0, 0], sigma: [[1, 0], [0, 1]] }); // throws SHAPE_MISMATCH
 */
export function frechetDistance(
  a: StatisticsLike,
  b: StatisticsLike,
  options: ThreadOptions = {},
): FrechetDistance {
  return distanceOfStatistics(toStatistics(a, NAMES[0]), toStatistics(b, NAMES[1]), NAMES, options);
}

const NAMES = ['the first statistics', 'the second statistics'] as const;

/** {@link frechetDistance} of statistics that are known to be sound; `names` are what an error calls them. */
export function distanceOfStatistics(
  a: Statistics,
  b: Statistics,
  names: readonly [string, string] = NAMES,
  options: ThreadOptions = {},
): FrechetDistance {
  const [x, y] = [a, b].map(({ count, mu, sigma }, i) => ({
    count,
    mu,
    trace: trace(sigma),
    covariance: { sigma, name: `sigma of ${names[i]}` },
  }));
  return distanceOfGaussians(x, y, options);
}

/** What the distance needs of one set. */
export interface Gaussian {
  /** null where it is not known. */
  readonly count: number | null;
  readonly mu: Float64Array;
  readonly trace: number;
  readonly covariance: Covariance;
}

/** {@link frechetDistance} of Gaussians whose covariances are known as matrices or by their factors. */
export function distanceOfGaussians(a: Gaussian, b: Gaussian, options: ThreadOptions = {}): FrechetDistance {
  const d = a.mu.length;
  requireSameDimensions(d, b.mu.length);
  const meanTerm = squaredDistance(a.mu, b.mu);
  const traces = a.trace + b.trace;
  const difference = traces - 2 * rootTrace(a.covariance, b.covariance, options);
  // The difference of the traces carries their rounding; what is below it is no distance.
  const rounding = traces * d * Number.EPSILON;
  const covarianceTerm = Math.max(difference, 0);
  const warnings = sampleWarnings(a, b, d);
  if (meanTerm + covarianceTerm <= rounding && meanTerm + covarianceTerm > 0) {
    warnings.push({
      code: 'DISTANCE_IS_ROUNDING',
      message: `The distance is no larger than the rounding of its terms (${rounding.toExponential(1)}): read it as 0.`,
    });
  }
  return { value: meanTerm + covarianceTerm, meanTerm, covarianceTerm, dimensions: d, warnings };
}

/** @throws SHAPE_MISMATCH */
export function requireSameDimensions(...dimensions: [number, number]): void {
  if (dimensions[0] === dimensions[1]) return;
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `Expected statistics of equally many dimensions but received ${dimensions.join(' and ')}: were they made by different models?`,
    { details: { dimensions } },
  );
}

function sampleWarnings(a: Gaussian, b: Gaussian, d: number): Warning[] {
  const warnings: Warning[] = [];
  const counts = [a.count, b.count].filter((count) => count !== null);
  if (counts.length < 2) {
    warnings.push({
      code: 'COUNT_UNKNOWN',
      message:
        'It is not known how many samples made these statistics: if they were few, the value is biased upwards, and ' +
        'it is comparable only with values from equally many.',
    });
  }
  const fewest = Math.min(...counts);
  if (fewest <= d) {
    warnings.push({
      code: 'FEWER_SAMPLES_THAN_DIMENSIONS',
      message:
        `${fewest} samples cannot determine a covariance in ${d} dimensions: the value is strongly biased upwards ` +
        'and comparable only with values from equally many samples. Use more samples, or KID, which is unbiased.',
    });
  }
  return warnings;
}

function squaredDistance(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) ** 2;
  return sum;
}

/** The sum of the diagonal. */
export function trace({ rows: d, data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < d; i++) sum += data[i * d + i];
  return sum;
}
