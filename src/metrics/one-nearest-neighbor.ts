import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { closePairs } from '../math/neighbors/close-pairs';
import { NearestLists, type Neighbors } from '../math/neighbors/nearest';
import { openSpace } from '../math/neighbors/space';
import { DIRECTED, toSamplePair } from './divergence/sample-pair';
import type { Interval } from './interval';
import { dealGroups, type JackknifeOptions, jackknifeInterval, sizesInWords } from './jackknife-interval';
import { nearestWithout, SPARE_NEAREST } from './manifold/nearest-without';
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
  /** Where confidence was given. */
  readonly intervals?: Readonly<Record<OneNearestNeighborValue, Interval>>;
  readonly warnings: readonly Warning[];
}

export type OneNearestNeighborValue = 'accuracy' | 'accuracyReal' | 'accuracyGenerated' | 'distanceFromHalf';

/**
 * Leave-one-out accuracy of the one-nearest-neighbor classifier of real against generated samples.
 * Nearest to 0.5 is best. Range: [0, 1]; towards 1 the sets come apart, towards 0 generated samples are copies of
 * real ones. `accuracyReal` low and `accuracyGenerated` high is mode collapse. Of equally near neighbors the first
 * counts, real before generated.
 *
 * @param samples  features, n × d and m × d, of equal size where the ideal is to be 0.5
 * @param options  confidence, which adds intervals by a jackknife of groups (10) with seed (0)
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Lopez-Paz, Oquab 2017, arXiv:1610.06545; Xu et al. 2018, arXiv:1806.07755
 * @example
 * import { oneNearestNeighbor } from 'gan-metrics/metrics';
 *
 * const real = [[0], [1], [2], [3]];
 * // Apart: every neighbor is of one's own kind. Copies: none is.
 * console.log(oneNearestNeighbor({ real, generated: [[50], [51], [52], [53]] }).accuracy); // 1
 * console.log(oneNearestNeighbor({ real, generated: [[0], [1], [2], [3]] }).accuracy); // 0
 */
export function oneNearestNeighbor(
  samples: RealAndGenerated,
  options: JackknifeOptions = {},
): OneNearestNeighbor {
  return compute(oneNearestNeighborComputation(samples, options), defaultProduct);
}

/** {@link oneNearestNeighbor}, with its products left to the caller. */
export function* oneNearestNeighborComputation(
  samples: RealAndGenerated,
  { confidence, groups, seed }: JackknifeOptions = {},
): Computation<OneNearestNeighbor> {
  const pair = toSamplePair(samples.real, samples.generated, { least: 2, names: DIRECTED });
  const { space, points } = openSpace(pair);
  const [x, y] = points;
  const [n, m] = [x.size, y.size];
  const sizes = { real: n, generated: m };
  const dealt = confidence === undefined ? undefined : dealGroups(sizes, { least: 2, groups, seed });
  const at = (index: number) => (index < n ? ([x, index] as const) : ([y, index - n] as const));
  const exact = (i: number, j: number) => space.exact(...at(i), ...at(j));
  const count = dealt ? Math.min(n + m - 1, 1 + SPARE_NEAREST) : 1;
  const lists = new NearestLists(n + m, { count, exact });
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
  const nearest = lists.finish();
  const result = { ...accuraciesOf(nearest, { sizes, exact }), n: sizes, warnings: differentSizes(sizes) };
  if (confidence === undefined || !dealt) return result;
  // Groups of real samples, then those of generated ones.
  const groupOf = Uint8Array.from([...dealt.real.of, ...dealt.generated.of.map((g) => g + dealt.real.count)]);
  const without = Array.from({ length: dealt.real.count + dealt.generated.count }, (_, without) =>
    accuraciesOf(nearest, { sizes, exact, groups: { of: groupOf, without } }),
  );
  const intervalOf = (name: OneNearestNeighborValue, what: string) => {
    // What moves the distance from a half is the accuracy: the sign of the difference is no smooth thing.
    const values = without.map((each) => each[name === 'distanceFromHalf' ? 'accuracy' : name]);
    const left = { real: values.slice(0, dealt.real.count), generated: values.slice(dealt.real.count) };
    const of = `${what} of samples of these sizes, ${sizesInWords(sizes)}`;
    return jackknifeInterval({ value: result[name], left }, { confidence, of });
  };
  const intervals = {
    accuracy: intervalOf('accuracy', 'the expected accuracy'),
    accuracyReal: intervalOf('accuracyReal', 'the expected accuracy on real samples'),
    accuracyGenerated: intervalOf('accuracyGenerated', 'the expected accuracy on generated samples'),
    distanceFromHalf: intervalOf('distanceFromHalf', 'the distance from a half of the expected accuracy'),
  };
  return { ...result, intervals };
}

/** Shares of samples whose nearest neighbor is of their kind, with one group of samples left out or none. */
function accuraciesOf(
  nearest: Neighbors,
  {
    sizes: { real, generated },
    exact,
    groups,
  }: {
    sizes: { real: number; generated: number };
    exact: (i: number, j: number) => number;
    groups?: { readonly of: Uint8Array; readonly without: number };
  },
): Record<OneNearestNeighborValue, number> {
  const size = real + generated;
  const counts = { real: 0, generated: 0, hitsReal: 0, hitsGenerated: 0 };
  for (let i = 0; i < size; i++) {
    if (groups && groups.of[i] === groups.without) continue;
    const isOut = (j: number) => j === i || (groups !== undefined && groups.of[j] === groups.without);
    const isReal = nearestWithout(nearest, i, { isOut, all: { size, exact } }).index < real;
    if (i < real) {
      counts.real++;
      if (isReal) counts.hitsReal++;
    } else {
      counts.generated++;
      if (!isReal) counts.hitsGenerated++;
    }
  }
  const accuracy = (counts.hitsReal + counts.hitsGenerated) / (counts.real + counts.generated);
  return {
    accuracy,
    accuracyReal: counts.hitsReal / counts.real,
    accuracyGenerated: counts.hitsGenerated / counts.generated,
    distanceFromHalf: Math.abs(accuracy - 0.5),
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
  compute: (samples, options?: JackknifeOptions) => oneNearestNeighbor(featuresOf(samples), options),
  computation: (samples, options?: JackknifeOptions) =>
    oneNearestNeighborComputation(featuresOf(samples), options),
  interval: {
    needs: [],
    ofResult: ({ intervals }) => ({ distanceFromHalf: intervals!.distanceFromHalf }),
  },
});
