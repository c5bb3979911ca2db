import { GanMetricsError, invalidOption } from '../../errors';
import { type Matrix, type MatrixLike, toMatrix } from '../../math/matrix';
import { createRandom } from '../../math/random';
import { requireFiniteRows } from '../../math/statistics';
import { normalize } from '../divergence/histograms';

/** A mixture of round Gaussians of one width: what toy generators are trained to draw from. */
export interface GaussianMixture {
  /** modes × d */
  readonly centers: MatrixLike;
  /** Standard deviation of every mode in every direction, > 0. */
  readonly sigma: number;
  /** Share of each mode, divided by their sum; equal ones by default. */
  readonly weights?: ArrayLike<number>;
}

/**
 * Gaussians evenly on a circle around the origin, the first at angle 0.
 *
 * @param options  modes (8), radius (2), sigma (0.02)
 * @throws INVALID_OPTION
 * @see Metz et al. 2017, arXiv:1611.02163; Srivastava et al. 2017 (VEEGAN), arXiv:1705.07761
 * @example
 * import { ringOfGaussians } from 'gan-metrics/metrics';
 *
 * const { centers, sigma } = ringOfGaussians({ modes: 4, radius: 2 });
 * console.log(sigma, (centers as number[][]).map((row) => row.map(Math.round))); // 0.02 [ [ 2, 0 ], [ 0, 2 ], [ -2, 0 ], [ 0, -2 ] ]
 */
export function ringOfGaussians({ modes = 8, radius = 2, sigma = 0.02 } = {}): GaussianMixture {
  requireCount('modes', modes);
  requirePositive('radius', radius);
  requirePositive('sigma', sigma);
  const centers = Array.from({ length: modes }, (_, k) => {
    const angle = (2 * Math.PI * k) / modes;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { centers, sigma };
}

/**
 * Gaussians on a square grid around the origin, row by row.
 *
 * @param options  side: modes along each side (5, so 25 in all), spacing (2), sigma (0.05)
 * @throws INVALID_OPTION
 * @see Srivastava et al. 2017 (VEEGAN), arXiv:1705.07761; Lin et al. 2018 (PacGAN), arXiv:1712.04086
 * @example
 * import { gridOfGaussians } from 'gan-metrics/metrics';
 *
 * const { centers, sigma } = gridOfGaussians({ side: 2, spacing: 2 });
 * console.log(sigma, centers); // 0.05 [ [ -1, -1 ], [ 1, -1 ], [ -1, 1 ], [ 1, 1 ] ]
 */
export function gridOfGaussians({ side = 5, spacing = 2, sigma = 0.05 } = {}): GaussianMixture {
  requireCount('side', side);
  requirePositive('spacing', spacing);
  requirePositive('sigma', sigma);
  const place = (k: number) => (k - (side - 1) / 2) * spacing;
  const centers = Array.from({ length: side * side }, (_, k) => [
    place(k % side),
    place(Math.floor(k / side)),
  ]);
  return { centers, sigma };
}

/**
 * Draws from a mixture.
 *
 * @param mixture  centers (modes × d), sigma, weights
 * @param options  count of samples; seed (0)
 * @returns samples, count × d, and the mode that each was drawn from
 * @throws INVALID_OPTION, SHAPE_MISMATCH, NOT_FINITE, NOT_PROBABILITIES, TOO_FEW_SAMPLES for a mixture of no modes
 * @example
 * import { featureStatistics, ringOfGaussians, sampleMixture } from 'gan-metrics/metrics';
 *
 * const ring = ringOfGaussians({ modes: 8, radius: 2 });
 * const { samples, modes } = sampleMixture(ring, { count: 4000, seed: 7 });
 * console.log(samples.rows, samples.columns, new Set(modes).size); // 4000 2 8
 * // About radius² / 2.
 * console.log(featureStatistics(samples).sigma.data[0]); // 2.00715
 */
export function sampleMixture(
  mixture: GaussianMixture,
  { count, seed = 0 }: { count: number; seed?: number },
): { samples: Matrix<Float64Array>; modes: Int32Array } {
  requireCount('count', count);
  const { centers, sigma, weights } = toMixture(mixture);
  const d = centers.columns;
  const random = createRandom(seed);
  const modes = new Int32Array(count);
  const data = new Float64Array(count * d);
  for (let i = 0; i < count; i++) {
    let left = (random.next() + 0.5) / 2 ** 32;
    let mode = 0;
    while (mode < weights.length - 1 && left >= weights[mode]) left -= weights[mode++];
    modes[i] = mode;
    for (let j = 0; j < d; j++) data[i * d + j] = centers.data[mode * d + j] + sigma * random.normal();
  }
  return { samples: { rows: count, columns: d, data }, modes };
}

/** @throws SHAPE_MISMATCH, NOT_FINITE, NOT_PROBABILITIES, INVALID_OPTION, TOO_FEW_SAMPLES */
export function toMixture({ centers: given, sigma, weights }: GaussianMixture): {
  centers: Matrix;
  sigma: number;
  weights: Float64Array;
} {
  requirePositive('sigma', sigma);
  const centers = toMatrix(given, 'centers');
  requireFiniteRows(centers, 'centers');
  if (centers.rows === 0) {
    throw new GanMetricsError('TOO_FEW_SAMPLES', 'Expected at least 1 row in centers but received none.');
  }
  if (!weights) return { centers, sigma, weights: new Float64Array(centers.rows).fill(1 / centers.rows) };
  requireModes(weights, centers.rows, 'weights');
  return { centers, sigma, weights: normalize(weights, 'weights') };
}

/** @throws SHAPE_MISMATCH unless there are as many values as modes */
export function requireModes(weights: ArrayLike<number>, modes: number, name: string): void {
  if (weights.length === modes) return;
  throw new GanMetricsError('SHAPE_MISMATCH', `Expected ${modes} ${name} but received ${weights.length}.`);
}

/** @throws INVALID_OPTION */
export function requireCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw invalidOption(name, 'a positive integer', value);
}

/** @throws INVALID_OPTION */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw invalidOption(name, 'a positive number', value);
}
