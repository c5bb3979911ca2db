import { describe, expect, it } from 'vitest';
import { type Block, block } from '../../src/math/kernels/block';
import type { Kernels } from '../../src/math/kernels/kernels';
import { plainKernels } from '../../src/math/kernels/plain';
import { openSimdKernels } from '../../src/math/kernels/simd';
import { createRandom } from '../../src/math/random';
import { symmetricRoots } from '../../src/math/symmetric-roots';

/** F Fᵀ of n × rank normal numbers whose columns fall in size by `decay` each. */
function semidefinite(kernels: Kernels, n: number, { rank = n, decay = 0.95, seed = 1 } = {}): Block {
  const random = createRandom(seed);
  const f = block(kernels.allocate(n * rank), n, rank);
  for (let i = 0; i < n * rank; i++) f.data[i] = random.normal() * decay ** (i % rank);
  const a = block(kernels.allocate(n * n), n, n);
  kernels.dsyrk({ a: f, c: a });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a.data[i * n + j] = a.data[j * n + i];
  return a;
}

function product(kernels: Kernels, a: Block, b: Block): Block {
  const c = block(kernels.allocate(a.rows * b.columns), a.rows, b.columns);
  kernels.dgemm({ a, b, c });
  return c;
}

function expectClose(a: Block, expected: (i: number, j: number) => number, tolerance: number) {
  let worst = 0;
  let largest = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.columns; j++) {
      worst = Math.max(worst, Math.abs(a.data[i * a.columns + j] - expected(i, j)));
      largest = Math.max(largest, Math.abs(expected(i, j)));
    }
  }
  expect(worst).toBeLessThanOrEqual(tolerance * largest);
}

const engines: readonly [string, () => Kernels][] = [
  ['plain', () => plainKernels],
  ['simd', () => openSimdKernels(500_000)!],
];

describe.each(engines)('symmetricRoots on %s kernels', (_, open) => {
  it.each([1, 2, 3, 7, 64, 65, 130])('gives a root and its inverse, n = %i', (n) => {
    const kernels = open();
    const a = semidefinite(kernels, n, { rank: n + 5 });
    const given = a.data.slice();
    const { root, inverseRoot } = symmetricRoots(kernels, a);
    expectClose(product(kernels, root, root), (i, j) => given[i * n + j], 1e-9);
    expectClose(product(kernels, root, inverseRoot), (i, j) => (i === j ? 1 : 0), 1e-7);
  });

  it('gives symmetric matrices', () => {
    const kernels = open();
    const { root, inverseRoot } = symmetricRoots(kernels, semidefinite(kernels, 40, { rank: 50 }));
    for (const x of [root, inverseRoot]) expectClose(x, (i, j) => x.data[j * 40 + i], 1e-11);
  });

  it('of a singular matrix is bounded, and inverts the root within its range', () => {
    const kernels = open();
    const n = 30;
    const a = semidefinite(kernels, n, { rank: 12 });
    const copy = block(kernels.allocate(n * n), n, n);
    copy.data.set(a.data);
    const { root, inverseRoot } = symmetricRoots(kernels, a);
    expectClose(product(kernels, root, root), (i, j) => copy.data[i * n + j], 1e-7);
    // A · A^-½ = A^½: what lies outside the range of A has no part in it.
    expectClose(product(kernels, copy, inverseRoot), (i, j) => root.data[i * n + j], 1e-7);
  });

  it('of diagonal, zero and one-dimensional matrices is what it should be', () => {
    const kernels = open();
    const a = block(kernels.allocate(16), 4, 4);
    [4, 9, 0.25, 1].forEach((value, i) => {
      a.data[i * 5] = value;
    });
    const { root, inverseRoot } = symmetricRoots(kernels, a);
    expectClose(root, (i, j) => (i === j ? [2, 3, 0.5, 1][i] : 0), 1e-9);
    expectClose(inverseRoot, (i, j) => (i === j ? [0.5, 1 / 3, 2, 1][i] : 0), 1e-9);
    const zero = symmetricRoots(kernels, block(kernels.allocate(9), 3, 3));
    expect([...zero.root.data, ...zero.inverseRoot.data].every((value) => value === 0)).toBe(true);
  });

  it('scales with the matrix, however large or small', () => {
    for (const scale of [2 ** -200, 2 ** 200]) {
      const kernels = open();
      const a = semidefinite(kernels, 20, { rank: 25 });
      const scaled = block(kernels.allocate(400), 20, 20);
      a.data.forEach((value, i) => {
        scaled.data[i] = value * scale;
      });
      const expected = symmetricRoots(kernels, a);
      const found = symmetricRoots(kernels, scaled);
      expectClose(found.root, (i, j) => expected.root.data[i * 20 + j] * Math.sqrt(scale), 1e-9);
      expectClose(
        found.inverseRoot,
        (i, j) => expected.inverseRoot.data[i * 20 + j] / Math.sqrt(scale),
        1e-9,
      );
    }
  });
});
