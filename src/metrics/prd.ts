import { invalidOption } from '../errors';
import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { kMeans } from '../math/k-means';
import type { Matrix } from '../math/matrix';
import { createRandom } from '../math/random';
import { DIRECTED, toSamplePair } from './divergence/sample-pair';
import { type Interval, normalInterval } from './interval';
import { jackknifeError } from './jackknife';
import { dealGroups, type JackknifeOptions, sizesInWords } from './jackknife-interval';
import { featuresOf, type RealAndGenerated } from './manifold/neighbors';
import type { Groups } from './manifold/radii';
import { defineMetric } from './metric';
import { largestF, type PrdCurve, prdFromHistograms, requireAngles } from './prd-curve';
import { differentSizes } from './sample-size';
import type { Warning } from './warning';

export interface PrdOptions extends JackknifeOptions {
  /** Clusters of the union, the bins of the histograms; 20, at most n + m. */
  readonly clusters?: number | undefined;
  /** Points of the curve; 1001, from 3 to 1e6. */
  readonly angles?: number | undefined;
  /** Clusterings whose curves are averaged; 10. */
  readonly runs?: number | undefined;
  /** Of the clusterings, and of the jackknife's groups; 0. */
  readonly seed?: number | undefined;
}

/** Precision against recall of distributions. Plain data. */
export interface Prd {
  /** Largest F with β = 8: recall, mostly. */
  readonly f8: number;
  /** Largest F with β = 1/8: precision, mostly. */
  readonly fEighth: number;
  /** The curve, averaged over the runs, from precision 0 to recall 0. */
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly clusters: number;
  readonly runs: number;
  readonly seed: number;
  readonly n: { readonly real: number; readonly generated: number };
  /** Where confidence was given. */
  readonly intervals?: Readonly<Record<'f8' | 'fEighth', Interval>>;
  readonly warnings: readonly Warning[];
}

/**
 * Precision and recall for distributions (PRD): real and generated samples are clustered together, and their
 * histograms over the clusters compared at every weighting of the two.
 * Higher is better. Range: [0, 1]. Clusters of unequal sets are unequally full: take sets of one size.
 *
 * @param samples  features, n × d and m × d, two rows or more each
 * @param options  clusters (20), angles (1001), runs (10), the authors' values; seed (0); confidence, which adds
 *                 intervals by a jackknife of groups (10) within the same clusters, and the
 *                 scatter of the runs
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Sajjadi et al. 2018, arXiv:1806.00035
 * @example
 * import { prdCurve, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (modes: number[], seed: number) =>
 *   sampleMixture({ centers: modes.map((x) => [x, 0]), sigma: 0.1 }, { count: 200, seed }).samples;
 * const sets = { real: features([0, 10], 1), generated: features([0], 2) };
 * const { f8, fEighth } = prdCurve(sets, { clusters: 2 });
 * // Half of the modes, all of them good: little recall, much precision.
 * console.log(f8, fEighth); // 0.508871 0.985062
 */
export function prdCurve(samples: RealAndGenerated, options: PrdOptions = {}): Prd {
  return compute(prdCurveComputation(samples, options), defaultProduct);
}

/** {@link prdCurve}, with its products left to the caller. */
export function* prdCurveComputation(
  samples: RealAndGenerated,
  { clusters = 20, angles = 1001, runs = 10, seed = 0, confidence, groups }: PrdOptions = {},
): Computation<Prd> {
  const [real, generated] = toSamplePair(samples.real, samples.generated, { least: 2, names: DIRECTED });
  const n = { real: real.rows, generated: generated.rows };
  const most = n.real + n.generated;
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > most) {
    throw invalidOption('clusters', `an integer from 1 to ${most}`, clusters);
  }
  if (!Number.isInteger(runs) || runs < 1) throw invalidOption('runs', 'an integer of at least 1', runs);
  if (confidence !== undefined && runs < 2) {
    throw invalidOption('runs', 'an integer of at least 2 with confidence', runs);
  }
  requireAngles(angles);
  const dealt = confidence === undefined ? undefined : dealGroups(n, { least: 1, groups, seed });
  const union = joined(real, generated);
  const random = createRandom(seed);
  const versions = [{}, ...(dealt ? leavingOut(dealt) : [])];
  const means = versions.map(() => ({
    precision: new Float64Array(angles),
    recall: new Float64Array(angles),
  }));
  const single: { f8: number; fEighth: number }[] = [];
  for (let run = 0; run < runs; run++) {
    const { labels } = yield* kMeans(union, { clusters, random });
    const sides = { real: labels.subarray(0, n.real), generated: labels.subarray(n.real) };
    versions.forEach((version, v) => {
      const curve = prdFromHistograms(histograms(sides, { clusters, dealt, ...version }), { angles });
      if (v === 0) single.push(bestOf(curve));
      for (let at = 0; at < angles; at++) {
        means[v].precision[at] += curve.precision[at] / runs;
        means[v].recall[at] += curve.recall[at] / runs;
      }
    });
  }
  const values = means.map(bestOf);
  const result = {
    ...values[0],
    precision: [...means[0].precision],
    recall: [...means[0].recall],
    clusters,
    runs,
    seed,
    n,
    warnings: differentSizes(n),
  };
  if (confidence === undefined || !dealt) return result;
  const intervalOf = (name: 'f8' | 'fEighth') => {
    const without = values.slice(1).map((each) => each[name]);
    const left = { real: without.slice(0, dealt.real.count), generated: without.slice(dealt.real.count) };
    const of = `the expected ${name} of samples of these sizes, ${sizesInWords(n)}`;
    // Other samples give other clusters too, which the jackknife does not see: no more than other runs move a value.
    const standardError = Math.hypot(jackknifeError(left), deviation(single.map((each) => each[name])));
    const method = 'group jackknife';
    return normalInterval({ value: result[name], standardError }, { confidence, method, of });
  };
  return { ...result, intervals: { f8: intervalOf('f8'), fEighth: intervalOf('fEighth') } };
}

function bestOf(curve: PrdCurve): { f8: number; fEighth: number } {
  return { f8: largestF(curve, 8), fEighth: largestF(curve, 1 / 8) };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Groups of real samples to leave out, then those of generated ones. */
function leavingOut({ real, generated }: { real: Groups; generated: Groups }): LeftOutGroup[] {
  const groups = ({ count }: Groups) => Array.from({ length: count }, (_, g) => g);
  return [
    ...groups(real).map((withoutReal) => ({ withoutReal })),
    ...groups(generated).map((withoutGenerated) => ({ withoutGenerated })),
  ];
}

interface LeftOutGroup {
  readonly withoutReal?: number;
  readonly withoutGenerated?: number;
}

function histograms(
  { real, generated }: { real: Int32Array; generated: Int32Array },
  {
    clusters,
    dealt,
    withoutReal,
    withoutGenerated,
  }: { clusters: number; dealt: { real: Groups; generated: Groups } | undefined } & LeftOutGroup,
) {
  const rest = (labels: Int32Array, groups: Groups | undefined, without: number | undefined) =>
    without === undefined ? labels : labels.filter((_, i) => groups?.of[i] !== without);
  return {
    real: histogram(rest(real, dealt?.real, withoutReal), clusters),
    generated: histogram(rest(generated, dealt?.generated, withoutGenerated), clusters),
  };
}

function joined(a: Matrix, b: Matrix): Matrix {
  const single = a.data instanceof Float32Array && b.data instanceof Float32Array;
  const data = new (single ? Float32Array : Float64Array)(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { rows: a.rows + b.rows, columns: a.columns, data };
}

function histogram(labels: Int32Array, clusters: number): Float64Array {
  const shares = new Float64Array(clusters);
  for (const label of labels) shares[label] += 1 / labels.length;
  return shares;
}

const share = { better: 'higher', range: [0, 1] } as const;

export const prdMetric = defineMetric({
  id: 'prd',
  name: 'Precision and recall for distributions',
  needs: ['features'],
  sides: 'both',
  values: { f8: share, fEighth: share },
  advised: 10_000,
  blindTo: 'what happens within a cluster; copies of the training set',
  source: 'Sajjadi et al. 2018, arXiv:1806.00035',
  compute: (samples, options?: PrdOptions) => prdCurve(featuresOf(samples), options),
  computation: (samples, options?: PrdOptions) => prdCurveComputation(featuresOf(samples), options),
  interval: { needs: [], ofResult: ({ intervals }) => intervals! },
});
