import { invalidOption } from '../errors';
import type { Matrix, MatrixLike } from '../math/matrix';
import { createRandom, type Random } from '../math/random';
import { takeRows } from '../math/take-rows';
import {
  type FidSet,
  type FidSetLike,
  featureGaussian,
  type SampledFidSet,
  sampledFidSet,
  toFidSet,
} from './fid-gaussian';
import { influenceOf } from './fid-influence';
import { distanceOfGaussians } from './frechet-distance';
import { type Interval, influenceError, normalInterval } from './interval';
import { defineMetric, type Sample } from './metric';
import type { Warning } from './warning';

export interface DebiasedFidOptions {
  /** Random divisions into halves, each of which gives two distances. */
  readonly repeats?: number;
  readonly seed?: number;
  /** In (0, 1): adds an interval. */
  readonly confidence?: number;
}

export interface DebiasedFid {
  /** 2 · FID of all − mean FID of halves. */
  readonly value: number;
  /** The FID of all. */
  readonly uncorrected: number;
  /**
   * For the distance of infinitely many samples, as far as the bias is gone: that of the FID moved to the value, as
   * to first order the correction moves the center and not the spread.
   */
  readonly interval?: Interval;
  readonly repeats: number;
  readonly seed: number;
  readonly warnings: readonly Warning[];
}

/** Below this many samples a dimension the bias is no longer about 1/n. */
const SAMPLES_PER_DIMENSION = 1.5;

/**
 * Fréchet distance less most of its bias: the bias is about c/n, so that halves have twice as much of it, and
 * 2 · FID − mean FID of random halves has none of it (Richardson's extrapolation). Both sides are halved; of a
 * reference given as statistics the bias that its own size brings stays.
 * Lower is better. Range: all reals: below 0 by chance where the distance is near 0.
 *
 * @param sets     real: features, n × d, or statistics; generated: features, m × d; 4 samples a side at least
 * @param options  repeats (4), seed (0), confidence
 * @throws SHAPE_MISMATCH, NOT_FINITE, NOT_COVARIANCE, INVALID_OPTION, TOO_FEW_SAMPLES
 * @example
 * import { debiasedFid, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (seed: number) =>
 *   sampleMixture({ centers: [[0, 0, 0, 0, 0, 0, 0, 0]], sigma: 1 }, { count: 200, seed }).samples;
 * // Of one distribution the distance is 0: what is left is the bias of few samples.
 * const { value, uncorrected } = debiasedFid({ real: features(1), generated: features(2) });
 * console.log(uncorrected, value); // 0.268433 0.00278373
 */
export function debiasedFid(
  { real, generated }: { real: FidSetLike; generated: MatrixLike },
  options: DebiasedFidOptions = {},
): DebiasedFid {
  return debias({ real: toFidSet(real, 'real'), generated: sampledFidSet(generated, 'generated') }, options);
}

function debias(
  { real, generated }: { real: FidSet; generated: SampledFidSet },
  { repeats = 4, seed = 0, confidence }: DebiasedFidOptions,
): DebiasedFid {
  if (!Number.isInteger(repeats) || repeats < 1)
    throw invalidOption('repeats', 'a positive integer', repeats);
  const { value: uncorrected, dimensions, warnings } = distanceOfGaussians(real.gaussian, generated.gaussian);
  const random = createRandom(seed);
  let sum = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const reals = real.features ? halves(real.features, random, 'real') : [real.gaussian, real.gaussian];
    const others = halves(generated.features, random, 'generated');
    for (const i of [0, 1]) sum += distanceOfGaussians(reals[i], others[i]).value;
  }
  const value = 2 * uncorrected - sum / (2 * repeats);
  const fewest = Math.min(real.features?.rows ?? Number.POSITIVE_INFINITY, generated.features.rows);
  return {
    value,
    uncorrected,
    ...(confidence !== undefined && { interval: intervalOf(value, { real, generated, confidence }) }),
    repeats,
    seed,
    warnings: [...warnings, ...tooFew(fewest, dimensions)],
  };
}

function intervalOf(
  value: number,
  { confidence, ...sets }: { real: FidSet; generated: SampledFidSet; confidence: number },
): Interval {
  const standardError = influenceError(influenceOf(sets));
  const of = sets.real.features
    ? 'the distance of infinitely many samples of both, as far as the correction reaches'
    : 'the distance of infinitely many generated samples from this reference, which is taken as fixed';
  return normalInterval({ value, standardError }, { confidence, method: 'influence function', of });
}

/** Two random halves that share no sample; an odd one is left out. */
function halves(features: Matrix, random: Random, name: string) {
  const half = Math.floor(features.rows / 2);
  const order = random.draw(features.rows, 2 * half);
  return [order.slice(0, half), order.slice(half)].map((rows) =>
    featureGaussian(takeRows(features, rows), `half of ${name}`),
  );
}

function tooFew(n: number, d: number): Warning[] {
  if (n >= SAMPLES_PER_DIMENSION * d) return [];
  return [
    {
      code: 'BIAS_NOT_REMOVED',
      message:
        `${n} samples are fewer than ${SAMPLES_PER_DIMENSION} times the ${d} dimensions: much of the bias is left in the ` +
        'corrected value. Use more samples, or KID, which is unbiased.',
    },
  ];
}

function setOf({ features }: Pick<Sample, 'features'>, name: string): SampledFidSet {
  return sampledFidSet(features, name);
}

export const debiasedFidMetric = defineMetric({
  id: 'fid-debiased',
  name: 'FID, debiased',
  needs: ['features'],
  sides: 'both',
  values: { value: { better: 'lower', range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } },
  advised: 5000,
  blindTo: 'all but the first two moments of the features; copies of the training set',
  source: 'Richardson extrapolation of Heusel et al. 2017, arXiv:1706.08500',
  compute: ({ real, generated }, options: DebiasedFidOptions = {}): DebiasedFid =>
    debias({ real: setOf(real, 'real'), generated: setOf(generated, 'generated') }, options),
  interval: { needs: [], ofResult: ({ interval }) => ({ value: interval! }) },
});
