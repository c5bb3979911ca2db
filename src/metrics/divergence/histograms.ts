import { GanMetricsError } from '../../errors';

/**
 * A real and a generated histogram over the same bins: counts or probabilities; each is divided by its sum. A share
 * below 5e-324, the smallest double, counts as 0.
 */
export interface Histograms {
  readonly real: ArrayLike<number>;
  readonly generated: ArrayLike<number>;
}

/** Two distributions over the same bins, each of sum 1. */
export interface Distributions {
  readonly p: Float64Array;
  readonly q: Float64Array;
}

/**
 * Checks two histograms and divides each by its sum.
 *
 * @throws SHAPE_MISMATCH where they differ in length, TOO_FEW_SAMPLES where they are empty or sum to 0, NOT_FINITE,
 *   NOT_PROBABILITIES where an entry is negative
 */
export function toDistributions(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [first, second]: readonly [string, string] = ['real', 'generated'],
): Distributions {
  if (a.length !== b.length) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected equally many bins in ${first} and ${second} but received ${a.length} and ${b.length}.`,
      { details: { bins: [a.length, b.length] } },
    );
  }
  return { p: normalize(a, first), q: normalize(b, second) };
}

/**
 * Counts, weights or probabilities divided by their sum.
 *
 * @throws TOO_FEW_SAMPLES where there are none or all are 0, NOT_FINITE, NOT_PROBABILITIES for a negative one
 */
export function normalize(weights: ArrayLike<number>, name: string): Float64Array {
  const values = Float64Array.from(weights);
  let largest = 0;
  values.forEach((value, bin) => {
    if (!Number.isFinite(value)) {
      throw new GanMetricsError(
        'NOT_FINITE',
        `Expected finite values in ${name} but bin ${bin} is ${value}.`,
        {
          details: { bin },
        },
      );
    }
    if (value < 0) {
      throw new GanMetricsError(
        'NOT_PROBABILITIES',
        `Expected counts or probabilities in ${name} but bin ${bin} is ${value}.`,
        { details: { bin, value } },
      );
    }
    largest = Math.max(largest, value);
  });
  if (largest === 0) {
    throw new GanMetricsError(
      'TOO_FEW_SAMPLES',
      `Expected a positive count or probability in ${name} but received ${values.length === 0 ? 'none' : 'zeros only'}.`,
    );
  }
  // Scaled first, so that the sum of the largest doubles does not overflow.
  const sum = values.reduce((total, value) => total + value / largest, 0);
  return values.map((value) => value / largest / sum);
}
