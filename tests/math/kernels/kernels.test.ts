import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { type Block, block, part, transposed } from '../../../src/math/kernels/block';
import type { Kernels } from '../../../src/math/kernels/kernels';
import { openKernels } from '../../../src/math/kernels/open-kernels';
import { plainKernels } from '../../../src/math/kernels/plain';
import { openSimdKernels } from '../../../src/math/kernels/simd';
import { createRandom } from '../../../src/math/random';

/** Sizes on both sides of what is treated apart: tiles of 4, panels of 32, 64, 256 and 512, nothing at all. */
const SIZES = [1, 2, 3, 4, 5, 7, 8, 31, 33, 64, 65, 130];

const IMPLEMENTATIONS: [string, () => Kernels][] = [
  ['plain', () => plainKernels],
  ['simd', () => openSimdKernels(4e6)!],
];

function filled(kernels: Kernels, rows: number, columns: number, seed = 1): Block {
  const random = createRandom(seed);
  const data = kernels.allocate(rows * columns);
  for (let i = 0; i < data.length; i++) data[i] = random.next() / 2 ** 31 - 1;
  return block(data, rows, columns);
}

const at = (x: Block, i: number, j: number) => x.data[x.offset + i * x.rowStride + j * x.columnStride];

/** A symmetric positive semidefinite matrix of the rank given. */
function semidefinite(kernels: Kernels, n: number, rank: number): Block {
  const factor = filled(kernels, n, rank, 5);
  const a = block(kernels.allocate(n * n), n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < rank; k++) a.data[i * n + j] += at(factor, i, k) * at(factor, j, k);
    }
  }
  return a;
}

function eigenvalues(n: number, data: Float64Array): number[] {
  const { realEigenvalues } = new EigenvalueDecomposition(MlMatrix.from1DArray(n, n, data), {
    assumeSymmetric: true,
  });
  return realEigenvalues.sort((x, y) => x - y);
}

it('the platform of these tests runs the SIMD kernels', () => {
  expect(openKernels(1).name).toBe('simd');
});

it('the SIMD kernels refuse more than they were opened for, before anything is overwritten', () => {
  const n = 1500;
  const kernels = openSimdKernels(n * n)!;
  const a = block(kernels.allocate(n * n), n, n);
  // It needs as much again.
  expect(() => kernels.dsytrd({ a })).toThrow('were opened for');
});

it('the SIMD kernels refuse an array from elsewhere', () => {
  const kernels = openSimdKernels(16)!;
  expect(() => kernels.exp(new Float64Array(2))).toThrow('these kernels allocated');
});

describe.each(IMPLEMENTATIONS)('the %s kernels', (_, open) => {
  describe('dgemm', () => {
    const product = (a: Block, b: Block, i: number, j: number) => {
      let [sum, size] = [0, 0];
      for (let k = 0; k < a.columns; k++) {
        sum += at(a, i, k) * at(b, k, j);
        size += Math.abs(at(a, i, k) * at(b, k, j));
      }
      return { sum, size };
    };

    it('adds alpha times the product, whatever the sizes', () => {
      const size = fc.integer({ min: 1, max: 40 });
      fc.assert(
        fc.property(size, size, fc.constantFrom(1, 2, 31, 257, 600), (m, n, k) => {
          const kernels = open();
          const [a, b, c] = [filled(kernels, m, k), filled(kernels, k, n, 2), filled(kernels, m, n, 3)];
          const before = c.data.slice();
          kernels.dgemm({ alpha: -0.5, a, b, c });
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              const { sum, size } = product(a, b, i, j);
              const expected = before[i * n + j] - 0.5 * sum;
              expect(Math.abs(at(c, i, j) - expected)).toBeLessThanOrEqual((1 + size) * 1e-14);
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
      kernels.dgemm({ a, b, c: part(whole, { row: 4, column: 7, rows: 9, columns: 13 }) });
      for (let i = 0; i < 20; i++) {
        for (let j = 0; j < 25; j++) {
          const inside = i >= 4 && i < 13 && j >= 7 && j < 20;
          const added = inside ? product(a, b, i - 4, j - 7).sum : 0;
          expect(at(whole, i, j)).toBeCloseTo(before[i * 25 + j] + added, inside ? 13 : 20);
        }
      }
    });

    it('has dgemmt and dsyrk that do the same above the diagonal and nothing below', () => {
      for (const n of [...SIZES, 600]) {
        const kernels = open();
        const k = 9;
        const [a, b] = [filled(kernels, n, k), filled(kernels, k, n, 2)];
        const [full, upper, square] = [1, 2, 3].map(() => block(kernels.allocate(n * n), n, n));
        kernels.dgemm({ alpha: 2, a, b, c: full });
        kernels.dgemmt({ alpha: 2, a, b, c: upper });
        kernels.dsyrk({ alpha: 2, a, c: square });
        const syrk = block(kernels.allocate(n * n), n, n);
        kernels.dgemm({ alpha: 2, a, b: transposed(a), c: syrk });
        const above = (x: Block) => x.data.map((value, at) => (at % n < Math.floor(at / n) ? 0 : value));
        // Far faster than toEqual, which looks for what differs.
        const differ = (x: Block, y: Float64Array) =>
          x.data.findIndex((value, at) => !Object.is(value, y[at]));
        expect(differ(upper, above(full))).toBe(-1);
        expect(differ(square, above(syrk))).toBe(-1);
      }
    });
  });

  describe('dpstrf', () => {
    const factored = (kernels: Kernels, given: Block, tolerance = 1e-10) => {
      const a = block(kernels.allocate(given.rows ** 2), given.rows, given.rows);
      a.data.set(given.data);
      return { a, ...kernels.dpstrf({ a, tolerance }) };
    };

    it.each(SIZES)('gives UᵀU = a[order, order] and the rank, n = %i', (n) => {
      const kernels = open();
      for (const rank of new Set([n, Math.ceil(n / 2), 1])) {
        const given = semidefinite(kernels, n, rank);
        const { a, rank: found, order } = factored(kernels, given);
        expect(found).toBe(rank);
        expect([...order].sort((x, y) => x - y)).toEqual(Array.from({ length: n }, (_, i) => i));
        for (let i = 0; i < n; i++) {
          for (let j = i; j < n; j++) {
            let sum = 0;
            for (let k = 0; k < Math.min(found, i + 1); k++) sum += at(a, k, i) * at(a, k, j);
            expect(Math.abs(sum - at(given, order[i], order[j]))).toBeLessThan(1e-12 * n);
          }
        }
      }
    });

    it('has pivots that do not rise', () => {
      const kernels = open();
      const { a } = factored(kernels, semidefinite(kernels, 130, 130));
      for (let k = 1; k < 130; k++) {
        expect(at(a, k, k)).toBeLessThanOrEqual(at(a, k - 1, k - 1) * (1 + 1e-12));
      }
    });

    it('leaves what is not semidefinite, for its caller to judge', () => {
      const kernels = open();
      const indefinite = block(kernels.allocate(9), 3, 3);
      indefinite.data.set([4, 0, 0, 0, 0, 1, 0, 1, 0]);
      const { a, rank } = factored(kernels, indefinite);
      expect(rank).toBe(1);
      expect(at(a, 1, 2)).toBe(1);
      const steep = block(kernels.allocate(9), 3, 3);
      steep.data.set([4, 2, 2, 2, 1.1, 5, 2, 5, 1.1]);
      const left = factored(kernels, steep);
      expect(left.rank).toBe(1);
      expect(at(left.a, 1, 2)).toBeCloseTo(4, 13);
    });

    it('finds rank 0 in zeros', () => {
      const kernels = open();
      expect(factored(kernels, block(kernels.allocate(25), 5, 5), 0).rank).toBe(0);
    });
  });

  describe('dsytrd and dsterf', () => {
    const values = (kernels: Kernels, given: Block) => {
      const a = block(kernels.allocate(given.rows ** 2), given.rows, given.rows);
      a.data.set(given.data);
      const { d, e } = kernels.dsytrd({ a });
      expect(kernels.dsterf({ d, e: e.subarray(0, Math.max(0, given.rows - 1)) })).toBe(0);
      return [...d].sort((x, y) => x - y);
    };

    it.each(SIZES)('find the eigenvalues, n = %i', (n) => {
      const kernels = open();
      const given = filled(kernels, n, n);
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) given.data[i * n + j] = at(given, j, i);
      const expected = eigenvalues(n, given.data.slice());
      values(kernels, given).forEach((value, i) => {
        expect(Math.abs(value - expected[i])).toBeLessThan(1e-14 * n);
      });
    });

    it('find known ones: of the second-difference matrix, 2 − 2 cos(k π / (n + 1))', () => {
      const kernels = open();
      const n = 100;
      const d = kernels.allocate(n).fill(2);
      const e = kernels.allocate(n - 1).fill(-1);
      kernels.dsterf({ d, e });
      d.sort().forEach((value, i) => {
        expect(Math.abs(value - (2 - 2 * Math.cos(((i + 1) * Math.PI) / (n + 1))))).toBeLessThan(1e-14);
      });
    });

    it('keep the digits of small eigenvalues of a graded matrix', () => {
      // D S D with S close to the identity: every eigenvalue is known to the digits that S allows.
      const kernels = open();
      const n = 12;
      const scale = (i: number) => 10 ** -i;
      const graded = block(kernels.allocate(n * n), n, n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) graded.data[i * n + j] = scale(i) * scale(j) * (i === j ? 1 : 0.01);
      }
      const found = values(kernels, graded);
      const determinant = (size: number) => 0.99 ** (size - 1) * (1 + 0.01 * (size - 1));
      const product = found.reduce((p, value, i) => p * (value / scale(n - 1 - i) ** 2), 1);
      expect(Math.abs(product / determinant(n) - 1)).toBeLessThan(1e-12);
    });

    it('find multiple and zero eigenvalues', () => {
      const kernels = open();
      const ones = block(kernels.allocate(64).fill(1), 8, 8);
      const found = values(kernels, ones);
      expect(Math.abs(found[7] - 8)).toBeLessThan(1e-14);
      for (const value of found.slice(0, 7)) expect(Math.abs(value)).toBeLessThan(1e-14);
      expect(values(kernels, block(kernels.allocate(16), 4, 4))).toEqual([0, 0, 0, 0]);
    });
  });

  describe('squaredDistances', () => {
    it('adds the squared distance of every row to every row', () => {
      const size = fc.integer({ min: 1, max: 20 });
      fc.assert(
        fc.property(size, size, fc.constantFrom(1, 3, 64, 300), (m, n, d) => {
          const kernels = open();
          const [x, y] = [filled(kernels, m, d), filled(kernels, n, d, 2)];
          const c = block(kernels.allocate(m * n).fill(1), m, n);
          kernels.squaredDistances({ x, y, c });
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              let expected = 1;
              for (let k = 0; k < d; k++) expected += (at(x, i, k) - at(y, j, k)) ** 2;
              expect(Math.abs(at(c, i, j) / expected - 1)).toBeLessThan(1e-14);
            }
          }
        }),
        { numRuns: 20 },
      );
    });

    it('is exactly 0 for equal rows, and symmetric to the last bit, far from the origin too', () => {
      const kernels = open();
      const x = filled(kernels, 9, 50);
      for (let i = 0; i < x.data.length; i++) x.data[i] += 1e6;
      const c = block(kernels.allocate(81), 9, 9);
      kernels.squaredDistances({ x, y: x, c });
      for (let i = 0; i < 9; i++) {
        expect(at(c, i, i)).toBe(0);
        for (let j = 0; j < i; j++) expect(at(c, i, j)).toBe(at(c, j, i));
      }
    });
  });

  describe('exp and logSumExp', () => {
    it('exp is within two units in the last place', () => {
      const kernels = open();
      const values = [0, 1, -1, 0.34, -0.35, 1e-20, 709.7, -708, 100.5, -300.25, 20, 0.1, 5e-324];
      const random = createRandom(9);
      for (let i = 0; i < 2000; i++) values.push((random.next() / 2 ** 31 - 1) * 700);
      const x = kernels.allocate(values.length);
      x.set(values);
      kernels.exp(x);
      values.forEach((value, i) => {
        expect(Math.abs(x[i] / Math.exp(value) - 1)).toBeLessThan(2 ** -51);
      });
    });

    it('exp has the limits of Math.exp', () => {
      const kernels = open();
      const values = [Number.NEGATIVE_INFINITY, -800, -745.2, 710, 1e9, Number.POSITIVE_INFINITY, Number.NaN];
      const x = kernels.allocate(values.length);
      x.set(values);
      kernels.exp(x);
      expect([...x]).toEqual(values.map(Math.exp));
      const subnormal = kernels.allocate(1).fill(-740);
      kernels.exp(subnormal);
      expect(Math.abs(subnormal[0] / Math.exp(-740) - 1)).toBeLessThan(1e-2);
    });

    it('logSumExp does not overflow, and is the logarithm of the sum', () => {
      for (const n of SIZES) {
        const kernels = open();
        const x = filled(kernels, 3, n);
        for (let i = 0; i < n; i++) x.data[2 * n + i] += 1e5;
        const sums = kernels.allocate(3);
        kernels.logSumExp({ x, sums });
        for (let i = 0; i < 3; i++) {
          const shift = i === 2 ? 1e5 : 0;
          let sum = 0;
          for (let j = 0; j < n; j++) sum += Math.exp(at(x, i, j) - shift);
          const expected = shift + Math.log(sum);
          expect(Math.abs(sums[i] - expected)).toBeLessThan(1e-14 * (1 + Math.abs(expected)));
        }
      }
    });

    it('logSumExp of −∞ alone is −∞, and NaN stays NaN', () => {
      const kernels = open();
      const none = Number.NEGATIVE_INFINITY;
      const x = block(kernels.allocate(9), 3, 3);
      x.data.set([none, none, none, none, 2, none, 1, Number.NaN, 2]);
      const sums = kernels.allocate(3);
      kernels.logSumExp({ x, sums });
      expect([...sums]).toEqual([none, 2, Number.NaN]);
    });
  });
});
