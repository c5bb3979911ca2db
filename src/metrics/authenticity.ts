import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { closePairs } from '../math/neighbors/close-pairs';
import { NearestLists } from '../math/neighbors/nearest';
import { openSpace } from '../math/neighbors/space';
import type { Interval } from './interval';
import { dealGroups, type JackknifeOptions, jackknifeInterval, sizesInWords } from './jackknife-interval';
import { nearestWithout, SPARE_NEAREST } from './manifold/nearest-without';
import { featuresOf, type RealAndGenerated, toNeighborSets } from './manifold/neighbors';
import { manifoldRadii } from './manifold/radii';
import { defineMetric } from './metric';
import type { Warning } from './warning';

/** How many generated samples are not closer to a training sample than others of its kind are. Plain data. */
export interface Authenticity {
  /** Percent of generated samples that are authentic. */
  readonly value: number;
  readonly n: { readonly real: number; readonly generated: number };
  /** Where confidence was given. */
  readonly interval?: Interval;
  readonly warnings: readonly Warning[];
}

/**
 * AuthPct: the percentage of generated samples that are farther from their nearest training sample than that one
 * is from its own nearest training sample. Low values mean copies.
 * Higher is better. Range: [0, 100]; about 50 for fresh samples of the training distribution. Bad samples, far
 * from everything, are authentic too: read it beside a metric of fidelity.
 *
 * @param samples  features: real, n × d, those that the generator was trained on; generated, m × d
 * @param options  confidence, which adds an interval by a jackknife of groups (10) with seed (0)
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Alaa et al. 2022, arXiv:2102.08921; Stein et al. 2023, arXiv:2306.04675
 * @example
 * import { authenticity } from 'gan-metrics/metrics';
 *
 * const real = [[0], [1], [2], [3]];
 * // Two lie nearer to a training sample than others of its kind do; the third is authentic, if far off.
 * console.log(authenticity({ real, generated: [[0.1], [1.5], [9]] }).value); // 33.3333
 */
export function authenticity(samples: RealAndGenerated, options: JackknifeOptions = {}): Authenticity {
  return compute(authenticityComputation(samples, options), defaultProduct);
}

/** {@link authenticity}, with its products left to the caller. */
export function* authenticityComputation(
  samples: RealAndGenerated,
  { confidence, groups, seed }: JackknifeOptions = {},
): Computation<Authenticity> {
  const { real, generated } = toNeighborSets(samples, 1);
  const n = { real: real.rows, generated: generated.rows };
  const dealt = confidence === undefined ? undefined : dealGroups(n, { least: 2, groups, seed });
  const { space, points } = openSpace([real, generated] as const);
  const [x, y] = points;
  const own = yield* manifoldRadii(space, x, { neighbors: 1, groups: dealt?.real });
  const exact = (j: number, i: number) => space.exact(x, i, y, j);
  const count = dealt ? Math.min(x.size, 1 + SPARE_NEAREST) : 1;
  const lists = new NearestLists(y.size, { count, exact });
  yield* closePairs(space, {
    rows: { points: x, limits: new Float64Array(x.size).fill(-1) },
    columns: { points: y, limits: lists.limits },
    visit: (i, j, lower, upper) => lists.offer(j, i, lower, upper),
  });
  const nearest = lists.finish();
  /** Of every generated sample, 1 where it is authentic; `without` a group of real ones. */
  const authentic = (without = -1) => {
    const isOut = (i: number) => dealt !== undefined && dealt.real.of[i] === without;
    return Uint8Array.from({ length: y.size }, (_, j) => {
      const { index, distance } = nearestWithout(nearest, j, { isOut, all: { size: x.size, exact } });
      return own.squared[index * own.versions + without + 1] < distance ? 1 : 0;
    });
  };
  const all = authentic();
  const value = percentOf(all);
  const result = { value, n, warnings: [] };
  if (confidence === undefined || !dealt) return result;
  const left = {
    real: Array.from({ length: dealt.real.count }, (_, g) => percentOf(authentic(g))),
    generated: Array.from({ length: dealt.generated.count }, (_, g) =>
      percentOf(all.filter((_each, j) => dealt.generated.of[j] !== g)),
    ),
  };
  const of = `the expected AuthPct of samples of these sizes, ${sizesInWords(n)}`;
  return { ...result, interval: jackknifeInterval({ value, left }, { confidence, of }) };
}

function percentOf(authentic: Uint8Array): number {
  return (100 * authentic.reduce((sum, each) => sum + each, 0)) / authentic.length;
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
  compute: (samples, options?: JackknifeOptions) => authenticity(featuresOf(samples), options),
  computation: (samples, options?: JackknifeOptions) => authenticityComputation(featuresOf(samples), options),
  interval: { needs: [], ofResult: ({ interval }) => ({ value: interval! }) },
});
