import type { MatrixLike } from '../math/matrix';
import { featureStatistics } from '../math/statistics';
import { distanceOfStatistics, type FrechetDistance } from './frechet-distance';
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
  return distanceOfStatistics(
    featureStatistics(real, { name: 'real' }),
    featureStatistics(generated, { name: 'generated' }),
  );
}

export const fidMetric = defineMetric({
  id: 'fid',
  needs: 'statistics',
  better: 'lower',
  range: [0, Number.POSITIVE_INFINITY],
  compute: ({ real, generated }): FrechetDistance => distanceOfStatistics(real, generated),
});
