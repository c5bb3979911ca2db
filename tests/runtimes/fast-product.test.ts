import { describe, expect, it } from 'vitest';
import type { Computation } from '../../src/math/computation';
import type { Matrix } from '../../src/math/matrix';
import { createRandom } from '../../src/math/random';
import { computeFast } from '../../src/runtimes/fast-product';

/** Integers, whose products are exact in any order of sums. */
function integers(rows: number, columns: number, seed: number): Matrix<Float32Array> {
  const random = createRandom(seed);
  return { rows, columns, data: Float32Array.from({ length: rows * columns }, () => random.integer(7)) };
}

function* asking(a: Matrix, b: Matrix): Computation<Matrix> {
  return yield { a, b };
}

describe('computeFast', () => {
  it.each([
    ['small', 5, 7, 3],
    ['large', 1100, 900, 520],
  ])('carries a computation with %s products through', async (_, rows, columns, depth) => {
    const a = integers(rows, depth, 1);
    const b = integers(columns, depth, 2);
    const product = await computeFast(asking(a, b), { threads: 1 });
    expect([product.rows, product.columns]).toEqual([rows, columns]);
    for (const [i, j] of [
      [0, 0],
      [rows - 1, columns - 1],
      [2, 5],
    ]) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += a.data[i * depth + k] * b.data[j * depth + k];
      expect(product.data[i * columns + j]).toBe(sum);
    }
  });

  it('passes on what the computation throws', async () => {
    // biome-ignore lint/correctness/useYield: it throws before it asks
    const failing = function* (): Computation<number> {
      throw new RangeError('no answer');
    };
    await expect(computeFast(failing())).rejects.toThrow('no answer');
  });
});
