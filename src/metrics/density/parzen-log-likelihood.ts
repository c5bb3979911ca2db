import { invalidOption } from '../../errors';
import { type Computation, compute } from '../../math/computation';
import { defaultProduct } from '../../math/default-product';
import type { MatrixLike } from '../../math/matrix';
import type { Warning } from '../warning';
import { toPoints, toSamples, windowNamed } from './kernel-density';
import type { CurvePoint } from './likelihood-curve';
import { logDensities } from './log-densities';
import { parzenWarnings } from './parzen-warnings';
import { type Bandwidth, toScaling } from './scaling';
import { type BandwidthShape, selectBandwidthComputation } from './select-bandwidth';
import type { WindowName } from './windows';

export interface ParzenOptions {
  /** Points that choose among `bandwidths`: m × d. Not the test points: their likelihood would be flattered. */
  readonly validation?: MatrixLike | undefined;
  /** The grid, ascending; default `GRID_2014`, ten from 0.1 to 1. */
  readonly bandwidths?: ArrayLike<number> | undefined;
  /** A bandwidth chosen before, in place of `validation` and `bandwidths`. */
  readonly bandwidth?: Bandwidth | undefined;
  /** Default `gaussian`. */
  readonly kernel?: WindowName | undefined;
  /** Default `scalar`, one bandwidth; the grid is else what standard deviations of `generated` are multiplied by. */
  readonly shape?: BandwidthShape | undefined;
  /** Golden-section refinement around the best of the grid. Default: none, as in 2014. */
  readonly refine?: boolean | undefined;
}

export interface ParzenLogLikelihood {
  /** Mean log-likelihood of the test points in nats; −∞ where one lies in no window (see `outside`). */
  readonly value: number;
  /**
   * Of the mean over the test points: their standard deviation (ddof 0, as the 2014 evaluation has it) by √m;
   * null where the value is −∞. That samples and bandwidth could have been others is not in it.
   */
  readonly standardError: number | null;
  readonly bandwidth: Bandwidth;
  /** The validation points' mean log-likelihood over the grid; empty for a given bandwidth. */
  readonly curve: readonly CurvePoint[];
  /** Test points that lie in no window. */
  readonly outside: number;
  readonly kernel: WindowName;
  readonly dimensions: number;
  readonly count: { readonly generated: number; readonly test: number; readonly validation: number };
  readonly warnings: readonly Warning[];
}

/**
 * Parzen-window log-likelihood, the evaluation of the first GAN papers: a window on every generated sample, its
 * bandwidth chosen on validation points, and the mean log density of test points.
 * Higher is better. Range: all reals, in nats of d-dimensional densities: comparable only on the same data, scale
 * and number of samples. In many dimensions it ranks models wrongly (Theis et al. 2016); the result warns.
 *
 * @param generated  n × d: the centers
 * @param test       m × d
 * @throws INVALID_OPTION, TOO_FEW_SAMPLES, NOT_FINITE, SHAPE_MISMATCH, NOT_COVARIANCE
 * @see Goodfellow et al. 2014, arXiv:1406.2661 (goodfeli/adversarial, parzen_ll.py: the same arithmetic); Theis,
 *   van den Oord, Bethge 2016, arXiv:1511.01844
 * @example
 * import { parzenLogLikelihood } from 'gan-metrics/metrics';
 *
 * const generated = [[0.1], [0.2], [0.7]];
 * const given = parzenLogLikelihood(generated, [[0.15], [0.6]], { bandwidth: 0.1 });
 * console.log(given.value, given.bandwidth); // 0.319387 0.1
 * // The bandwidth of ten that suits other points best.
 * const chosen = parzenLogLikelihood(generated, [[0.15], [0.6]], { validation: [[0.3], [0.5]] });
 * console.log(chosen.value, chosen.bandwidth, chosen.curve.length); // -0.164886 0.278256 10
 */
export function parzenLogLikelihood(
  generated: MatrixLike,
  test: MatrixLike,
  options: ParzenOptions = {},
): ParzenLogLikelihood {
  return compute(parzenComputation(generated, test, options), defaultProduct);
}

/** {@link parzenLogLikelihood} as a computation, for products made elsewhere. */
export function* parzenComputation(
  generated: MatrixLike,
  test: MatrixLike,
  { bandwidth: given, kernel = 'gaussian', ...selection }: ParzenOptions = {},
): Computation<ParzenLogLikelihood> {
  const window = windowNamed(kernel);
  const samples = toSamples(generated, 'generated');
  const d = samples.columns;
  const points = toPoints(test, { name: 'test', columns: d });
  const { validation } = selection;
  const held = validation && toPoints(validation, { name: 'validation', columns: d });
  if (given === undefined && !held) {
    throw invalidOption('validation', 'points that choose the bandwidth, or a bandwidth,', undefined);
  }
  const stray = Object.entries(selection).find(([, value]) => value !== undefined);
  if (given !== undefined && stray) {
    throw invalidOption(stray[0], 'nothing beside a bandwidth that is given', stray[1]);
  }
  const chosen =
    given === undefined
      ? yield* selectBandwidthComputation(samples, {
          ...selection,
          method: 'validation',
          kernel,
          validation: held,
        })
      : undefined;
  const bandwidth = chosen?.bandwidth ?? given!;
  const [densities] = yield* logDensities(
    { samples, points },
    { window, scaling: toScaling(bandwidth, d), factors: [1] },
  );
  const m = points.rows;
  const value = densities.reduce((sum, density) => sum + density, 0) / m;
  const outside = densities.reduce((n, density) => n + (density === Number.NEGATIVE_INFINITY ? 1 : 0), 0);
  const variance = densities.reduce((sum, density) => sum + (density - value) ** 2, 0) / m;
  return {
    value,
    standardError: outside > 0 ? null : Math.sqrt(variance / m),
    bandwidth,
    curve: chosen?.curve ?? [],
    outside,
    kernel,
    dimensions: d,
    count: { generated: samples.rows, test: m, validation: held?.rows ?? 0 },
    warnings: [
      ...(chosen?.warnings ?? []),
      ...parzenWarnings({ generated: samples, test: points, validation: held }, { outside, kernel }),
    ],
  };
}
