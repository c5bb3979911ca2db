import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { closePairs } from '../math/neighbors/close-pairs';
import { distancesOfRank, NearestLists } from '../math/neighbors/nearest';
import { openSpace } from '../math/neighbors/space';
import { featuresOf, type RealAndGenerated, toNeighborSets } from './manifold/neighbors';
import { defineMetric } from './metric';
import type { Warning } from './warning';

/** How many generated samples are not closer to a training sample than others of its kind are. Plain data. */
export interface Authenticity {
  /** Percent of generated samples that are authentic. */
  readonly value: number;
  readonly n: { readonly real: number; readonly generated: number };
  readonly warnings: readonly Warning[];
}

/**
 * AuthPct: the percentage of generated samples that are farther from their nearest training sample than that one
 * is from its own nearest training sample. Low values mean copies.
 * Higher is better. Range: [0, 100]; about 50 for fresh samples of the training distribution. Bad samples, far
 * from everything, are authentic too: read it beside a metric of fidelity.
 *
 * @param samples  features: real, n × d, those that the generator was trained on; generated, m × d
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES
 * @see Alaa et al. 2022, arXiv:2102.08921; Stein et al. 2023, arXiv:2306.04675
 */
export function authenticity(samples: RealAndGenerated): Authenticity {
  return compute(authenticityComputation(samples), defaultProduct);
}

/** {@link authenticity}, with its products left to the caller. */
export function* authenticityComputation(samples: RealAndGenerated): Computation<Authenticity> {
  const { real, generated } = toNeighborSets(samples, 1);
  const { space, points } = openSpace([real, generated] as const);
  const [x, y] = points;
  const own = yield* distancesOfRank(space, x, 1);
  const lists = new NearestLists(y.size, { count: 1, exact: (j, i) => space.exact(x, i, y, j) });
  yield* closePairs(space, {
    rows: { points: x, limits: new Float64Array(x.size).fill(-1) },
    columns: { points: y, limits: lists.limits },
    visit: (i, j, lower, upper) => lists.offer(j, i, lower, upper),
  });
  const { distances, indices } = lists.finish();
  const authentic = distances.reduce((sum, distance, j) => sum + (own[indices[j]] < distance ? 1 : 0), 0);
  return { value: (100 * authentic) / y.size, n: { real: x.size, generated: y.size }, warnings: [] };
}

export const authenticityMetric = defineMetric({
  id: 'authpct',
  name: 'Authenticity (AuthPct)',
  needs: ['features'],
  sides: 'both',
  values: { value: { better: 'higher', range: [0, 100] } },
  advised: 10_000,
  blindTo: 'quality: samples far from everything real are authentic',
  source: 'Alaa et al. 2022, arXiv:2102.08921',
  compute: (samples) => authenticity(featuresOf(samples)),
  computation: (samples) => authenticityComputation(featuresOf(samples)),
});
