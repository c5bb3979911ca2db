import { GanMetricsError } from '../errors';
import { type Matrix, type MatrixLike, toMatrix } from '../math/matrix';
import { createRandom } from '../math/random';
import { requireFiniteRows } from '../math/statistics';
import { takeRows } from '../math/take-rows';
import { type Extrapolation, extrapolate, growingSizes, interceptInflation } from './extrapolation';
import { collectedSet, type FidSet, type FidSetLike, featureGaussian, toFidSet } from './fid-gaussian';
import { influenceOf } from './fid-influence';
import { distanceOfGaussians, requireSameDimensions } from './frechet-distance';
import { type Interval, influenceError, normalInterval } from './interval';
import { defineMetric } from './metric';
import type { Warning } from './warning';

export interface FidInfinityOptions {
  /** How many sizes, evenly spaced from `smallest` to all generated samples, are measured. */
  readonly points?: number;
  readonly smallest?: number;
  readonly seed?: number;
  /** Adds an interval of this confidence, in (0, 1). */
  readonly confidence?: number;
  /** Sets `smallest` to what this tool starts at. */
  readonly compat?: 'dgm-eval';
}

export interface FidInfinity extends Extrapolation {
  readonly sizes: readonly number[];
  readonly distances: readonly number[];
  readonly seed: number;
  /** Where confidence was given: it knows how the samples move the intercept, which the regression does not. */
  readonly interval?: Interval;
  readonly warnings: readonly Warning[];
}

/**
 * FID∞: the Fréchet distance extrapolated to infinitely many generated samples. Distances of growing random
 * subsets, each drawn anew, from all real samples are fitted by a line in 1/n. The bias that the real samples
 * bring stays: give as many as there are.
 * Lower is better. Range: all reals: an extrapolation of distances near 0 can fall below it.
 *
 * `standardError` is the regression's own. The subsets share their samples, so it does not know how the intercept
 * moves from one generated set to another, which is several times as much.
 *
 * @param sets     real: features or statistics; generated: features, n × d
 * @param options  points (15), smallest (5000 as in the paper, half of the samples where there are fewer than
 *                 10 000; 'dgm-eval': a tenth, at least 2 and at most 5000), seed (0), confidence
 * @throws SHAPE_MISMATCH, NOT_FINITE, NOT_COVARIANCE, INVALID_OPTION, TOO_FEW_SAMPLES
 * @see Chong, Forsyth 2020, arXiv:1911.07023
 * @example
 * import { fidInfinity, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (count: number, seed: number) =>
 *   sampleMixture({ centers: [[0, 0, 0, 0, 0, 0, 0, 0]], sigma: 1 }, { count, seed }).samples;
 * // Of one distribution: the line through distances of ever more samples leads to 0.
 * const { value, sizes, distances } = fidInfinity({ real: features(5000, 1), generated: features(500, 2) });
 * console.log(sizes[0], distances[0]); // 250 0.0781622
 * console.log(sizes.at(-1), distances.at(-1)); // 500 0.047818
 * console.log(value); // -0.000449018
 */
export function fidInfinity(
  { real, generated }: { real: FidSetLike; generated: MatrixLike },
  options: FidInfinityOptions = {},
): FidInfinity {
  return infinityOf(toFidSet(real, 'real'), toMatrix(generated, 'generated'), options);
}

function infinityOf(
  real: FidSet,
  generated: Matrix,
  { points = 15, smallest, compat, seed = 0, confidence }: FidInfinityOptions,
): FidInfinity {
  requireSameDimensions(real.gaussian.mu.length, generated.columns);
  requireFiniteRows(generated, 'generated');
  const n = generated.rows;
  const first = smallest ?? firstSize(n, compat);
  if (first < 2) {
    throw new GanMetricsError(
      'TOO_FEW_SAMPLES',
      `Expected sizes of at least 2 samples but received ${first}.`,
    );
  }
  const sizes = growingSizes(n, { points, smallest: first });
  const random = createRandom(seed);
  const distances = sizes.map((size) => {
    const subset = takeRows(generated, random.draw(n, size));
    return distanceOfGaussians(real.gaussian, featureGaussian(subset, 'generated')).value;
  });
  const line = extrapolate(sizes, distances);
  return {
    ...line,
    sizes,
    distances,
    seed,
    ...(confidence !== undefined && {
      interval: intervalOf(line.value, { real, generated, sizes, confidence }),
    }),
    warnings: tooSmall(sizes[0], generated.columns),
  };
}

function intervalOf(
  value: number,
  {
    real,
    generated,
    sizes,
    confidence,
  }: { real: FidSet; generated: Matrix; sizes: readonly number[]; confidence: number },
): Interval {
  const gaussian = featureGaussian(generated, 'generated');
  const influence = influenceOf({ real, generated: { gaussian, features: generated } });
  const wider = Math.sqrt(interceptInflation(sizes, generated.rows));
  const standardError = influenceError({
    ...influence,
    generated: influence.generated.map((each) => each * wider),
  });
  const of = real.features
    ? `the expected intercept of samples of these sizes, ${real.features.rows} real and ${generated.rows} generated`
    : `the expected intercept of ${generated.rows} generated samples against this reference, which is taken as fixed`;
  return normalInterval({ value, standardError }, { confidence, method: 'influence function', of });
}

/** Where the sizes begin by default. */
export function firstSize(n: number, compat?: 'dgm-eval'): number {
  if (compat === 'dgm-eval') return Math.min(5000, Math.max(Math.floor(n / 10), 2));
  return Math.min(5000, Math.floor(n / 2));
}

function tooSmall(smallest: number, d: number): Warning[] {
  if (smallest > d) return [];
  return [
    {
      code: 'FEWER_SAMPLES_THAN_DIMENSIONS',
      message:
        `The smallest subsets, of ${smallest} samples, cannot determine a covariance in ${d} dimensions: below that ` +
        'the bias is no line in 1/n, and the extrapolation is off. Use more samples, or a larger smallest.',
    },
  ];
}

export const fidInfinityMetric = defineMetric({
  id: 'fid-infinity',
  name: 'FID∞',
  needs: ['statistics', 'features'],
  sides: 'both',
  values: { value: { better: 'lower', range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } },
  advised: 50_000,
  blindTo: 'all but the first two moments of the features; copies of the training set',
  source: 'Chong, Forsyth 2020, arXiv:1911.07023',
  compute: ({ real, generated }, options: FidInfinityOptions = {}): FidInfinity =>
    infinityOf(collectedSet(real, 'real'), generated.features, options),
  interval: { needs: [], ofResult: ({ interval }) => ({ value: interval! }) },
});
