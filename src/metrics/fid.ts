import { atOnce } from '../math/computation';
import type { ThreadOptions } from '../math/kernels/with-kernels';
import type { MatrixLike } from '../math/matrix';
import { pairedDifference } from './difference';
import { collectedSet, featureGaussian } from './fid-gaussian';
import { influenceOf } from './fid-influence';
import { differenceIsOf, intervalFacts, intervalOf } from './fid-interval';
import { distanceOfGaussians, distanceOfStatistics, type FrechetDistance } from './frechet-distance';
import { defineMetric, type Estimates, type Samples } from './metric';

/**
 * Fréchet distance between two sets of features: FID when they are pool_3 features of the 2015
 * InceptionV3, and FD for any other network.
 * Lower is better. Range: [0, ∞). Biased upwards for few samples (the paper asks for 10 000 and more);
 * blind to everything the features ignore, and to all but their first two moments.
 *
 * @param real       features of real images, n × d, n ≥ 2
 * @param generated  features of generated images, m × d, m ≥ 2
 * @param options    threads: by default all of the machine's where that is faster, 1 for this one alone. They
 *                   move no bit of the result
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES
 * @see Heusel et al. 2017, arXiv:1706.08500
 * @example
 * import { fid } from 'gan-metrics/metrics';
 *
 * const real = [[0, 0], [2, 0], [0, 2], [2, 2]];
 * const generated = real.map(([x, y]) => [x + 3, y + 4]);
 * console.log(fid(real, generated).value); // 25
 * fid(real, [[0, 0]]); // throws TOO_FEW_SAMPLES
 */
export function fid(real: MatrixLike, generated: MatrixLike, options: ThreadOptions = {}): FrechetDistance {
  return distanceOfGaussians(
    featureGaussian(real, 'real', options),
    featureGaussian(generated, 'generated', options),
    options,
  );
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
  interval: {
    needs: ['features'],
    compute: ({ real, generated }, { confidence }) => ({
      value: intervalOf(
        {
          real: collectedSet(real, 'real'),
          generated: collectedSet(generated, 'generated'),
        },
        { confidence },
      ),
    }),
  },
  difference: pairedDifference({
    needs: ['features'],
    options: [],
    dependsOnSize: true,
    estimate: (samples) => atOnce(() => estimate(samples)),
    of: (_, n) => differenceIsOf(n),
  }),
});

function estimate(samples: Samples<'statistics' | 'features'>): Estimates {
  const real = collectedSet(samples.real, 'real');
  const generated = collectedSet(samples.generated, 'generated');
  const { value, warnings } = distanceOfGaussians(real.gaussian, generated.gaussian);
  const influence = influenceOf({ real, generated });
  return {
    n: { real: real.features?.rows ?? null, generated: generated.features.rows },
    numbers: { value: { value, influence, interval: intervalFacts({ real, generated }) } },
    warnings,
  };
}
