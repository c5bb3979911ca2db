import { featureFactor } from '../math/factors';
import type { ThreadOptions } from '../math/kernels/with-kernels';
import { type Matrix, type MatrixLike, toMatrix } from '../math/matrix';
import {
  featureStatistics,
  requireFiniteRows,
  requireSamples,
  type Statistics,
  type StatisticsLike,
  toStatistics,
} from '../math/statistics';
import { type Gaussian, trace } from './frechet-distance';

/** A set as the distance sees it, and its samples where they are known. */
export interface FidSet {
  readonly gaussian: Gaussian;
  readonly features?: Matrix;
}

export type SampledFidSet = FidSet & { readonly features: Matrix };

/** A set given by features, n × d, or by statistics: a fixed reference. */
export type FidSetLike = MatrixLike | StatisticsLike;

/** @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, NOT_COVARIANCE */
export function toFidSet(value: FidSetLike, name: string): FidSet {
  if ('mu' in value) return { gaussian: statisticsGaussian(toStatistics(value, name), `sigma of ${name}`) };
  return sampledFidSet(value, name);
}

/** @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES */
export function sampledFidSet(value: MatrixLike, name: string): SampledFidSet {
  const features = toMatrix(value, name);
  return { gaussian: featureGaussian(features, name), features };
}

/** What a pass has made of one network output: statistics, and rows where they were kept. */
export function collectedSet(
  { statistics, features }: { readonly statistics: Statistics; readonly features: Matrix },
  name: string,
): SampledFidSet {
  return { gaussian: statisticsGaussian(statistics, `sigma of ${name}`), features };
}

export function statisticsGaussian({ count, mu, sigma }: Statistics, name: string): Gaussian {
  return { count, mu, trace: trace(sigma), covariance: { sigma, name } };
}

/** With no more samples than dimensions the features themselves are the smaller factor of the covariance. */
export function featureGaussian(features: MatrixLike, name: string, options: ThreadOptions = {}): Gaussian {
  const matrix = toMatrix(features, name);
  const { rows: n, columns: d, data } = matrix;
  if (n > d)
    return statisticsGaussian(featureStatistics(matrix, { name, ...options }), `the covariance of ${name}`);
  requireFiniteRows(matrix, name);
  requireSamples(n, name);
  const mu = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mu[j] += data[i * d + j] / n;
  const factor = featureFactor(matrix, mu);
  const squares = factor.data.reduce((sum, value) => sum + value * value, 0);
  return { count: n, mu, trace: squares, covariance: { factor } };
}
