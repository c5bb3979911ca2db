import { GanMetricsError, invalidOption } from '../errors';

/** A precision-recall curve of distributions: recall falls as precision rises. */
export interface PrdCurve {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
}

/** Keeps the first and the last slope finite, as the authors' code does. */
const EPSILON = 1e-10;

/**
 * The curve of two histograms over the same bins: at slope λ precision is Σ min(λ real, generated) and recall
 * that over λ, for `angles` slopes tan(φ), φ evenly over (0, π/2).
 *
 * @param histograms  shares of real and of generated samples in each bin, each summing to 1
 * @param options     angles (1001), from 3 to 1e6
 * @throws SHAPE_MISMATCH, NOT_PROBABILITIES, INVALID_OPTION
 * @see Sajjadi et al. 2018, arXiv:1806.00035
 * @example
 * import { prdFromHistograms } from 'gan-metrics/metrics';
 *
 * // Of two modes the generator has one.
 * const { precision, recall } = prdFromHistograms({ real: [0.5, 0.5], generated: [1, 0] });
 * console.log(Math.max(...precision), Math.max(...recall)); // 1 0.5
 */
export function prdFromHistograms(
  { real, generated }: { real: ArrayLike<number>; generated: ArrayLike<number> },
  { angles = 1001 }: { angles?: number } = {},
): PrdCurve {
  requireAngles(angles);
  if (real.length !== generated.length) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${real.length} bins in generated, as real has, but received ${generated.length}.`,
    );
  }
  requireShares(real, 'real');
  requireShares(generated, 'generated');
  const precision = new Float64Array(angles);
  const recall = new Float64Array(angles);
  for (let at = 0; at < angles; at++) {
    const slope = Math.tan(EPSILON + (at * (Math.PI / 2 - 2 * EPSILON)) / (angles - 1));
    let sum = 0;
    for (let bin = 0; bin < real.length; bin++) sum += Math.min(real[bin] * slope, generated[bin]);
    // Rounding takes sums of shares above 1.
    precision[at] = Math.min(sum, 1);
    recall[at] = Math.min(sum / slope, 1);
  }
  return { precision, recall };
}

/**
 * The largest F_β of a curve, (1 + β²) P R / (β² P + R): recall counts β times as much as precision.
 * Higher is better. Range: [0, 1].
 */
export function largestF({ precision, recall }: PrdCurve, beta: number): number {
  const weight = beta ** 2;
  return precision.reduce(
    (most, p, at) => Math.max(most, ((1 + weight) * p * recall[at]) / (weight * p + recall[at] + EPSILON)),
    0,
  );
}

/** @throws INVALID_OPTION */
export function requireAngles(angles: number): void {
  if (Number.isInteger(angles) && angles >= 3 && angles <= 1e6) return;
  throw invalidOption('angles', 'an integer from 3 to 1000000', angles);
}

function requireShares(shares: ArrayLike<number>, name: string): void {
  let sum = 0;
  let valid = true;
  for (let bin = 0; bin < shares.length; bin++) {
    valid &&= shares[bin] >= 0;
    sum += shares[bin];
  }
  if (valid && Math.abs(sum - 1) <= 1e-6) return;
  throw new GanMetricsError(
    'NOT_PROBABILITIES',
    `Expected shares of at least 0 that sum to 1 in ${name} but received a sum of ${sum}.`,
  );
}
