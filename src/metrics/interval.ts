import { invalidOption } from '../errors';
import { normalQuantile } from '../math/normal';

/** Where a value lies, given that the samples could have been others. Plain data. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** The share of intervals, over repetitions, that hold what this is an interval for; in (0, 1). */
  readonly confidence: number;
  readonly method: IntervalMethod;
  /** What this is an interval for, in words: "the expected FID of 5000 images a side, …". */
  readonly of: string;
}

export type IntervalMethod =
  | 'influence function'
  | 'group jackknife'
  | 'U-statistic'
  | 'blocks'
  | 'projections';

/**
 * value ± z · standardError.
 *
 * @param confidence  in (0, 1)
 * @throws INVALID_OPTION
 */
export function normalInterval(
  { value, standardError }: { value: number; standardError: number },
  { confidence, method, of }: Pick<Interval, 'confidence' | 'method' | 'of'>,
): Interval {
  if (!(confidence > 0 && confidence < 1))
    throw invalidOption('confidence', 'a number in (0, 1)', confidence);
  const reach = normalQuantile((1 + confidence) / 2) * standardError;
  return { low: value - reach, high: value + reach, standardError, confidence, method, of };
}

/**
 * How much each sample moves the value: to first order, leaving one out changes it by −influence / (n − 1). Both
 * have mean 0.
 */
export interface Influence {
  /** Absent where the real side is fixed: given as statistics, or not used at all. */
  readonly real?: Float64Array;
  readonly generated: Float64Array;
}

/** √(var(real)/n + var(generated)/m): the standard error of a smooth statistic. */
export function influenceError({ real, generated }: Influence): number {
  return Math.sqrt((real ? varianceOfMean(real) : 0) + varianceOfMean(generated));
}

/**
 * Standard error of the difference of two generators' values on the same real set: what the real samples do to
 * one they do to the other, and it cancels.
 *
 * @param a  influence on the first generator's value
 * @param b  on the second's; its `real` belongs to the same samples in the same order
 */
export function differenceError(a: Influence, b: Influence): number {
  const { real, ...generated } = differenceVariances(a, b);
  return Math.sqrt(real + generated.a + generated.b);
}

/** What each set's samples add to the variance of a difference. */
export interface DifferenceVariances {
  /** 0 where the real side is fixed, or not used at all. */
  readonly real: number;
  readonly a: number;
  readonly b: number;
}

/** The parts of {@link differenceError}, squared: those of the generated sets fall as they grow, the real one does not. */
export function differenceVariances(a: Influence, b: Influence): DifferenceVariances {
  return {
    real: a.real && b.real ? varianceOfMean(a.real.map((value, i) => value - b.real![i])) : 0,
    a: varianceOfMean(a.generated),
    b: varianceOfMean(b.generated),
  };
}

/** Variance (ddof 1) of the mean of values. */
function varianceOfMean(values: Float64Array): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n;
}
