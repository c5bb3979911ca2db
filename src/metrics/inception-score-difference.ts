import type { ClassPredictions } from './class-predictions';
import { differenceIsOf, inceptionScoreInfluence } from './inception-score';
import type { SplitOptions } from './inception-score-splits';
import { type Interval, influenceError, normalInterval } from './interval';
import type { Warning } from './warning';

export interface InceptionScoreDifference {
  /** The score of a less that of b: above 0 where a's is higher. */
  readonly value: number;
  readonly interval: Interval;
  readonly a: number;
  readonly b: number;
  readonly warnings: readonly Warning[];
}

/**
 * Difference of two generators' Inception Scores, with an interval. The score looks at no real images, so that the
 * two have nothing in common and their variances add up; the bias of few images cancels as far as the sizes of a
 * and b are equal.
 * Above 0 where a is better. Range: all reals.
 *
 * @param predictions  of images of two generators, as for `inceptionScore`
 * @param options      splits and order, as for `inceptionScore`; confidence (0.95), in (0, 1)
 * @throws NOT_FINITE, NOT_PROBABILITIES, SHAPE_MISMATCH, TOO_FEW_SAMPLES, INVALID_OPTION
 * @example
 * import { inceptionScoreDifference } from 'gan-metrics/metrics';
 *
 * // Logits of 300 images of three classes, some surer than others.
 * const images = (logit: number) =>
 *   Array.from({ length: 300 }, (_, i) => [0, 1, 2].map((k) => (i % 3 === k ? logit * (1 + (i % 2)) : 0)));
 * const predictions = { a: { logits: images(3) }, b: { logits: images(1) } };
 * const { a, b, interval } = inceptionScoreDifference(predictions, { splits: 1 });
 * console.log(a, b, interval.low); // 2.4548 1.3207 1.08241
 */
export function inceptionScoreDifference(
  { a, b }: { a: ClassPredictions; b: ClassPredictions },
  { confidence = 0.95, ...options }: SplitOptions & { readonly confidence?: number } = {},
): InceptionScoreDifference {
  const [first, second] = [a, b].map((predictions) => inceptionScoreInfluence(predictions, options));
  const value = first.value - second.value;
  const standardError = Math.hypot(influenceError(first), influenceError(second));
  const counts = [first.generated.length, second.generated.length];
  const of = differenceIsOf({ real: null, a: counts[0], b: counts[1] });
  return {
    value,
    interval: normalInterval({ value, standardError }, { confidence, method: 'influence function', of }),
    a: first.value,
    b: second.value,
    warnings: counts[0] === counts[1] ? [] : [unequalBias(counts)],
  };
}

function unequalBias([a, b]: number[]): Warning {
  return {
    code: 'SAMPLE_SIZES_DIFFER',
    message: `${a} images of a and ${b} of b: the score of the smaller set is the more biased, and the difference with it.`,
  };
}
