import type { Matrix } from '../../math/matrix';
import { normalQuantile } from '../../math/normal';
import { createRandom } from '../../math/random';
import type { Scaling } from './scaling';
import type { WindowName } from './windows';

/**
 * Draws `count` rows: a sample by its weight, and a step from it by the window.
 *
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
  {
    samples,
    weights,
    scaling,
    kernel,
  }: {
    samples: Matrix;
    weights: Float64Array | undefined;
    scaling: Scaling;
    kernel: WindowName;
  },
  { count, seed }: { count: number; seed: number },
): Matrix<Float64Array> {
  const d = samples.columns;
  const uniform = openUniform(seed);
  const pick = picker(weights, samples.rows);
  const data = new Float64Array(count * d);
  const step = new Float64Array(d);
  for (let i = 0; i < count; i++) {
    const j = pick(uniform());
    stepOf(kernel, step, uniform);
    scaleStep(scaling, step);
    for (let k = 0; k < d; k++) data[i * d + k] = samples.data[j * d + k] + step[k];
  }
  return { rows: count, columns: d, data };
}

type Uniform = () => number;

/** Uniform in (0, 1), of 52 bits. */
function openUniform(seed: number): Uniform {
  const random = createRandom(seed);
  return () => ((random.next() >>> 6) * 2 ** 26 + (random.next() >>> 6) + 0.5) / 2 ** 52;
}

/** From a uniform number to an index, by weight. */
function picker(weights: Float64Array | undefined, n: number): (u: number) => number {
  if (!weights) return (u) => Math.floor(u * n);
  let total = 0;
  const totals = weights.map((weight) => {
    total += weight;
    return total;
  });
  return (u) => {
    const target = u * total;
    let [low, high] = [0, n - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (totals[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** A draw from the window with bandwidth 1: its coordinates, or a direction and a radius. */
function stepOf(kernel: WindowName, step: Float64Array, uniform: Uniform): void {
  if (kernel === 'hypercube') {
    for (let k = 0; k < step.length; k++) step[k] = uniform() - 0.5;
    return;
  }
  let square = 0;
  for (let k = 0; k < step.length; k++) {
    step[k] = normalQuantile(uniform());
    square += step[k] ** 2;
  }
  if (kernel === 'gaussian') return;
  const factor = radiusOf(kernel, step.length, uniform) / Math.sqrt(square);
  for (let k = 0; k < step.length; k++) step[k] *= factor;
}

/** A draw from the density rᵈ⁻¹ K(r). */
function radiusOf(
  kernel: Exclude<WindowName, 'gaussian' | 'hypercube'>,
  d: number,
  uniform: Uniform,
): number {
  // Beta(a, 2), density rᵃ⁻¹ (1 − r), as the product of Beta(a, 1) and Beta(a + 1, 1).
  const beta = (a: number) => uniform() ** (1 / a) * uniform() ** (1 / (a + 1));
  switch (kernel) {
    case 'ball':
      return uniform() ** (1 / d);
    case 'epanechnikov':
      return Math.sqrt(beta(d / 2));
    case 'linear':
      return beta(d);
    case 'exponential': {
      let sum = 0;
      for (let k = 0; k < d; k++) sum -= Math.log(uniform());
      return sum;
    }
    case 'cosine':
      // Rejection: cos(πr/2) is at most π/2 · (1 − r), and at least 2/π of that.
      for (;;) {
        const r = beta(d);
        if (uniform() * (Math.PI / 2) * (1 - r) <= Math.sin((Math.PI / 2) * (1 - r))) return r;
      }
  }
}

function scaleStep(scaling: Scaling, step: Float64Array): void {
  const d = step.length;
  if (scaling.kind === 'scalar') for (let k = 0; k < d; k++) step[k] *= scaling.bandwidth;
  else if (scaling.kind === 'diagonal') for (let k = 0; k < d; k++) step[k] *= scaling.bandwidth[k];
  else {
    // From the last row up: a row needs only the entries before it.
    for (let i = d - 1; i >= 0; i--) {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += scaling.lower[i * d + k] * step[k];
      step[i] = sum;
    }
  }
}
