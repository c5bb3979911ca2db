import { invalidOption } from '../errors';
import { createRandom } from '../math/random';
import type { Influence } from './interval';

/** A value with each group of samples left out, real and generated ones. */
export interface LeftOut {
  /** Empty where the real side is fixed. */
  readonly real: readonly number[];
  readonly generated: readonly number[];
}

/**
 * Standard error of a value of two independent samples by the delete-a-group jackknife: leave out a group of
 * either, compute anew, and see how far the values scatter; √(Σ over sides (g − 1)/g Σ (θ₍ᵢ₎ − θ̄)²).
 *
 * @see Kott 2001, Journal of Official Statistics 17(4)
 * @example
 * import { jackknifeError } from 'gan-metrics/metrics';
 *
 * // Means of 1, 2, 3, 4 without each in turn: the error of the mean is √(5/3 / 4).
 * console.log(jackknifeError({ real: [], generated: [9 / 3, 8 / 3, 7 / 3, 6 / 3] })); // 0.645497
 */
export function jackknifeError({ real, generated }: LeftOut): number {
  return Math.sqrt(sideVariance(real) + sideVariance(generated));
}

/**
 * Standard error of the difference of two generators' values on the same real samples, in the same groups: what
 * leaving out real samples does to both cancels.
 *
 * @example
 * import { jackknifeDifferenceError } from 'gan-metrics/metrics';
 *
 * // What leaving out real samples does to both alike does not count.
 * const a = { real: [3, 5, 4], generated: [] };
 * const b = { real: [1, 3, 2], generated: [] };
 * console.log(jackknifeDifferenceError(a, b)); // 0
 */
export function jackknifeDifferenceError(a: LeftOut, b: LeftOut): number {
  const shared = a.real.map((value, g) => value - b.real[g]);
  return Math.sqrt(sideVariance(shared) + sideVariance(a.generated) + sideVariance(b.generated));
}

/**
 * Every group in the place of a sample: standard errors and those of differences made of these influences are the
 * jackknife's.
 */
export function groupInfluence({ real, generated }: LeftOut): Influence {
  return {
    ...(real.length > 0 && { real: influences(real) }),
    generated: influences(generated),
  };
}

function influences(left: readonly number[]): Float64Array {
  const g = left.length;
  const mean = left.reduce((sum, value) => sum + value, 0) / g;
  return Float64Array.from(left, (value) => (g - 1) * (mean - value));
}

function sideVariance(values: readonly number[]): number {
  const g = values.length;
  if (g === 0) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / g;
  return (values.reduce((sum, value) => sum + (value - mean) ** 2, 0) * (g - 1)) / g;
}

/**
 * Deals samples into groups at random, of sizes that differ by one at most.
 *
 * @param size     how many samples
 * @param options  groups (10), from 2 to 30; seed (0)
 * @returns the group of every sample
 * @throws INVALID_OPTION
 */
export function assignGroups(
  size: number,
  { groups = 10, seed = 0 }: { groups?: number; seed?: number } = {},
): { count: number; of: Uint8Array } {
  if (!Number.isInteger(groups) || groups < 2 || groups > 30) {
    throw invalidOption('groups', 'an integer from 2 to 30', groups);
  }
  const random = createRandom(seed);
  const of = Uint8Array.from({ length: size }, (_, i) => i % groups);
  for (let i = size - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [of[i], of[j]] = [of[j], of[i]];
  }
  return { count: groups, of };
}
