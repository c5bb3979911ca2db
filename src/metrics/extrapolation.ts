import { GanMetricsError, invalidOption } from '../errors';

/**
 * Sizes that grow evenly from `smallest` to n, rounded down.
 *
 * @throws INVALID_OPTION; TOO_FEW_SAMPLES where n does not leave that many different ones
 */
export function growingSizes(
  n: number,
  { points, smallest }: { points: number; smallest: number },
): number[] {
  if (!Number.isInteger(points) || points < 2)
    throw invalidOption('points', 'an integer of at least 2', points);
  if (!Number.isInteger(smallest) || smallest < 1) {
    throw invalidOption('smallest', 'a positive integer', smallest);
  }
  if (n - smallest < points - 1) {
    throw new GanMetricsError(
      'TOO_FEW_SAMPLES',
      `Expected at least ${smallest + points - 1} images for ${points} sizes from ${smallest} on but received ${n}.`,
      { details: { count: n, minimum: smallest + points - 1 } },
    );
  }
  return Array.from({ length: points }, (_, i) => Math.floor(smallest + (i * (n - smallest)) / (points - 1)));
}

/** A line through values at 1/size: where it meets 1/size = 0 is what they are heading for. */
export interface Extrapolation {
  /** The intercept. */
  readonly value: number;
  /** The bias of a value of n samples is about slope / n. */
  readonly slope: number;
  /** Of the intercept, by the scatter about the line (points − 2 degrees of freedom); 0 for two points. */
  readonly standardError: number;
}

/** Least squares of values = value + slope / size. */
export function extrapolate(sizes: readonly number[], values: readonly number[]): Extrapolation {
  const n = sizes.length;
  const x = sizes.map((size) => 1 / size);
  const meanX = mean(x);
  const meanY = mean(values);
  const square = x.reduce((sum, xi) => sum + (xi - meanX) ** 2, 0);
  const slope = x.reduce((sum, xi, i) => sum + (xi - meanX) * (values[i] - meanY), 0) / square;
  const value = meanY - slope * meanX;
  const residual = x.reduce((sum, xi, i) => sum + (values[i] - value - slope * xi) ** 2, 0);
  const variance = n > 2 ? residual / (n - 2) : 0;
  return { value, slope, standardError: Math.sqrt(variance * (1 / n + meanX ** 2 / square)) };
}

/**
 * By how much the variance of the intercept exceeds that of a mean over all n samples, to first order in how much
 * each sample moves a value: n (1/n + Σ wᵢ² (1/sizeᵢ − 1/n)), wᵢ what the value of subset i, drawn anew from the n,
 * counts in the intercept. All samples move it as they move one value; which were drawn comes on top.
 */
export function interceptInflation(sizes: readonly number[], n: number): number {
  const x = sizes.map((size) => 1 / size);
  const meanX = mean(x);
  const square = x.reduce((sum, xi) => sum + (xi - meanX) ** 2, 0);
  const weights = x.map((xi) => 1 / sizes.length - (meanX * (xi - meanX)) / square);
  return 1 + n * weights.reduce((sum, w, i) => sum + w ** 2 * (x[i] - 1 / n), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
