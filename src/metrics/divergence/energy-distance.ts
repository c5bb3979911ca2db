import type { MatrixLike } from '../../math/matrix';
import { sumOverPairs } from './distance-blocks';
import { toSamplePair } from './sample-pair';

export interface EnergyDistance {
  /** √(2 E‖X − Y‖ − E‖X − X′‖ − E‖Y − Y′‖), in the root of the feature unit. */
  readonly value: number;
  /** The same before the root, in feature units: Székely's energy statistic. */
  readonly squared: number;
}

/**
 * Energy distance of two samples: the MMD of the kernel −‖x − y‖, parameter-free.
 * Lower is better. Range: [0, ∞). Symmetric, a metric between distributions; 0 only for equal ones. Means run over
 * all pairs, equal ones included (a V-statistic), so it is biased upwards by about
 * (E‖X − X′‖/n + E‖Y − Y′‖/m) in `squared`. Time O((n + m)² d), memory by blocks.
 *
 * @param a, b  n × d and m × d; n and m may differ
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE
 * @see Székely, Rizzo 2013, "Energy statistics"; scipy.stats.energy_distance (one dimension, the root)
 * @example
 * import { energyDistance } from 'gan-metrics/metrics';
 *
 * // 2 E|X − Y| − E|X − X′| − E|Y − Y′|
 * console.log(energyDistance([[0]], [[2]]).squared); // 4
 * console.log(energyDistance([[0], [2]], [[2], [0]]).value); // 0
 */
export function energyDistance(a: MatrixLike, b: MatrixLike): EnergyDistance {
  const [x, y] = toSamplePair(a, b);
  const [n, m] = [x.rows, y.rows];
  const across = sumOverPairs(x, y, Math.sqrt) / n / m;
  const within = sumOverPairs(x, x, Math.sqrt) / n / n + sumOverPairs(y, y, Math.sqrt) / m / m;
  const difference = 2 * across - within;
  // It is at least 0; the rounding of three means is not.
  const squared = difference <= 1e-14 * across ? 0 : difference;
  return { value: Math.sqrt(squared), squared };
}
