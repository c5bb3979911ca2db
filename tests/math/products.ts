import { expect } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { createRandom } from '../../src/math/random';

/** Uniform in [−1, 1). */
export function randomMatrix(
  rows: number,
  columns: number,
  { Data, seed = 1 }: { Data: Float32ArrayConstructor | Float64ArrayConstructor; seed?: number },
): Matrix {
  const random = createRandom(seed);
  const data = new Data(rows * columns).map(() => random.next() / 2 ** 31 - 1);
  return { rows, columns, data };
}

/** Holds every so many entries of a · bᵀ to the rounding of their number type. */
export function expectProduct(
  product: Matrix,
  { a, b, every = 1 }: { a: Matrix; b: Matrix; every?: number },
): void {
  const unit = product.data instanceof Float32Array ? 2 ** -24 : 2 ** -53;
  const d = a.columns;
  expect([product.rows, product.columns]).toEqual([a.rows, b.rows]);
  for (let at = 0; at < product.data.length; at += every) {
    const [i, j] = [Math.floor(at / b.rows), at % b.rows];
    let [sum, size] = [0, 0];
    for (let k = 0; k < d; k++) {
      sum += a.data[i * d + k] * b.data[j * d + k];
      size += Math.abs(a.data[i * d + k] * b.data[j * d + k]);
    }
    expect(Math.abs(product.data[at] - sum)).toBeLessThanOrEqual((d + 1) * (unit + 2 ** -53) * size);
  }
}
