import { GanMetricsError, invalidOption } from '../../errors';
import { type Computation, compute } from '../../math/computation';
import { defaultProduct } from '../../math/default-product';
import { type Matrix, type MatrixLike, toMatrix } from '../../math/matrix';
import { requireFiniteRows } from '../../math/statistics';
import { logDensities } from './log-densities';
import { ruleBandwidth } from './rule-bandwidth';
import { sampleMixture } from './sample-mixture';
import { type Bandwidth, type Scaling, toScaling } from './scaling';
import { WINDOW_NAMES, WINDOWS, type Window, type WindowName } from './windows';

/** Bandwidths that are computed from the samples as they are fitted. */
export type BandwidthRule = 'scott' | 'silverman' | 'isj';

export interface KernelDensityOptions {
  /** Default `gaussian`. */
  readonly kernel?: WindowName | undefined;
  /** Default `scott`: a number, by Scott's rule (see `selectBandwidth`). */
  readonly bandwidth?: Bandwidth | BandwidthRule | undefined;
}

/**
 * Kernel density estimate (Parzen windows): p(x) = Σⱼ wⱼ K((x − sⱼ) / h) / (Σ wⱼ · hᵈ ∫K). Every density is a sum
 * over all samples, by its logarithm: nothing is cut off, nothing underflows in any dimension, and block sizes or
 * engines move results by rounding alone.
 *
 * @see Rosenblatt 1956; Parzen 1962; the windows are scikit-learn's, and Parzen's hypercube
 * @example
 * import { KernelDensity } from 'gan-metrics/metrics';
 *
 * const density = new KernelDensity({ bandwidth: 1 }).fit([[0]]);
 * // log of the normal density at 0 and at 2.
 * console.log([...density.logDensity([[0], [2]])]); // [ -0.918939, -2.91894 ]
 * console.log(density.score([[0], [2]])); // -3.83788
 * console.log(density.sample(3, { seed: 1 }).rows); // 3
 */
export class KernelDensity {
  readonly kernel: WindowName;
  readonly #window: Window;
  readonly #bandwidth: Bandwidth | BandwidthRule;
  #fitted: Fitted | undefined;

  /** @throws INVALID_OPTION */
  constructor({ kernel = 'gaussian', bandwidth = 'scott' }: KernelDensityOptions = {}) {
    this.#window = windowNamed(kernel);
    this.kernel = kernel;
    if (typeof bandwidth === 'string' && !RULES.includes(bandwidth)) {
      throw invalidOption('bandwidth', `a bandwidth, or one of ${RULES.join(', ')}`, bandwidth);
    }
    if (typeof bandwidth === 'number') toScaling(bandwidth, 1);
    this.#bandwidth = bandwidth;
  }

  /**
   * Takes the samples, which are not copied: they must not change while densities are asked for.
   *
   * @param samples  n × d, n ≥ 1
   * @param options  weights: what each sample counts, n numbers ≥ 0, not all 0; default: all alike
   * @throws TOO_FEW_SAMPLES, NOT_FINITE, SHAPE_MISMATCH, INVALID_OPTION, NOT_COVARIANCE
   */
  fit(samples: MatrixLike, { weights }: { weights?: ArrayLike<number> | undefined } = {}): this {
    const matrix = toSamples(samples, 'samples');
    const counts = weights && toWeights(weights, matrix.rows);
    const given = this.#bandwidth;
    const bandwidth =
      typeof given === 'string'
        ? ruleBandwidth(matrix, given, { window: this.#window, weights: counts })
        : given;
    this.#fitted = {
      samples: matrix,
      weights: counts,
      bandwidth,
      scaling: toScaling(bandwidth, matrix.columns),
    };
    return this;
  }

  /** The bandwidth in use: as it was given, or what the rule came to. */
  get bandwidth(): Bandwidth {
    return this.#ready().bandwidth;
  }

  /**
   * log p(x) in nats for every row; −∞ where no window reaches (windows with an end only).
   *
   * @param points  m × d
   * @throws SHAPE_MISMATCH, NOT_FINITE
   */
  logDensity(points: MatrixLike): Float64Array {
    return compute(this.logDensityComputation(points), defaultProduct);
  }

  /** {@link logDensity} as a computation, for products made elsewhere. */
  *logDensityComputation(points: MatrixLike): Computation<Float64Array> {
    const { samples, weights, scaling } = this.#ready();
    const matrix = toPoints(points, { name: 'points', columns: samples.columns });
    const [densities] = yield* logDensities(
      { samples, weights, points: matrix },
      { window: this.#window, scaling, factors: [1] },
    );
    return densities;
  }

  /**
   * Total log-likelihood of the points in nats, as scikit-learn has it: the sum of {@link logDensity}, and −∞ where
   * one of them is.
   */
  score(points: MatrixLike): number {
    return this.logDensity(points).reduce((sum, value) => sum + value, 0);
  }

  /**
   * Draws from the density: a sample by its weight, and a step from it by the window.
   *
   * @param count    rows to draw
   * @param options  seed: default 0
   * @returns count × d
   * @throws INVALID_OPTION
   */
  sample(count: number, { seed = 0 }: { seed?: number } = {}): Matrix<Float64Array> {
    if (!Number.isSafeInteger(count) || count < 0) throw invalidOption('count', 'an integer ≥ 0', count);
    const { samples, weights, scaling } = this.#ready();
    return sampleMixture({ samples, weights, scaling, kernel: this.kernel }, { count, seed });
  }

  #ready(): Fitted {
    if (this.#fitted) return this.#fitted;
    throw new GanMetricsError('TOO_FEW_SAMPLES', 'Expected samples first: call fit(samples).');
  }
}

interface Fitted {
  readonly samples: Matrix;
  readonly weights: Float64Array | undefined;
  readonly bandwidth: Bandwidth;
  readonly scaling: Scaling;
}

const RULES: readonly string[] = ['scott', 'silverman', 'isj'] satisfies readonly BandwidthRule[];

/** @throws INVALID_OPTION */
export function windowNamed(kernel: WindowName): Window {
  if (WINDOW_NAMES.includes(kernel)) return WINDOWS[kernel];
  throw invalidOption('kernel', `one of ${WINDOW_NAMES.join(', ')}`, kernel);
}

/** @throws TOO_FEW_SAMPLES for none, NOT_FINITE, SHAPE_MISMATCH */
export function toSamples(samples: MatrixLike, name: string): Matrix {
  const matrix = toMatrix(samples, name);
  requireFiniteRows(matrix, name);
  if (matrix.rows > 0 && matrix.columns > 0) return matrix;
  throw new GanMetricsError(
    'TOO_FEW_SAMPLES',
    `Expected at least one row and one column in ${name} but received ${matrix.rows} × ${matrix.columns}.`,
  );
}

/** @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES for none */
export function toPoints(points: MatrixLike, { name, columns }: { name: string; columns: number }): Matrix {
  const matrix = toSamples(points, name);
  if (matrix.columns === columns) return matrix;
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `Expected ${columns} columns in ${name}, as the samples have, but received ${matrix.columns}.`,
  );
}

function toWeights(weights: ArrayLike<number>, n: number): Float64Array {
  if (weights.length !== n) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${n} weights, one a sample, but received ${weights.length}.`,
    );
  }
  const counts = Float64Array.from(weights);
  const wrong = counts.find((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong !== undefined) throw invalidOption('weights', 'finite numbers ≥ 0', wrong);
  if (counts.some((weight) => weight > 0)) return counts;
  throw invalidOption('weights', 'a number above 0 among them', [...counts.subarray(0, 3)]);
}
