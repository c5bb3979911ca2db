import { collectedSet, type SampledFidSet } from './fid-gaussian';
import { intervalOf } from './fid-interval';
import { distanceOfStatistics, type FrechetDistance } from './frechet-distance';
import { defineMetric, type Sample } from './metric';

/**
 * sFID: the Fréchet distance on features that still know where in the image things are, the first 7 channels of
 * the 1 × 1 branch of InceptionV3's mixed_6 at 17 × 17 places, 2023 in all. What is out of place costs it more
 * than FID, whose features are averaged over the image.
 *
 * @see Nash et al. 2021, arXiv:2103.03841; the layer: openai/guided-diffusion, evaluations/evaluator.py
 */
export const sfidMetric = defineMetric({
  id: 'sfid',
  name: 'Spatial Fréchet inception distance',
  needs: ['spatialStatistics'],
  sides: 'both',
  values: { value: { better: 'lower', range: [0, Number.POSITIVE_INFINITY] } },
  advised: 10_000,
  blindTo: 'all but the first two moments of the features; copies of the training set',
  source: 'Nash et al. 2021, arXiv:2103.03841',
  compute: ({ real, generated }): FrechetDistance =>
    distanceOfStatistics(real.spatialStatistics, generated.spatialStatistics, ['real', 'generated']),
  interval: {
    needs: ['spatialFeatures'],
    compute: ({ real, generated }, { confidence }) => ({
      value: intervalOf(
        { real: spatialSet(real, 'real'), generated: spatialSet(generated, 'generated') },
        { confidence },
      ),
    }),
  },
});

function spatialSet({ spatialStatistics, spatialFeatures }: Sample, name: string): SampledFidSet {
  return collectedSet({ statistics: spatialStatistics, features: spatialFeatures }, name);
}
