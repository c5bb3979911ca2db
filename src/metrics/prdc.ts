import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { pairedDifference } from './difference';
import { type Interval, normalInterval } from './interval';
import { groupInfluence, jackknifeError, type LeftOut } from './jackknife';
import { dealGroups } from './jackknife-interval';
import { featuresOf, type RealAndGenerated, toNeighborSets } from './manifold/neighbors';
import { type Inequality, type ManifoldCounts, manifoldPass, requireInequality } from './manifold/pass';
import { type ManifoldValues, manifoldValues, withoutGenerated, withoutReal } from './manifold/values';
import { defineMetric, type Tool } from './metric';
import { differentSizes } from './sample-size';
import type { Warning } from './warning';

export interface PrdcOptions {
  /** A sample's ball reaches to its neighbor of this rank, itself not counted; 5, as prdc's examples have it. */
  readonly neighbors?: number | undefined;
  /** Whether the rim belongs to the ball: '<' (default, prdc) or '<=' (improved precision and recall). */
  readonly inequality?: Inequality | undefined;
  /** Adds intervals of this confidence, in (0, 1), by a jackknife in the same pass. */
  readonly confidence?: number | undefined;
  /** Groups a side that the jackknife leaves out in turn; 10, from 2 to 30. */
  readonly groups?: number | undefined;
  /** Of the groups; 0. */
  readonly seed?: number | undefined;
}

/** How real and generated samples lie among one another. Plain data. */
export interface Prdc extends ManifoldValues {
  /** 2PR / (P + R), of precision and recall. */
  readonly fScore: number;
  readonly neighbors: number;
  readonly inequality: Inequality;
  readonly n: { readonly real: number; readonly generated: number };
  /** Where confidence was given. */
  readonly intervals?: Readonly<Record<PrdcValue, Interval>>;
  readonly warnings: readonly Warning[];
}

export type PrdcValue = 'precision' | 'recall' | 'density' | 'coverage' | 'fScore';

/** What tools set {@link PrdcOptions} to, on whatever features they take. stylegan3 counts in float16, we do not. */
export const PRDC_COMPAT = {
  adm: { neighbors: 3, inequality: '<=' },
  'dgm-eval': { neighbors: 5, inequality: '<' },
  'improved-precision-and-recall': { neighbors: 3, inequality: '<=' },
  prdc: { neighbors: 5, inequality: '<' },
  stylegan3: { neighbors: 3, inequality: '<=' },
  'torch-fidelity': { neighbors: 3, inequality: '<=' },
} as const satisfies Record<string, PrdcOptions>;

/**
 * Precision, recall, density and coverage: around every sample a ball that reaches to its k-th nearest other
 * sample of its set; precision is the share of generated samples in the ball of a real one, recall the share of
 * real samples in the ball of a generated one, density how many real balls a generated sample lies in, over k,
 * coverage the share of real balls that hold a generated sample.
 * Higher is better. Range: [0, 1]; density [0, ∞), about 1 for equal distributions. Counts are exact: what
 * a product leaves open is decided from the features themselves.
 *
 * @param samples  features, n × d and m × d, more than `neighbors` rows each
 * @param options  neighbors (5), inequality ('<'), both as prdc has them; confidence, groups (10), seed (0)
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Naeem et al. 2020, arXiv:2002.09797
 * @example
 * import { prdc } from 'gan-metrics/metrics';
 *
 * // Real samples in two modes; the generator has one of them, and one sample far out:
 * // its ball covers everything, which fools recall, and not coverage.
 * const real = [[0], [1], [2], [10], [11], [12]];
 * const generated = [[0.5], [1.5], [1], [100]];
 * const { precision, recall, density, coverage } = prdc({ real, generated }, { neighbors: 2 });
 * console.log(precision, recall, density, coverage); // 0.75 1 1.125 0.5
 */
export function prdc(samples: RealAndGenerated, options: PrdcOptions = {}): Prdc {
  return compute(prdcComputation(samples, options), defaultProduct);
}

/** {@link prdc}, with its products left to the caller. */
export function* prdcComputation(samples: RealAndGenerated, options: PrdcOptions = {}): Computation<Prdc> {
  const { result, left } = yield* estimatePrdc(samples, options);
  const { confidence } = options;
  if (confidence === undefined || !left) return result;
  const intervals = byValue((name) =>
    normalInterval(
      { value: result[name], standardError: jackknifeError(left[name]) },
      { confidence, ...intervalFacts(name, result) },
    ),
  );
  return { ...result, intervals };
}

function intervalFacts(name: PrdcValue, { n }: Prdc) {
  return {
    method: 'group jackknife',
    of: `the expected ${name} of samples of these sizes, ${n.real} real and ${n.generated} generated`,
  } as const;
}

/** The values and, where a confidence is asked for, what they are with every group left out. */
export function* estimatePrdc(
  samples: RealAndGenerated,
  { neighbors = 5, inequality = '<', confidence, groups, seed }: PrdcOptions,
): Computation<{ result: Prdc; left?: Readonly<Record<PrdcValue, LeftOut>> }> {
  requireInequality(inequality);
  const { real, generated } = toNeighborSets(samples, neighbors);
  const n = { real: real.rows, generated: generated.rows };
  const dealt = confidence === undefined ? undefined : dealGroups(n, { least: neighbors + 1, groups, seed });
  const counts = yield* manifoldPass(
    { real, generated },
    { neighbors, inequality, recall: true, groups: dealt },
  );
  const values = withScore(manifoldValues(counts, neighbors));
  const warnings = [...differentSizes(n), ...copyWarnings(counts, neighbors)];
  const result = { ...values, neighbors, inequality, n, warnings };
  if (!dealt) return { result };
  const without = {
    real: withoutReal(counts, { neighbors, groups: dealt.real }).map(withScore),
    generated: withoutGenerated(counts, { neighbors, groups: dealt.generated }).map(withScore),
  };
  const left = byValue((name) => ({
    real: without.real.map((each) => each[name]),
    generated: without.generated.map((each) => each[name]),
  }));
  return { result, left };
}

/** The same of every value. */
export function byValue<Of>(of: (name: PrdcValue) => Of): Record<PrdcValue, Of> {
  return {
    precision: of('precision'),
    recall: of('recall'),
    density: of('density'),
    coverage: of('coverage'),
    fScore: of('fScore'),
  };
}

function withScore(values: ManifoldValues): ManifoldValues & { fScore: number } {
  return { ...values, fScore: fScore(values) };
}

/** 2PR / (P + R); 0 where both are. */
export function fScore({ precision, recall }: { precision: number; recall: number }): number {
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** A ball of radius 0 holds copies of its center at most. */
export function copyWarnings({ copies, sizes }: ManifoldCounts, neighbors: number): Warning[] {
  return (['real', 'generated'] as const)
    .filter((side) => copies[side] > 0)
    .map((side) => ({
      code: 'COPIES_IN_SET',
      message:
        `${copies[side]} of ${sizes[side]} ${side} samples have at least ${neighbors} copies of themselves in ` +
        'their set: their balls have radius 0.',
    }));
}

const share = { better: 'higher', range: [0, 1] } as const;

export const prdcMetric = defineMetric({
  id: 'prdc',
  name: 'Precision, recall, density, coverage',
  needs: ['features'],
  sides: 'both',
  values: {
    precision: share,
    recall: share,
    density: { better: 'higher', range: [0, Number.POSITIVE_INFINITY] },
    coverage: share,
    fScore: share,
  },
  advised: 10_000,
  blindTo: 'how far outside a sample lies; copies of the training set; what the features ignore',
  source: 'Naeem et al. 2020, arXiv:2002.09797',
  compat: {
    adm: PRDC_COMPAT.adm,
    stylegan3: PRDC_COMPAT.stylegan3,
    'torch-fidelity': PRDC_COMPAT['torch-fidelity'],
  } satisfies Partial<Record<Tool, PrdcOptions>>,
  otherNetworks: { 'torch-fidelity': 'VGG16', stylegan3: 'VGG16' },
  compute: (samples, options?: PrdcOptions) => prdc(featuresOf(samples), options),
  computation: (samples, options?: PrdcOptions) => prdcComputation(featuresOf(samples), options),
  interval: {
    needs: ['features'],
    ofResult: ({ intervals = {} }) => intervals,
  },
  difference: pairedDifference<PrdcOptions>({
    needs: ['features'],
    options: ['neighbors', 'inequality', 'groups', 'seed'],
    dependsOnSize: true,
    *estimate(samples, options) {
      // The groups that the jackknife leaves out are dealt only where a confidence is asked for; which moves nothing.
      const { result, left } = yield* estimatePrdc(featuresOf(samples), { ...options, confidence: 0.95 });
      const numbers = byValue((name) => ({
        value: result[name],
        influence: groupInfluence(left![name]),
        interval: intervalFacts(name, result),
      }));
      return { n: result.n, numbers, warnings: result.warnings };
    },
    of: differenceIsOf,
  }),
});

/** What the interval of a difference is for. */
export function differenceIsOf(name: string): string {
  return `the difference of the expected ${name} of samples of these sizes`;
}
