import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { closePairs } from '../math/neighbors/close-pairs';
import { NearestLists } from '../math/neighbors/nearest';
import { openSpace } from '../math/neighbors/space';
import { DIRECTED, toSamplePair } from './divergence/sample-pair';
import { featuresOf, type RealAndGenerated } from './manifold/neighbors';
import { defineMetric } from './metric';
import { differentSizes } from './sample-size';
import type { Warning } from './warning';

/** How well a sample's nearest neighbor tells whether it is real. Plain data. */
export interface OneNearestNeighbor {
  /** Over all samples; 0.5 is ideal. */
  readonly accuracy: number;
  /** Of real samples, the share whose nearest neighbor is real. */
  readonly accuracyReal: number;
  /** Of generated samples, the share whose nearest neighbor is generated. */
  readonly accuracyGenerated: number;
  /** |accuracy − 0.5|, what is to be small. */
  readonly distanceFromHalf: number;
  readonly n: { readonly real: number; readonly generated: number };
  readonly warnings: readonly Warning[];
}

/**
 * Leave-one-out accuracy of the one-nearest-neighbor classifier of real against generated samples.
 * Nearest to 0.5 is best. Range: [0, 1]; towards 1 the sets come apart, towards 0 generated samples are copies of
 * real ones. `accuracyReal` low and `accuracyGenerated` high is mode collapse. Of equally near neighbors the first
 * counts, real before generated.
 *
 * @param samples  features, n × d and m × d, of equal size where the ideal is to be 0.5
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES
 * @see Lopez-Paz, Oquab 2017, arXiv:1610.06545; Xu et al. 2018, arXiv:1806.07755
 */
export function oneNearestNeighbor(samples: RealAndGenerated): OneNearestNeighbor {
  return compute(oneNearestNeighborComputation(samples), defaultProduct);
}

/** {@link oneNearestNeighbor}, with its products left to the caller. */
export function* oneNearestNeighborComputation(samples: RealAndGenerated): Computation<OneNearestNeighbor> {
  const pair = toSamplePair(samples.real, samples.generated, { least: 2, names: DIRECTED });
  const { space, points } = openSpace(pair);
  const [x, y] = points;
  const [n, m] = [x.size, y.size];
  const at = (index: number) => (index < n ? ([x, index] as const) : ([y, index - n] as const));
  const lists = new NearestLists(n + m, { count: 1, exact: (i, j) => space.exact(...at(i), ...at(j)) });
  const sides = [
    { points: x, limits: lists.limits.subarray(0, n), first: 0 },
    { points: y, limits: lists.limits.subarray(n), first: n },
  ];
  // In this order every sample meets the others in theirs: real ones first.
  for (const [rows, columns] of [
    [sides[0], sides[0]],
    [sides[0], sides[1]],
    [sides[1], sides[1]],
  ]) {
    yield* closePairs(space, {
      rows,
      columns,
      visit: (i, j, lower, upper) => {
        lists.offer(rows.first + i, columns.first + j, lower, upper);
        lists.offer(columns.first + j, rows.first + i, lower, upper);
      },
    });
  }
  const { indices } = lists.finish();
  let [hitsReal, hitsGenerated] = [0, 0];
  for (let i = 0; i < n; i++) if (indices[i] < n) hitsReal++;
  for (let j = n; j < n + m; j++) if (indices[j] >= n) hitsGenerated++;
  const accuracy = (hitsReal + hitsGenerated) / (n + m);
  return {
    accuracy,
    accuracyReal: hitsReal / n,
    accuracyGenerated: hitsGenerated / m,
    distanceFromHalf: Math.abs(accuracy - 0.5),
    n: { real: n, generated: m },
    warnings: differentSizes({ real: n, generated: m }),
  };
}

export const oneNearestNeighborMetric = defineMetric({
  id: 'one-nn',
  name: 'One-nearest-neighbor accuracy',
  needs: ['features'],
  sides: 'both',
  // Of the accuracies themselves neither lower nor higher is better.
  values: { distanceFromHalf: { better: 'lower', range: [0, 0.5] } },
  advised: 2000,
  blindTo: 'the size of a difference once the sets come apart; what the features ignore',
  source: 'Lopez-Paz, Oquab 2017, arXiv:1610.06545',
  compute: (samples) => oneNearestNeighbor(featuresOf(samples)),
  computation: (samples) => oneNearestNeighborComputation(featuresOf(samples)),
});
