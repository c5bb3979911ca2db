import { GanMetricsError, invalidOption } from '../../errors';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { createRandom } from '../../math/random';
import { DIRECTED, toSamplePair, toSamples } from '../divergence/sample-pair';
import { mean } from './discriminator-outputs';

/** f of each row of points (n × d). */
export type Critic = (points: Matrix<Float64Array>) => ArrayLike<number>;

/** Gradients of a critic at interpolates, one a row, or what they can be had from by finite differences. */
export type PenaltySource =
  | { readonly gradients: MatrixLike }
  | { readonly real: MatrixLike; readonly generated: MatrixLike; readonly critic: Critic };

export interface GradientPenaltyOptions {
  /** λ ≥ 0; 10 by default. */
  readonly lambda?: number;
  /** Of the draw of interpolates; 0 by default. */
  readonly seed?: number;
  /**
   * Finite differences reach so far to either side, in feature units; by default 1e-4 of the samples' root mean
   * square. A critic in float32 needs about 1e-2 of it.
   */
  readonly step?: number;
}

export interface GradientPenalty {
  /** λ · mean (‖∇f‖ − 1)² */
  readonly value: number;
  readonly lambda: number;
  /** Of ‖∇f‖ over the interpolates; the largest is a lower bound of the critic's Lipschitz constant. */
  readonly norm: {
    readonly mean: number;
    readonly least: number;
    readonly largest: number;
    readonly standardDeviation: number;
  };
  readonly points: number;
}

/**
 * Gradient penalty of WGAN-GP, λ E (‖∇_x̂ f(x̂)‖ − 1)² on interpolates x̂ between real and generated samples, and the
 * empirical gradient norm. Range: [0, ∞); 0 where every gradient has length 1, as the best critic's has almost everywhere
 * on the lines that transport follows. In units of the critic per feature, squared.
 *
 * @param source   { gradients }: n × d, at points that {@link interpolate} gave; or { real, generated, critic }: gradients
 *   are then central differences of the critic, 2d calls' worth of points for every interpolate
 * @param options  lambda (10), seed (0), step
 * @throws SHAPE_MISMATCH, also for a critic that gives other than one value a point; TOO_FEW_SAMPLES, NOT_FINITE,
 *   INVALID_OPTION
 * @see Gulrajani et al. 2017, arXiv:1704.00028, (3)
 * @example
 * import { type Critic, gradientPenalty } from 'gan-metrics/metrics';
 *
 * // Gradients of length 5 and 1: 10 · ((5 − 1)² + 0) / 2.
 * console.log(gradientPenalty({ gradients: [[3, 4], [0, 1]] }).value); // 80
 * // A critic that is linear, f(x) = x₀, has gradients of length 1 everywhere.
 * const critic: Critic = ({ rows, data }) => Array.from({ length: rows }, (_, i) => data[2 * i]);
 * const { value, norm } = gradientPenalty({ real: [[0, 0], [1, 1]], generated: [[4, 0], [5, 2]], critic });
 * console.log(value.toFixed(6), norm.largest); // 0.000000 1
 */
export function gradientPenalty(
  source: PenaltySource,
  { lambda = 10, seed = 0, step }: GradientPenaltyOptions = {},
): GradientPenalty {
  if (!(lambda >= 0 && Number.isFinite(lambda)))
    throw invalidOption('lambda', 'a number of at least 0', lambda);
  if (step !== undefined && !(step > 0 && Number.isFinite(step))) {
    throw invalidOption('step', 'a positive number', step);
  }
  if ('gradients' in source && step !== undefined) {
    throw invalidOption('step', 'nothing beside gradients', step);
  }
  const norms =
    'gradients' in source
      ? rowNorms(toSamples(source.gradients, { name: 'gradients' }))
      : normsByDifferences(interpolate(source, { seed }), source.critic, step);
  const center = mean(norms);
  return {
    value: lambda * mean(norms.map((norm) => (norm - 1) ** 2)),
    lambda,
    norm: {
      mean: center,
      least: norms.reduce((least, norm) => Math.min(least, norm)),
      largest: norms.reduce((largest, norm) => Math.max(largest, norm)),
      standardDeviation: Math.sqrt(mean(norms.map((norm) => (norm - center) ** 2))),
    },
    points: norms.length,
  };
}

/**
 * Points on the lines between real and generated samples, x̂ = t x + (1 − t) x̃ with t uniform in (0, 1), one for each
 * pair of rows as they lie; surplus rows of the larger set are left out.
 *
 * @param samples  real n × d, generated m × d
 * @param options  seed: 0 by default
 * @returns min(n, m) × d
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE
 * @see Gulrajani et al. 2017, arXiv:1704.00028, algorithm 1
 * @example
 * import { interpolate } from 'gan-metrics/metrics';
 *
 * const { rows, data } = interpolate({ real: [[0, 0], [0, 0]], generated: [[1, 2], [10, 20]] }, { seed: 1 });
 * // Every point on the line from its real sample to its generated one.
 * console.log(rows, data[1] / data[0], data[3] / data[2], data[0] < 1); // 2 2 2 true
 */
export function interpolate(
  { real, generated }: { readonly real: MatrixLike; readonly generated: MatrixLike },
  { seed = 0 }: { readonly seed?: number } = {},
): Matrix<Float64Array> {
  const [x, y] = toSamplePair(real, generated, { names: DIRECTED });
  const d = x.columns;
  const rows = Math.min(x.rows, y.rows);
  const random = createRandom(seed);
  const data = new Float64Array(rows * d);
  for (let i = 0; i < rows; i++) {
    const t = (random.next() + 0.5) / 2 ** 32;
    for (let k = i * d; k < (i + 1) * d; k++) data[k] = t * x.data[k] + (1 - t) * y.data[k];
  }
  return { rows, columns: d, data };
}

/** Points of one call of the critic hold about so many numbers. */
const CALL_SIZE = 2 ** 18;

function normsByDifferences(points: Matrix<Float64Array>, critic: Critic, given?: number): Float64Array {
  const { rows, columns: d, data } = points;
  const step = given ?? (1e-4 * Math.sqrt(mean(data.map((x) => x * x))) || 1e-4);
  const squares = new Float64Array(rows);
  // Slope k is that of point k / d along coordinate k % d.
  const block = Math.max(1, Math.floor(CALL_SIZE / (2 * d)));
  for (let start = 0; start < rows * d; start += block) {
    const count = Math.min(block, rows * d - start);
    const around = new Float64Array(count * 2 * d);
    for (let k = 0; k < count; k++) {
      const point = Math.floor((start + k) / d);
      for (const [side, shift] of [step, -step].entries()) {
        const offset = (2 * k + side) * d;
        around.set(data.subarray(point * d, (point + 1) * d), offset);
        around[offset + ((start + k) % d)] += shift;
      }
    }
    const values = valuesOf(critic, { rows: count * 2, columns: d, data: around });
    for (let k = 0; k < count; k++) {
      squares[Math.floor((start + k) / d)] += ((values[2 * k] - values[2 * k + 1]) / (2 * step)) ** 2;
    }
  }
  return squares.map(Math.sqrt);
}

function valuesOf(critic: Critic, points: Matrix<Float64Array>): ArrayLike<number> {
  const values = critic(points);
  if (values.length !== points.rows) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected one value for each of ${points.rows} points from the critic but received ${values.length}.`,
    );
  }
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new GanMetricsError(
      'NOT_FINITE',
      `Expected finite values from the critic but received ${values[i]}.`,
    );
  }
  return values;
}

function rowNorms({ rows, columns: d, data }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => {
    let square = 0;
    for (let k = i * d; k < (i + 1) * d; k++) square += data[k] * data[k];
    return Math.sqrt(square);
  });
}
