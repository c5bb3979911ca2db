import { GanMetricsError, invalidOption } from '../../errors';
import { type Computation, compute } from '../../math/computation';
import { defaultProduct } from '../../math/default-product';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { createRandom } from '../../math/random';
import { featureStatistics, requireSamples } from '../../math/statistics';
import type { Warning } from '../warning';
import { toPoints, toSamples, windowNamed } from './kernel-density';
import { bestOfGrid, type CurvePoint } from './likelihood-curve';
import type { Mixture } from './log-densities';
import { columnVariances, ruleBandwidth, scottFactor, silvermanFactor } from './rule-bandwidth';
import { toScaling } from './scaling';
import type { Window, WindowName } from './windows';

export type BandwidthMethod = 'validation' | 'loo' | 'kfold' | 'scott' | 'silverman' | 'isj';

/**
 * One number for all directions; one a column, proportional to its standard deviation; or a matrix, proportional
 * to the covariance.
 */
export type BandwidthShape = 'scalar' | 'diagonal' | 'full';

export interface SelectBandwidthOptions {
  /**
   * `validation`: the likelihood of other points, on a grid; `loo`, `kfold`: of each sample under the others, or
   * under the other folds, on a grid and refined; `scott`, `silverman`: rules for normal data; `isj`: improved
   * Sheather–Jones, 1 or 2 columns. Default `loo`.
   */
  readonly method?: BandwidthMethod | undefined;
  /** Default `gaussian`. */
  readonly kernel?: WindowName | undefined;
  /** Default `scalar`. isj has its own: one number, or one a column. */
  readonly shape?: BandwidthShape | undefined;
  /**
   * The grid, ascending: bandwidths where they are one number, else what the standard deviations are multiplied
   * by. Default: for `validation` {@link GRID_2014}, else 21 from a tenth to ten times Scott's.
   */
  readonly bandwidths?: ArrayLike<number> | undefined;
  /** Points of `validation`: m × d. */
  readonly validation?: MatrixLike | undefined;
  /** Folds of `kfold`, 2 … n. Default 5. */
  readonly folds?: number | undefined;
  /** Seed of the order in which `kfold` cuts the samples into folds. Default: the order given. */
  readonly shuffle?: number | undefined;
  /** Golden-section refinement around the best of the grid. Default: for `loo` and `kfold`. */
  readonly refine?: boolean | undefined;
  /** How wide the refinement leaves the bracket, relative to the bandwidth. Default 1e-3. */
  readonly tolerance?: number | undefined;
}

export interface SelectedBandwidth {
  /** What `KernelDensity` takes. */
  readonly bandwidth: number | readonly number[] | readonly (readonly number[])[];
  /** For shapes other than scalar and the rules: what the scale of the samples is multiplied by. Null for isj. */
  readonly factor: number | null;
  readonly method: BandwidthMethod;
  readonly kernel: WindowName;
  readonly shape: BandwidthShape;
  /** All bandwidths that were looked at, ascending; empty for rules. */
  readonly curve: readonly CurvePoint[];
  readonly warnings: readonly Warning[];
}

/** numpy.logspace(−1, 0, 10): the grid of the 2014 GAN evaluation. */
export const GRID_2014: readonly number[] = Array.from({ length: 10 }, (_, k) => 10 ** (k / 9 - 1));

/**
 * A bandwidth for kernel density estimation. Rules hold for Gaussian windows; for another one they give the
 * bandwidth at which it has the same standard deviation.
 *
 * @param samples  n × d, n ≥ 2 (1 for `validation` with a scalar)
 * @throws INVALID_OPTION, TOO_FEW_SAMPLES, NOT_FINITE, SHAPE_MISMATCH, NOT_COVARIANCE
 * @see Goodfellow et al. 2014, arXiv:1406.2661; Duin 1976 (leave-one-out); Scott 1992; Silverman 1986;
 *   Botev, Grotowski, Kroese 2010, arXiv:1011.2602. `scott` and `silverman` with shape `full` are
 *   scipy.stats.gaussian_kde's; its factor alone is scikit-learn's
 * @example
 * import { sampleMixture, selectBandwidth } from 'gan-metrics/metrics';
 *
 * const { samples } = sampleMixture({ centers: [[0]], sigma: 1 }, { count: 500, seed: 1 });
 * // Scott's rule: the standard deviation, about 1, times 500^(−1/5) = 0.2885.
 * console.log(selectBandwidth(samples, { method: 'scott' }).bandwidth); // 0.285155
 * // What makes each sample likeliest under the others.
 * console.log(selectBandwidth(samples, { method: 'loo' }).bandwidth); // 0.340669
 */
export function selectBandwidth(
  samples: MatrixLike,
  options: SelectBandwidthOptions = {},
): SelectedBandwidth {
  return compute(selectBandwidthComputation(samples, options), defaultProduct);
}

/** {@link selectBandwidth} as a computation, for products made elsewhere. */
export function* selectBandwidthComputation(
  samples: MatrixLike,
  options: SelectBandwidthOptions = {},
): Computation<SelectedBandwidth> {
  const { method = 'loo', kernel = 'gaussian', shape = 'scalar' } = options;
  if (!METHODS.includes(method)) throw invalidOption('method', `one of ${METHODS.join(', ')}`, method);
  if (!SHAPES.includes(shape)) throw invalidOption('shape', `one of ${SHAPES.join(', ')}`, shape);
  requireNoStrays(method, options);
  const window = windowNamed(kernel);
  const matrix = toSamples(samples, 'samples');
  const chosen = { method, kernel, shape };
  if (method === 'isj') return isj(matrix, window, options.shape);
  if (method === 'scott' || method === 'silverman') return byFactor(matrix, window, { ...chosen, method });

  const mixture = heldOut(matrix, { ...options, method });
  const unit = unitOf(matrix, shape);
  const { best, curve, warnings } = yield* bestOfGrid(mixture, {
    window,
    scaling: toScaling(unit, matrix.columns),
    factors: gridOf(options.bandwidths) ?? defaultGrid(matrix, window, { method, shape }),
    tolerance: (options.refine ?? method !== 'validation') ? toleranceOf(options) : undefined,
  });
  const factor = shape === 'scalar' ? null : best.bandwidth;
  return { bandwidth: multiple(unit, best.bandwidth), factor, ...chosen, curve, warnings };
}

const METHODS: readonly string[] = ['validation', 'loo', 'kfold', 'scott', 'silverman', 'isj'];
const SHAPES: readonly string[] = ['scalar', 'diagonal', 'full'];

/** Options and the methods that have a use for them: none is accepted and ignored. */
const USES: Readonly<Partial<Record<keyof SelectBandwidthOptions, readonly BandwidthMethod[]>>> = {
  bandwidths: ['validation', 'loo', 'kfold'],
  validation: ['validation'],
  folds: ['kfold'],
  shuffle: ['kfold'],
  refine: ['validation', 'loo', 'kfold'],
  tolerance: ['validation', 'loo', 'kfold'],
};

function requireNoStrays(method: BandwidthMethod, options: SelectBandwidthOptions): void {
  for (const [name, methods] of Object.entries(USES)) {
    const value = options[name as keyof typeof USES];
    if (value === undefined || methods.includes(method)) continue;
    throw new GanMetricsError(
      'INVALID_OPTION',
      `Expected no ${name} beside method ${method}: it is for ${methods.join(', ')}.`,
      { details: { name, method } },
    );
  }
}

/** Who is likely under whom. */
function heldOut(
  samples: Matrix,
  { method, validation, folds = 5, shuffle }: SelectBandwidthOptions,
): Mixture {
  const n = samples.rows;
  if (method === 'validation') {
    if (validation === undefined)
      throw invalidOption('validation', 'points for method validation', undefined);
    return { samples, points: toPoints(validation, { name: 'validation', columns: samples.columns }) };
  }
  requireSamples(n, 'samples');
  if (method === 'loo') {
    const starts = Int32Array.from({ length: n }, (_, i) => i);
    return { samples, points: samples, hidden: { starts, ends: starts.map((start) => start + 1) } };
  }
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= n)) {
    throw invalidOption('folds', `an integer from 2 to ${n}, the number of samples,`, folds);
  }
  const rows = shuffle === undefined ? samples : shuffled(samples, shuffle);
  const [starts, ends] = [new Int32Array(n), new Int32Array(n)];
  for (let fold = 0, start = 0; fold < folds; fold++) {
    // The first folds have one more where they do not come out even, as scikit-learn's KFold has it.
    const end = start + Math.floor(n / folds) + (fold < n % folds ? 1 : 0);
    starts.fill(start, start, end);
    ends.fill(end, start, end);
    start = end;
  }
  return { samples: rows, points: rows, hidden: { starts, ends } };
}

function shuffled({ rows, columns, data }: Matrix, seed: number): Matrix<Float64Array> {
  const random = createRandom(seed);
  const result = Float64Array.from(data);
  for (let i = rows - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const row = result.slice(i * columns, (i + 1) * columns);
    result.copyWithin(i * columns, j * columns, (j + 1) * columns);
    result.set(row, j * columns);
  }
  return { rows, columns, data: result };
}

type Unit = 1 | readonly number[] | Matrix<Float64Array>;

/** What factors multiply. */
function unitOf(samples: Matrix, shape: BandwidthShape): Unit {
  if (shape === 'scalar') return 1;
  if (shape === 'full') return featureStatistics(samples, { name: 'samples' }).sigma;
  const deviations = [...columnVariances(samples)].map(Math.sqrt);
  const constant = deviations.indexOf(0);
  if (constant < 0) return deviations;
  throw new GanMetricsError(
    'NOT_COVARIANCE',
    `Expected columns that vary but column ${constant} does not: leave it out, or take shape scalar.`,
    { details: { column: constant } },
  );
}

function multiple(unit: Unit, factor: number): SelectedBandwidth['bandwidth'] {
  if (unit === 1) return factor;
  if ('data' in unit) {
    const { columns: d, data } = unit;
    return Array.from({ length: d }, (_, i) =>
      Array.from({ length: d }, (_, j) => data[i * d + j] * factor ** 2),
    );
  }
  return unit.map((value) => value * factor);
}

function byFactor(
  samples: Matrix,
  window: Window,
  { method, shape }: { method: 'scott' | 'silverman'; shape: BandwidthShape },
): SelectedBandwidth {
  const [n, d] = [samples.rows, samples.columns];
  const factor = (method === 'scott' ? scottFactor : silvermanFactor)(n, d);
  const bandwidth =
    shape === 'scalar'
      ? (ruleBandwidth(samples, method, { window }) as number)
      : multiple(unitOf(samples, shape), factor / Math.sqrt(window.variance(d)));
  return { bandwidth, factor, method, kernel: window.name, shape, curve: [], warnings: [] };
}

function isj(samples: Matrix, window: Window, shape: BandwidthShape | undefined): SelectedBandwidth {
  const own = samples.columns === 1 ? 'scalar' : 'diagonal';
  if (shape !== undefined && shape !== own) throw invalidOption('shape', `${own} or none for isj`, shape);
  const bandwidth = ruleBandwidth(samples, 'isj', { window });
  const { name: kernel } = window;
  return { bandwidth, factor: null, method: 'isj', kernel, shape: own, curve: [], warnings: [] };
}

function toleranceOf({ tolerance = 1e-3 }: SelectBandwidthOptions): number {
  if (tolerance > 0 && tolerance < 1) return tolerance;
  throw invalidOption('tolerance', 'a number between 0 and 1', tolerance);
}

/** @throws INVALID_OPTION for a grid that is empty, not ascending, or not positive */
function gridOf(bandwidths: ArrayLike<number> | undefined): number[] | undefined {
  if (bandwidths === undefined) return undefined;
  const grid = Array.from(bandwidths);
  const ascending = grid.every((h, k) => Number.isFinite(h) && h > (k === 0 ? 0 : grid[k - 1]));
  if (grid.length > 0 && ascending) return grid;
  throw invalidOption('bandwidths', 'positive numbers in ascending order', grid);
}

function defaultGrid(
  samples: Matrix,
  window: Window,
  { method, shape }: { method: BandwidthMethod; shape: BandwidthShape },
): readonly number[] {
  if (method === 'validation') return GRID_2014;
  const [n, d] = [samples.rows, samples.columns];
  const width =
    shape === 'scalar'
      ? (ruleBandwidth(samples, 'scott', { window }) as number)
      : scottFactor(n, d) / Math.sqrt(window.variance(d));
  return Array.from({ length: 21 }, (_, k) => width * 10 ** ((k - 10) / 10));
}
