/** Gaussian populations whose Fréchet distance is known, to draw samples from. */
import type { Matrix } from '../../src/math/matrix';
import { createRandom, type Random } from '../../src/math/random';
import { distanceOfGaussians, type Gaussian } from '../../src/metrics/frechet-distance';

export interface Population {
  /** The Gaussian itself, as if of infinitely many samples. */
  readonly gaussian: Gaussian;
  draw(n: number, random: Random): Matrix<Float32Array>;
}

/**
 * Variances fall like those of network features, (1 + i)^-decay; the axes are of no special kind, by reflections
 * that the seed decides.
 */
export function population(
  d: number,
  { seed, decay = 1, shift = 0, scale = 1 }: { seed: number; decay?: number; shift?: number; scale?: number },
): Population {
  const random = createRandom(seed);
  const reflections = Array.from({ length: 4 }, () => unitVector(d, random));
  const mu = unitVector(d, random).map((x) => x * shift);
  const deviations = Float64Array.from({ length: d }, (_, i) => scale * (1 + i) ** (-decay / 2));
  const turn = (x: Float64Array) => {
    for (const v of reflections) {
      let product = 0;
      for (let j = 0; j < d; j++) product += v[j] * x[j];
      for (let j = 0; j < d; j++) x[j] -= 2 * product * v[j];
    }
    return x;
  };
  const factor = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    const axis = new Float64Array(d);
    axis[k] = deviations[k];
    factor.set(turn(axis), k * d);
  }
  return {
    gaussian: {
      count: null,
      mu,
      trace: deviations.reduce((sum, x) => sum + x * x, 0),
      covariance: { factor: { rows: d, columns: d, data: factor } },
    },
    draw(n, numbers) {
      const data = new Float32Array(n * d);
      for (let i = 0; i < n; i++) {
        const x = turn(deviations.map((deviation) => deviation * numbers.normal()));
        for (let j = 0; j < d; j++) data[i * d + j] = x[j] + mu[j];
      }
      return { rows: n, columns: d, data };
    },
  };
}

function unitVector(d: number, random: Random): Float64Array {
  const v = Float64Array.from({ length: d }, () => random.normal());
  const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  return v.map((x) => x / length);
}

export function trueDistance(a: Population, b: Population): number {
  return distanceOfGaussians(a.gaussian, b.gaussian).value;
}
