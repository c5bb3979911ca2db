import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import type { MatrixLike } from '../math/matrix';
import { differenceError, type Interval, normalInterval } from './interval';
import { type KidInfluenceOptions, kidInfluenceComputation } from './kid-influence';

export interface KidDifference {
  /** The KID of a less that of b, both of all samples: below 0 where a is nearer to real. */
  readonly value: number;
  readonly interval: Interval;
  readonly a: number;
  readonly b: number;
}

/** Features of real images and of two generators, n × d each. */
export interface KidRivals {
  readonly real: MatrixLike;
  readonly a: MatrixLike;
  readonly b: MatrixLike;
}

export interface KidDifferenceOptions extends KidInfluenceOptions {
  readonly confidence?: number;
}

/**
 * Difference of two generators' KIDs from the same real set, with an interval: what the real samples do to one they
 * do to the other, and it cancels. Conservative where both generators equal the real distribution.
 * Below 0 where a is better. Range: all reals. Unbiased, whatever the sizes.
 *
 * @param sets     features of real, a and b
 * @param options  confidence (0.95), in (0, 1); options of the kernel as for `kid`
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 */
export function kidDifference(sets: KidRivals, options: KidDifferenceOptions = {}): KidDifference {
  return compute(kidDifferenceComputation(sets, options), defaultProduct);
}

/** {@link kidDifference} for a caller that has a fast matrix product. */
export function* kidDifferenceComputation(
  { real, a, b }: KidRivals,
  { confidence = 0.95, ...options }: KidDifferenceOptions = {},
): Computation<KidDifference> {
  const first = yield* kidInfluenceComputation({ real, generated: a }, options);
  const second = yield* kidInfluenceComputation({ real, generated: b }, options);
  const value = first.value - second.value;
  const standardError = differenceError(first, second);
  const of = 'the difference of the KIDs of the distributions of a and b, as both estimates are unbiased';
  const interval = normalInterval({ value, standardError }, { confidence, method: 'influence function', of });
  return { value, interval, a: first.value, b: second.value };
}
