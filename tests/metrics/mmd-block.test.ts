import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random';
import { type ApplyKernel, sumCubes, sumRows } from '../../src/metrics/mmd-block';
import { evaluateKernel } from '../../src/metrics/mmd-kernel';

const settings = fc.record({
  n: fc.integer({ min: 0, max: 13 }),
  m: fc.integer({ min: 0, max: 13 }),
  gamma: fc.double({ min: 1e-3, max: 2, noNaN: true }),
  coef0: fc.double({ min: 0, max: 2, noNaN: true }),
  single: fc.boolean(),
  seed: fc.nat(10_000),
});

/** Beside the block, sums hold 1 already: what is added must not replace it. */
function sumsOf(n: number, m: number) {
  return { rows: new Float64Array(n).fill(1), columns: new Float64Array(m).fill(1) };
}

describe('sumCubes', () => {
  it('is sumRows of the cubic kernel, for any number of rows and columns', () => {
    fc.assert(
      fc.property(settings, ({ n, m, gamma, coef0, single, seed }) => {
        const random = createRandom(seed);
        const values = (length: number) => Float64Array.from({ length }, () => random.next() / 2 ** 31 - 1);
        const products = single ? Float32Array.from(values(n * m)) : values(n * m);
        const block = { products, x: values(n), y: values(m) };
        const [fast, plain] = [sumsOf(n, m), sumsOf(n, m)];
        const { apply } = evaluateKernel(
          { kernel: 'polynomial', degree: 3, gamma, coef0 },
          { center: new Float64Array(1), precision: 'float64' },
        );
        const squares = sumCubes({ gamma, coef0 }, apply)(block, fast);
        const expected = sumRows(apply)(block, plain);
        // Values reach 10³, sums of 13 of them 10⁴ and of their squares 10⁸: rounding is 1e-16 of that.
        expect(Math.abs(squares - expected)).toBeLessThan(1e-12 * Math.max(1, expected));
        for (const of of ['rows', 'columns'] as const) {
          fast[of].forEach((sum, k) => {
            expect(Math.abs(sum - plain[of][k])).toBeLessThan(1e-11);
          });
        }
      }),
    );
  });
});

describe('sumRows', () => {
  it('adds every value to its row and its column, and returns the sum of squares', () => {
    const identity: ApplyKernel = (into, products, { start, count }) => {
      for (let t = 0; t < count; t++) into[t] = products[start + t];
    };
    const sums = sumsOf(2, 3);
    const block = {
      products: Float64Array.of(1, 2, 3, 4, 5, 6),
      x: new Float64Array(2),
      y: new Float64Array(3),
    };
    expect(sumRows(identity)(block, sums)).toBe(91);
    expect([...sums.rows]).toEqual([7, 16]);
    expect([...sums.columns]).toEqual([6, 8, 10]);
  });
});
