import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { pairedDifference } from './difference';
import { type Interval, normalInterval } from './interval';
import { type KidInfluenceOptions, kidInfluenceComputation } from './kid-influence';
import { type EstimatorSettings, type KidOptions, type KidSettings, settleKid } from './kid-options';
import { checkedFeatures, type KidSamples } from './kid-samples';
import { drawSubsets, type Subset, sumSubsets } from './kid-subsets';
import { defineMetric, type Intervals } from './metric';
import { commonCenter, evaluateKernel } from './mmd-kernel';
import { type GramSums, unbiasedMmd } from './mmd-sums';
import { meanVariance, mmdVariance, varianceOfMmd } from './mmd-variance';
import type { Warning } from './warning';

export interface KidSummary {
  readonly value: number;
  /** Standard deviation of the subsets' values: what tools put behind ±, and no standard error. */
  readonly std?: number;
  /** Absent for fewer than four samples a side, and for a single block. */
  readonly standardError?: number;
  readonly samples: { readonly real: number; readonly generated: number };
  readonly warnings: readonly Warning[];
}

export type Kid = KidSummary & KidSettings;

/**
 * Kernel inception distance: squared MMD with kernel (xᵀy/d + 1)³, unbiased, averaged over subsets.
 * Lower is better. Range: all reals; near 0, small negatives are normal.
 *
 * @param samples  real and generated features, n × d each: n may differ, d not
 * @param options  estimator ('subsets'), subsets (100), subsetSize (1000, ≤ n), seed (0), drawFirst ('generated'), …;
 *                 see {@link KidOptions}
 * @throws SHAPE_MISMATCH, NOT_FINITE, INVALID_OPTION; TOO_FEW_SAMPLES for fewer samples than subsetSize
 * @see Bińkowski et al. 2018, arXiv:1801.01401; defaults as in torch-fidelity
 * @example
 * import { kid, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean, 0, 0]], sigma: 1 }, { count: 500, seed }).samples;
 * // Of one distribution: 0 but for noise.
 * const same = kid({ real: features(0, 1), generated: features(0, 2) }, { estimator: 'full' });
 * console.log(Math.abs(same.value) < 3 * same.standardError!); // true
 * // Means 1 apart: 2.148 of infinitely many samples.
 * const moved = kid({ real: features(0, 1), generated: features(1, 2) }, { subsets: 50, subsetSize: 100 });
 * console.log(moved.value, moved.std); // 2.12774 0.621395
 */
export function kid(samples: KidSamples, options: KidOptions = {}): Kid {
  return compute(kidComputation(samples, options), defaultProduct);
}

/**
 * {@link kid} for a caller that has a fast matrix product.
 *
 * @example
 * import { kidComputation, type Matrix } from 'gan-metrics/metrics';
 *
 * // a · bᵀ, made wherever it is fastest.
 * function product({ a, b }: { a: Matrix; b: Matrix }): Matrix {
 *   const data = new (a.data instanceof Float32Array ? Float32Array : Float64Array)(a.rows * b.rows);
 *   for (let i = 0; i < data.length; i++) {
 *     const [row, column] = [Math.floor(i / b.rows), i % b.rows];
 *     for (let k = 0; k < a.columns; k++) {
 *       data[i] += a.data[row * a.columns + k] * b.data[column * b.columns + k];
 *     }
 *   }
 *   return { rows: a.rows, columns: b.rows, data };
 * }
 * const samples = { real: [[0], [1], [2], [3]], generated: [[1], [2], [3], [4]] };
 * const computation = kidComputation(samples, { estimator: 'full' });
 * let step = computation.next();
 * while (!step.done) step = computation.next(product(step.value));
 * console.log(step.value.value); // 21.6667
 */
export function* kidComputation(samples: KidSamples, options: KidOptions = {}): Computation<Kid> {
  const features = checkedFeatures(samples);
  const { settings, kernel, warnings } = settleKid(features, options);
  const { precision } = settings;
  const center = commonCenter(features.real, features.generated);
  const evaluation = evaluateKernel(kernel, { center, precision });
  const count = { real: features.real.rows, generated: features.generated.rows };
  const sums = yield* sumSubsets(features, subsetsOf(count, settings), evaluation);
  return { ...summarize(sums, count, settings), ...settings, samples: count, warnings };
}

type Count = KidSummary['samples'];

function subsetsOf(count: Count, settings: EstimatorSettings): Subset[] {
  switch (settings.estimator) {
    case 'subsets':
      return drawSubsets(count, settings);
    case 'full':
      return [{ real: range(0, count.real), generated: range(0, count.generated) }];
    case 'block':
      return Array.from({ length: settings.blocks }, (_, k) => ({
        real: blockOf(count.real, settings.blocks, k),
        generated: blockOf(count.generated, settings.blocks, k),
      }));
  }
}

/** Near-equal contiguous blocks, the larger ones last. */
function blockOf(n: number, blocks: number, k: number): Uint32Array {
  const size = Math.floor(n / blocks);
  const smaller = blocks - (n % blocks);
  const startOf = (index: number) => index * size + Math.max(index - smaller, 0);
  return range(startOf(k), startOf(k + 1));
}

function range(start: number, end: number): Uint32Array {
  return Uint32Array.from({ length: end - start }, (_, i) => start + i);
}

function summarize(
  sums: readonly GramSums[],
  { real, generated }: Count,
  settings: EstimatorSettings,
): Pick<KidSummary, 'value' | 'std' | 'standardError'> {
  const values = sums.map(unbiasedMmd);
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
  if (settings.estimator === 'block') {
    const blocks = values.length;
    return blocks === 1 ? { value } : { value, standardError: Math.sqrt(squares / (blocks - 1) / blocks) };
  }
  const estimates = sums.map(mmdVariance).filter((each) => each !== undefined);
  const variance = estimates.length > 0 ? varianceOfMmd(meanVariance(estimates), real, generated) : undefined;
  if (settings.estimator === 'full') {
    return variance === undefined ? { value } : { value, standardError: Math.sqrt(variance) };
  }
  const { subsets, ddof } = settings;
  const std = Math.sqrt(squares / (subsets - ddof));
  if (variance === undefined) return { value, std };
  // The subsets' mean scatters about the estimate of all samples, which scatters about the truth.
  const ofDraws = subsets > 1 ? squares / (subsets - 1) / subsets : 0;
  return { value, std, standardError: Math.sqrt(variance + ofDraws) };
}

/**
 * The tools' choices, where each draws from numpy's generator. clean-fid and stylegan3 leave the seed to
 * `numpy.random.seed`; clean-fid draws its second argument first, which is the real side in
 * `compute_kid(generated, real)`.
 */
export const KID_COMPAT: Readonly<Record<'clean-fid' | 'stylegan3' | 'torch-fidelity', KidOptions>> = {
  'clean-fid': { subsets: 100, subsetSize: 1000, drawFirst: 'real', shrinkSubsets: true },
  stylegan3: { subsets: 100, subsetSize: 1000, drawFirst: 'generated', shrinkSubsets: true },
  'torch-fidelity': { subsets: 100, subsetSize: 1000, drawFirst: 'generated', seed: 2020 },
};

const KID_INTERVAL_OF = 'the KID of the two distributions, as the estimate is unbiased';

/**
 * An interval for the squared MMD of the two distributions, from a value and its standard error.
 *
 * @example
 * import { kid, kidInterval, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean, 0, 0]], sigma: 1 }, { count: 500, seed }).samples;
 * const result = kid({ real: features(0, 1), generated: features(1, 2) }, { estimator: 'full' });
 * // Of infinitely many samples it is 2.148.
 * const { low, high } = kidInterval(result, { confidence: 0.95 })!;
 * console.log(result.value, low, high); // 2.09014 1.43849 2.74179
 */
export function kidInterval(
  { value, standardError, estimator }: Pick<Kid, 'value' | 'standardError' | 'estimator'>,
  { confidence }: { readonly confidence: number },
): Interval | undefined {
  if (standardError === undefined) return undefined;
  return normalInterval(
    { value, standardError },
    {
      confidence,
      method: estimator === 'block' ? 'blocks' : 'U-statistic',
      of: KID_INTERVAL_OF,
    },
  );
}

export const kidMetric = defineMetric({
  id: 'kid',
  name: 'Kernel inception distance',
  needs: ['features'],
  sides: 'both',
  values: { value: { better: 'lower', range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } },
  advised: 1000,
  blindTo: 'all but the first three moments of the features; copies of the training set',
  source: 'Bińkowski et al. 2018, arXiv:1801.01401',
  compat: KID_COMPAT,
  compute: ({ real, generated }, options: KidOptions = {}): Kid =>
    kid({ real: real.features, generated: generated.features }, options),
  computation: ({ real, generated }, options: KidOptions = {}) =>
    kidComputation({ real: real.features, generated: generated.features }, options),
  interval: {
    needs: ['features'],
    ofResult: (result, { confidence }) => {
      const interval = kidInterval(result, { confidence });
      return interval ? { value: interval } : ({} as Intervals);
    },
  },
  difference: pairedDifference<KidOptions>({
    needs: ['features'],
    options: ['kernel', 'degree', 'gamma', 'coef0', 'sigma', 'precision'],
    dependsOnSize: false,
    *estimate({ real, generated }, options: KidInfluenceOptions) {
      const sets = { real: real.features, generated: generated.features };
      const { value, standardError, ...influence } = yield* kidInfluenceComputation(sets, options);
      const interval = { method: 'U-statistic', of: KID_INTERVAL_OF } as const;
      return {
        n: { real: influence.real.length, generated: influence.generated.length },
        numbers: { value: { value, standardError, influence, interval } },
        warnings: [],
      };
    },
    of: () => KID_DIFFERENCE_OF,
  }),
});

export const KID_DIFFERENCE_OF =
  'the difference of the KIDs of the distributions of a and b, as both estimates are unbiased';
