import type { MatrixLike } from '../math/matrix';
import type { DifferenceSizes } from './difference';
import { type FidSet, type FidSetLike, type SampledFidSet, sampledFidSet, toFidSet } from './fid-gaussian';
import { influenceOf } from './fid-influence';
import { distanceOfGaussians, type FrechetDistance } from './frechet-distance';
import { differenceError, type Interval, influenceError, normalInterval } from './interval';
import type { Warning } from './warning';

/**
 * Interval of the Fréchet distance, FID ± z · standard error, by influence functions. It is one for what equally
 * large samples give on average, which lies above the distance of infinitely many: an interval around a biased
 * number. Resampling (the bootstrap) does not give it: see docs/uncertainty.md.
 *
 * @param sets     real: features, n × d, or statistics, a fixed reference; generated: features, m × d
 * @param options  confidence (0.95), in (0, 1)
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, NOT_COVARIANCE, INVALID_OPTION
 * @example
 * import { fidInterval, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean, 0]], sigma: 1 }, { count: 500, seed }).samples;
 * // Of infinitely many samples it is 1.
 * const { low, high } = fidInterval({ real: features(0, 1), generated: features(1, 2) });
 * console.log(low, high); // 0.721917 1.20744
 */
export function fidInterval(
  { real, generated }: { real: FidSetLike; generated: MatrixLike },
  { confidence = 0.95 }: { confidence?: number } = {},
): Interval {
  const sets = { real: toFidSet(real, 'real'), generated: sampledFidSet(generated, 'generated') };
  return intervalOf(sets, { confidence });
}

/** {@link fidInterval} of sets that are known to be sound. */
export function intervalOf(
  { real, generated }: { real: FidSet; generated: SampledFidSet },
  { confidence }: { confidence: number },
): Interval {
  const { value } = distanceOfGaussians(real.gaussian, generated.gaussian);
  return normalInterval(
    { value, standardError: influenceError(influenceOf({ real, generated })) },
    { confidence, ...intervalFacts({ real, generated }) },
  );
}

/** How the interval of one distance is made, and what for. */
export function intervalFacts({ real, generated }: { real: FidSet; generated: SampledFidSet }) {
  return {
    method: 'influence function',
    of: `the expected distance of ${sizes(real, generated)}; not that of infinitely many, which is lower`,
  } as const;
}

function sizes(real: FidSet, generated: SampledFidSet): string {
  return real.features
    ? `samples of these sizes, ${real.features.rows} real and ${generated.features.rows} generated`
    : `${generated.features.rows} generated samples from this reference, which is taken as fixed`;
}

export interface FidDifference {
  /** The distance of a from real, less that of b: below 0 where a is nearer. */
  readonly value: number;
  readonly interval: Interval;
  readonly a: FrechetDistance;
  readonly b: FrechetDistance;
  readonly warnings: readonly Warning[];
}

/**
 * Difference of two generators' Fréchet distances from the same real set, with an interval. What the real samples
 * do to one distance they do to the other: the interval is narrower than two separate ones let expect, and the
 * bias of small samples cancels as far as the sizes of a and b are equal.
 * Below 0 where a is better. Range: all reals.
 *
 * @param sets     real: features, n × d, or statistics, a fixed reference; a, b: features of two generators
 * @param options  confidence (0.95), in (0, 1)
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, NOT_COVARIANCE, INVALID_OPTION
 * @example
 * import { fidDifference, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean, 0]], sigma: 1 }, { count: 500, seed }).samples;
 * const real = { mu: [0, 0], sigma: [[1, 0], [0, 1]] };
 * const { value, interval } = fidDifference({ real, a: features(1, 1), b: features(2, 2) });
 * // About 1² − 2²; a is nearer, surely.
 * console.log(value, interval.high); // -3.06582 -2.65309
 */
export function fidDifference(
  { real, a, b }: { real: FidSetLike; a: MatrixLike; b: MatrixLike },
  { confidence = 0.95 }: { confidence?: number } = {},
): FidDifference {
  const reference = toFidSet(real, 'real');
  const [first, second] = [sampledFidSet(a, 'a'), sampledFidSet(b, 'b')];
  const distances = [first, second].map((set) => distanceOfGaussians(reference.gaussian, set.gaussian));
  const influences = [first, second].map((generated) => influenceOf({ real: reference, generated }));
  const value = distances[0].value - distances[1].value;
  const counts = [first, second].map(({ features }) => features.rows);
  return {
    value,
    interval: normalInterval(
      { value, standardError: differenceError(influences[0], influences[1]) },
      {
        confidence,
        method: 'influence function',
        of: differenceIsOf({ real: reference.features?.rows ?? null, a: counts[0], b: counts[1] }),
      },
    ),
    a: distances[0],
    b: distances[1],
    warnings: counts[0] === counts[1] ? [] : [unequalBias(counts)],
  };
}

/** What the interval of a difference is for. */
export function differenceIsOf({ real, a, b }: DifferenceSizes): string {
  const reference =
    real === null ? 'this reference, which is taken as fixed' : `the same ${real} real samples`;
  return `the expected difference of the distances of ${a} samples of a and ${b} of b from ${reference}`;
}

function unequalBias([a, b]: number[]): Warning {
  return {
    code: 'SAMPLE_SIZES_DIFFER',
    message: `${a} samples of a and ${b} of b: the distance of the smaller set is the more biased, and the difference with it.`,
  };
}
