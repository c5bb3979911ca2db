import { featureFactor } from '../math/factors';
import { type MatrixLike, toMatrix } from '../math/matrix';
import { featureStatistics, requireFiniteRows, requireSamples } from '../math/statistics';
import {
  distanceOfGaussians,
  distanceOfStatistics,
  type FrechetDistance,
  type Gaussian,
  trace,
} from './frechet-distance';
import { defineMetric } from './metric';

/**
 * Fréchet distance between two sets of features: FID when they are pool_3 features of the 2015
 * InceptionV3, and FD for any other network.
 * Lower is better. Range: [0, ∞). Biased upwards for few samples (the paper asks for 10 000 and more);
 * blind to everything the features ignore, and to all but their first two moments.
 *
 * @param real       features of real images, n × d, n ≥ 2
 * @param generated  features of generated images, m × d, m ≥ 2
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES
 * @see Heusel et al. 2017, arXiv:1706.08500
 */
export function fid(real: MatrixLike, generated: MatrixLike): FrechetDistance {
  return distanceOfGaussians(gaussianOf(real, 'real'), gaussianOf(generated, 'generated'));
}

/** With no more samples than dimensions the features themselves are the smaller factor of the covariance. */
function gaussianOf(features: MatrixLike, name: string): Gaussian {
  const matrix = toMatrix(features, name);
  const { rows: n, columns: d, data } = matrix;
  if (n > d) {
    const { count, mu, sigma } = featureStatistics(matrix, { name });
    return { count, mu, trace: trace(sigma), covariance: { sigma, name: `the covariance of ${name}` } };
  }
  requireFiniteRows(matrix, name);
  requireSamples(n, name);
  const mu = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mu[j] += data[i * d + j] / n;
  const factor = featureFactor(matrix, mu);
  const squares = factor.data.reduce((sum, value) => sum + value * value, 0);
  return { count: n, mu, trace: squares, covariance: { factor } };
}

export const fidMetric = defineMetric({
  id: 'fid',
  name: 'Fréchet inception distance',
  needs: ['statistics'],
  sides: 'both',
  values: { value: { better: 'lower', range: [0, Number.POSITIVE_INFINITY] } },
  advised: 10_000,
  blindTo: 'all but the first two moments of the features; copies of the training set',
  source: 'Heusel et al. 2017, arXiv:1706.08500',
  compute: ({ real, generated }): FrechetDistance =>
    distanceOfStatistics(real.statistics, generated.statistics, ['real', 'generated']),
});
