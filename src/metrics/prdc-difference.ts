import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import type { MatrixLike } from '../math/matrix';
import { type Interval, normalInterval } from './interval';
import { jackknifeDifferenceError } from './jackknife';
import { byValue, differenceIsOf, estimatePrdc, type Prdc, type PrdcOptions, type PrdcValue } from './prdc';

/** What one generator has more of than another. Plain data. */
export interface PrdcDifference extends Readonly<Record<PrdcValue, number>> {
  readonly intervals: Readonly<Record<PrdcValue, Interval>>;
  readonly a: Prdc;
  readonly b: Prdc;
}

/**
 * Differences of two generators' precision, recall, density and coverage on the same real samples, a less b, with
 * intervals: real samples are left out for both at once, and what they do to both cancels.
 * Above 0 where a is better.
 *
 * @param sets     features of real samples and of two generators
 * @param options  as for `prdc`; confidence (0.95)
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @example
 * import { prdcDifference, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (modes: number[], seed: number) =>
 *   sampleMixture({ centers: modes.map((x) => [x, 0]), sigma: 1 }, { count: 200, seed }).samples;
 * const sets = { real: features([0, 10], 1), a: features([0, 10], 2), b: features([0], 3) };
 * const { recall, precision, intervals } = prdcDifference(sets);
 * // b has lost a mode: recall tells, precision does not.
 * console.log(recall, intervals.recall.low > 0); // 0.5 true
 * console.log(precision, intervals.precision.low > 0); // 0.005 false
 */
export function prdcDifference(
  sets: { real: MatrixLike; a: MatrixLike; b: MatrixLike },
  options: PrdcOptions = {},
): PrdcDifference {
  return compute(prdcDifferenceComputation(sets, options), defaultProduct);
}

/** {@link prdcDifference}, with its products left to the caller. */
export function* prdcDifferenceComputation(
  { real, a, b }: { real: MatrixLike; a: MatrixLike; b: MatrixLike },
  { confidence = 0.95, ...options }: PrdcOptions = {},
): Computation<PrdcDifference> {
  const first = yield* estimatePrdc({ real, generated: a }, { ...options, confidence });
  const second = yield* estimatePrdc({ real, generated: b }, { ...options, confidence });
  const differences = byValue((name) => first.result[name] - second.result[name]);
  const intervals = byValue((name) =>
    normalInterval(
      {
        value: differences[name],
        standardError: jackknifeDifferenceError(first.left![name], second.left![name]),
      },
      {
        confidence,
        method: 'group jackknife',
        of: differenceIsOf(name),
      },
    ),
  );
  return { ...differences, intervals, a: first.result, b: second.result };
}
