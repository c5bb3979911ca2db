import { describe, expect, it } from 'vitest';
import { covarianceFactor } from '../../src/math/factors';
import { createRandom } from '../../src/math/random';
import { rootTrace } from '../../src/math/root-trace';
import { matrixSqrt } from '../../src/math/symmetric';

interface Square {
  rows: number;
  columns: number;
  data: Float64Array;
}

const uniform = (seed: number) => {
  const random = createRandom(seed);
  return () => (random.next() + 0.5) / 2 ** 32;
};

/** Q diag(values) Qᵀ with Q a product of reflections: the eigenvalues are known, no entry is zero. */
function rotated(values: readonly number[], seed: number): Square {
  const d = values.length;
  const next = uniform(seed);
  const data = new Float64Array(d * d);
  values.forEach((value, i) => {
    data[i * d + i] = value;
  });
  for (let reflection = 0; reflection < 3; reflection++) {
    const v = Float64Array.from({ length: d }, () => next() - 0.5);
    const square = v.reduce((sum, x) => sum + x * x, 0);
    const product = new Float64Array(d);
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) product[i] += (2 / square) * data[i * d + j] * v[j];
    const inner = product.reduce((sum, x, i) => sum + (x * v[i]) / square, 0);
    for (let i = 0; i < d; i++) product[i] -= inner * v[i];
    for (let i = 0; i < d; i++) {
      for (let j = i; j < d; j++) {
        data[i * d + j] -= v[i] * product[j] + product[i] * v[j];
        data[j * d + i] = data[i * d + j];
      }
    }
  }
  return { rows: d, columns: d, data };
}

function decaying(d: number, decades: number): number[] {
  return Array.from({ length: d }, (_, i) => 10 ** ((-decades * i) / d));
}

const of = (a: Square, b: Square) => rootTrace({ sigma: a, name: 'a' }, { sigma: b, name: 'b' });
const relative = (value: number, expected: number) => Math.abs(value / expected - 1);
const roots = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + Math.sqrt(value * b[i]), 0);

function multiply(a: Square, b: Square): Square {
  const d = a.rows;
  const data = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < d; k++) {
      for (let j = 0; j < d; j++) data[i * d + j] += a.data[i * d + k] * b.data[k * d + j];
    }
  }
  return { rows: d, columns: d, data };
}

const trace = ({ rows: d, data }: Square) =>
  Array.from({ length: d }, (_, i) => data[i * d + i]).reduce((x, y) => x + y, 0);

describe('rootTrace', () => {
  it.each([0, 3, 6, 10, 14])(
    'of covariances with equal eigenvectors, over %i decades, is Σ √(aᵢ bᵢ)',
    (decades) => {
      const a = decaying(90, decades);
      const b = decaying(90, decades / 2).reverse();
      expect(relative(of(rotated(a, 1), rotated(a, 1)), roots(a, a))).toBeLessThan(1e-13);
      // Digits that a stored covariance does not have cannot be had from it: 1e-16 of variance is 1e-8 of root.
      expect(relative(of(rotated(a, 1), rotated(b, 1)), roots(a, b))).toBeLessThan(
        decades > 6 ? 1e-6 : 1e-11,
      );
    },
  );

  it('agrees with the matrix square root', () => {
    const [a, b] = [rotated(decaying(60, 3), 1), rotated(decaying(60, 2), 2)];
    const root = matrixSqrt(a);
    const expected = trace(matrixSqrt(multiply(multiply(root, b), root)));
    expect(relative(of(a, b), expected)).toBeLessThan(1e-12);
  });

  it('of two dimensions is √(tr(AB) + 2 √det(AB))', () => {
    const next = uniform(3);
    for (let round = 0; round < 50; round++) {
      const [a, b] = [0, 1].map((k) => rotated([next(), next() * 10 ** (-3 * k)], round * 2 + k));
      const determinant = ({ data: [p, q, , s] }: Square) => p * s - q * q;
      const expected = Math.sqrt(trace(multiply(a, b)) + 2 * Math.sqrt(determinant(a) * determinant(b)));
      expect(relative(of(a, b), expected)).toBeLessThan(1e-12);
    }
  });

  it('is symmetric in its arguments', () => {
    const [a, b] = [rotated(decaying(70, 5), 1), rotated(decaying(70, 2), 2)];
    expect(relative(of(a, b), of(b, a))).toBeLessThan(1e-13);
  });

  it.each([
    ['one singular', 40, 70],
    ['both singular, with the same range', 40, 40],
    ['rank one', 1, 1],
    ['rank one and full', 1, 70],
  ])('is right where %s', (_, rankA, rankB) => {
    const [a, b] = [rankA, rankB].map((rank) => decaying(70, 4).map((x, i) => (i < rank ? x : 0)));
    expect(relative(of(rotated(a, 1), rotated(b, 1)), roots(a, b))).toBeLessThan(1e-12);
    expect(relative(of(rotated(b, 1), rotated(a, 1)), roots(a, b))).toBeLessThan(1e-12);
  });

  it('is right where the ranges overlap in part, so that the product loses rank', () => {
    const a = decaying(60, 2).map((x, i) => (i < 40 ? x : 0));
    const b = decaying(60, 2).map((x, i) => (i >= 25 ? x : 0));
    expect(relative(of(rotated(a, 1), rotated(b, 1)), roots(a, b))).toBeLessThan(1e-12);
  });

  it('is rounding where the ranges are orthogonal', () => {
    const a = decaying(30, 1).map((x, i) => (i < 15 ? x : 0));
    const b = decaying(30, 1).map((x, i) => (i >= 15 ? x : 0));
    expect(of(rotated(a, 1), rotated(b, 1))).toBeLessThan(1e-14);
  });

  it('is not moved by a bit by dimensions that are constant in either, and takes the direct way past them', () => {
    const [a, b] = [rotated(decaying(30, 4), 1), rotated(decaying(30, 2), 2)];
    const dead = [3, 17, 18];
    const without = (x: Square) => {
      const kept = Array.from({ length: 30 }, (_, i) => i).filter((i) => !dead.includes(i));
      const data = Float64Array.from(kept.flatMap((i) => kept.map((j) => x.data[i * 30 + j])));
      return { rows: 27, columns: 27, data };
    };
    const silenced = (x: Square, which: readonly number[], variance = 0) => {
      const data = x.data.map((value, at) =>
        which.includes(at % 30) || which.includes(Math.floor(at / 30)) ? 0 : value,
      );
      for (const i of which) data[i * 31] = variance;
      return { ...x, data };
    };
    const expected = of(without(a), without(b));
    expect(of(silenced(a, dead), b)).toBe(expected);
    expect(of(a, silenced(b, dead))).toBe(expected);
    expect(of(silenced(a, [3]), silenced(b, [17, 18]))).toBe(expected);
    expect(relative(of(silenced(a, dead, 1e-35), silenced(b, dead, 1e-35)), expected)).toBeLessThan(1e-13);
  });

  it('is 0 with a covariance of zeros', () => {
    const zeros = { rows: 5, columns: 5, data: new Float64Array(25) };
    expect(of(zeros, rotated(decaying(5, 1), 1))).toBe(0);
    expect(of(rotated(decaying(5, 1), 1), zeros)).toBe(0);
  });

  it.each([1e-150, 1e-16, 1e-8, 1e8, 1e16, 1e150])('scales with the covariances, by %f', (scale) => {
    const a = rotated(decaying(30, 4), 1);
    const scaled = { ...a, data: a.data.map((x) => x * scale) };
    const b = rotated(decaying(30, 2), 2);
    expect(relative(of(scaled, b), of(a, b) * Math.sqrt(scale))).toBeLessThan(1e-13);
    expect(relative(of(scaled, scaled), trace(a) * scale)).toBeLessThan(1e-13);
  });

  it('takes a factor for its covariance', () => {
    const [a, b] = [rotated(decaying(30, 4), 1), rotated(decaying(30, 2), 2)];
    const factors = [a, b].map((sigma) => ({ factor: covarianceFactor(sigma) }));
    expect(relative(rootTrace(factors[0], factors[1]), of(a, b))).toBeLessThan(1e-13);
    expect(relative(rootTrace(factors[0], { sigma: b, name: 'b' }), of(a, b))).toBeLessThan(1e-13);
  });

  it('is right at 2048 dimensions, full rank or not', () => {
    const full = Array.from({ length: 2048 }, (_, i) => (1 + i) ** -1.2 * Math.exp(-i / 300));
    const other = full.map((x, i) => x * (1 + 0.5 * Math.sin(i)));
    const low = full.map((x, i) => (i < 700 ? x : 0));
    expect(relative(of(rotated(full, 1), rotated(other, 1)), roots(full, other))).toBeLessThan(1e-12);
    expect(relative(of(rotated(low, 1), rotated(other, 1)), roots(low, other))).toBeLessThan(1e-12);
  }, 240_000);
});

describe('rootTrace refuses', () => {
  const good = rotated(decaying(20, 2), 1);
  const spoiled = (smallest: number) =>
    rotated(
      decaying(20, 2).map((x, i) => (i === 19 ? smallest : x)),
      1,
    );

  it.each([
    ['a first', (bad: Square) => of(bad, good)],
    ['a second', (bad: Square) => of(good, bad)],
  ])('%s matrix that is indefinite, and says which and by how much', (_, attempt) => {
    expect(() => attempt(spoiled(-0.5))).toThrow(
      /Expected a positive semidefinite [ab] but it is indefinite by/,
    );
    expect(() => attempt(spoiled(-1e-3))).toThrow(/indefinite/);
  });

  it('not a matrix that rounding to float32 has made indefinite', () => {
    const singular = rotated(
      decaying(20, 2).map((x, i) => (i < 10 ? x : 0)),
      1,
    );
    const rounded = { ...singular, data: Float64Array.from(Float32Array.from(singular.data)) };
    expect(relative(of(rounded, good), of(singular, good))).toBeLessThan(1e-2);
    expect(relative(of(good, rounded), of(good, singular))).toBeLessThan(1e-2);
  });

  it('not zeros on the diagonal, but entries beside them', () => {
    const data = good.data.slice();
    data.fill(0, 0, 20);
    for (let i = 0; i < 20; i++) data[i * 20] = 0;
    expect(of({ ...good, data }, good)).toBeGreaterThan(0);
    data[1] = data[20] = 0.3;
    expect(() => of({ ...good, data }, good)).toThrow(/indefinite/);
  });
});
