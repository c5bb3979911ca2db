/** Covariances for benches: eigenvalues fall as those of network features do, eigenvectors are of no special kind. */
import { createRandom } from '../src/math/random';

export interface Square {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export function covariance(d: number, seed: number): Square {
  const random = createRandom(seed);
  const data = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    data[i * (d + 1)] = (1 + i) ** -1.2 * Math.exp(-i / 300) * (0.5 + random.next() / 2 ** 32);
  }
  for (let reflection = 0; reflection < 4; reflection++) {
    const v = Float64Array.from({ length: d }, () => random.next() / 2 ** 31 - 1);
    reflect(data, v);
  }
  return { rows: d, columns: d, data };
}

/** H A H with H = I − 2 v vᵀ / vᵀv. */
function reflect(a: Float64Array, v: Float64Array): void {
  const d = v.length;
  const square = v.reduce((sum, x) => sum + x * x, 0);
  const w = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) w[i] += (2 / square) * a[i * d + j] * v[j];
  }
  const inner = w.reduce((sum, x, i) => sum + (x * v[i]) / square, 0);
  for (let i = 0; i < d; i++) w[i] -= inner * v[i];
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      a[i * d + j] -= v[i] * w[j] + w[i] * v[j];
      a[j * d + i] = a[i * d + j];
    }
  }
}
