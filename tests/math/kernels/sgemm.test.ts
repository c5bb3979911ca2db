import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, block, part, transposed } from '../../../src/math/kernels/block';
import type { Kernels } from '../../../src/math/kernels/kernels';
import { plainKernels } from '../../../src/math/kernels/plain';
import { openSimdKernels } from '../../../src/math/kernels/simd';
import { createRandom } from '../../../src/math/random';

const IMPLEMENTATIONS: [string, () => Kernels][] = [
  ['plain', () => plainKernels],
  ['simd', () => openSimdKernels(1e6)!],
];

type Single = Block<Float32Array>;

function filled(kernels: Kernels, rows: number, columns: number, seed = 1): Single {
  const random = createRandom(seed);
  const data = kernels.allocateSingle(rows * columns);
  for (let i = 0; i < data.length; i++) data[i] = random.next() / 2 ** 31 - 1;
  return block(data, rows, columns);
}

const at = (x: Single, i: number, j: number) => x.data[x.offset + i * x.rowStride + j * x.columnStride];

/** Entry (i, j) of a · b in float64, and the sum of the absolute values of its terms. */
function product(a: Single, b: Single, i: number, j: number) {
  let [sum, size] = [0, 0];
  for (let k = 0; k < a.columns; k++) {
    sum += at(a, i, k) * at(b, k, j);
    size += Math.abs(at(a, i, k) * at(b, k, j));
  }
  return { sum, size };
}

describe.each(IMPLEMENTATIONS)('sgemm of the %s kernels', (_, open) => {
  it('adds the product, to the rounding of float32 sums, whatever the sizes', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, fc.constantFrom(1, 2, 3, 31, 257, 600), (m, n, k) => {
        const kernels = open();
        const [a, b, c] = [filled(kernels, m, k), filled(kernels, n, k, 2), filled(kernels, m, n, 3)];
        const before = c.data.slice();
        kernels.sgemm({ a, b: transposed(b), c });
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            const { sum, size } = product(a, transposed(b), i, j);
            const error = Math.abs(at(c, i, j) - (before[i * n + j] + sum));
            expect(error).toBeLessThanOrEqual((k + 1) * 2 ** -24 * (1 + size));
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('reads transposed operands and parts of larger matrices, and writes only its part', () => {
    const kernels = open();
    const a = transposed(part(filled(kernels, 30, 20), { row: 3, column: 2, rows: 11, columns: 9 }));
    const b = part(filled(kernels, 40, 50, 2), { row: 5, column: 6, rows: 11, columns: 13 });
    const whole = filled(kernels, 20, 25, 3);
    const before = whole.data.slice();
    kernels.sgemm({ a, b, c: part(whole, { row: 4, column: 7, rows: 9, columns: 13 }) });
    for (let i = 0; i < 20; i++) {
      for (let j = 0; j < 25; j++) {
        const inside = i >= 4 && i < 13 && j >= 7 && j < 20;
        const added = inside ? product(a, b, i - 4, j - 7).sum : 0;
        expect(Math.abs(at(whole, i, j) - (before[i * 25 + j] + added))).toBeLessThan(inside ? 2e-6 : 1e-30);
      }
    }
  });

  it('is exact on small integers, past every block', () => {
    const kernels = open();
    const [a, b] = [filled(kernels, 135, 300), filled(kernels, 530, 300, 2)];
    for (const { data } of [a, b]) data.set(data.map((value) => Math.round(value * 4)));
    const c = block(kernels.allocateSingle(135 * 530), 135, 530);
    kernels.sgemm({ a, b: transposed(b), c });
    const wrong = c.data.filter(
      (value, at) => value !== product(a, transposed(b), Math.floor(at / 530), at % 530).sum,
    );
    expect(wrong.length).toBe(0);
  });
});
