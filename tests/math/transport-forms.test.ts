import { Matrix as MlMatrix, pseudoInverse } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { createRandom } from '../../src/math/random';
import { rootTrace } from '../../src/math/root-trace';
import { featureStatistics } from '../../src/math/statistics';
import { matrixSqrt } from '../../src/math/symmetric';
import { type TransportSide, transportForms } from '../../src/math/transport-forms';

function samples(n: number, d: number, { seed, decay = 1 }: { seed: number; decay?: number }): Matrix {
  const random = createRandom(seed);
  const data = Float64Array.from({ length: n * d }, (_, i) => random.normal() * (1 + (i % d)) ** -decay);
  // Neighbors are mixed, so that covariances do not commute.
  for (let i = n * d - 1; i > 0; i--) if (i % d > 0) data[i] += 0.4 * data[i - 1] * (seed % 2 ? 1 : -1);
  return { rows: n, columns: d, data };
}

const sampled = (features: Matrix, name = 'a'): TransportSide => ({
  ...featureStatistics(features),
  features,
  name,
});
const few = (features: Matrix): TransportSide => ({
  mu: featureStatistics(features).mu,
  features,
  name: 'few',
});
const fixed = (features: Matrix): TransportSide => ({ ...featureStatistics(features), name: 'fixed' });

const toMl = ({ rows, columns, data }: Matrix) => MlMatrix.from1DArray(rows, columns, data);
const root = (a: MlMatrix) =>
  toMl(matrixSqrt({ rows: a.rows, columns: a.columns, data: Float64Array.from(a.to1DArray()) }));

/** xᵀ Σ_x^-½ (Σ_x^½ Σ_y Σ_x^½)^½ Σ_x^-½ x, by its definition. */
function byDefinition(x: Matrix, y: Matrix): number[] {
  const { mu, sigma } = featureStatistics(x);
  const rootOfX = root(toMl(sigma));
  const inverse = pseudoInverse(rootOfX, 1e-9);
  const inner = root(rootOfX.mmul(toMl(featureStatistics(y).sigma)).mmul(rootOfX));
  const map = inverse.mmul(inner).mmul(inverse);
  return Array.from({ length: x.rows }, (_, i) => {
    const row = MlMatrix.rowVector(
      Array.from({ length: x.columns }, (_, j) => x.data[i * x.columns + j] - mu[j]),
    );
    return row.mmul(map).mmul(row.transpose()).get(0, 0);
  });
}

function expectClose(found: Float64Array | undefined, expected: readonly number[], tolerance: number) {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(found![i] - value)).toBeLessThan(tolerance * largest);
  });
}

describe('transportForms equals its definition', () => {
  it.each([
    [60, 50, 6],
    [50, 60, 6],
    [300, 40, 12],
    [20, 30, 1],
    [600, 300, 40],
  ])('with %i and %i samples in %i dimensions', (n, m, d) => {
    const [x, y] = [samples(n, d, { seed: 1 }), samples(m, d, { seed: 2, decay: 0.5 })];
    const [ofX, ofY] = transportForms(sampled(x), sampled(y));
    expectClose(ofX, byDefinition(x, y), 1e-8);
    expectClose(ofY, byDefinition(y, x), 1e-8);
  });

  it.each([
    [10, 80, 14],
    [80, 10, 14],
    [10, 12, 14],
    [12, 10, 14],
    [14, 14, 14],
  ])('where a covariance is singular: %i and %i samples in %i dimensions', (n, m, d) => {
    const [x, y] = [samples(n, d, { seed: 1 }), samples(m, d, { seed: 2, decay: 0.5 })];
    const [ofX, ofY] = transportForms(n <= d ? few(x) : sampled(x), m <= d ? few(y) : sampled(y));
    // The oracle takes roots of rounding, 1e-8, for what is 0.
    expectClose(ofX, byDefinition(x, y), 1e-5);
    expectClose(ofY, byDefinition(y, x), 1e-5);
  });

  it('where columns are constant, or sums of others', () => {
    const dependent = (m: Matrix): Matrix => ({
      ...m,
      data: m.data.map((value, i) => (i % 6 === 2 ? 7 : i % 6 === 4 ? m.data[i - 3] + m.data[i - 4] : value)),
    });
    const [x, y] = [dependent(samples(50, 6, { seed: 1 })), samples(60, 6, { seed: 2 })];
    for (const [a, b] of [
      [x, y],
      [y, x],
    ]) {
      const [ofA, ofB] = transportForms(sampled(a), sampled(b));
      expectClose(ofA, byDefinition(a, b), 1e-5);
      expectClose(ofB, byDefinition(b, a), 1e-5);
    }
  });
});

describe('transportForms', () => {
  it.each([
    [300, 200, 20],
    [15, 200, 20],
    [15, 18, 20],
  ])('averages to the trace of the root on either side (%i, %i samples, d = %i)', (n, m, d) => {
    const [x, y] = [samples(n, d, { seed: 3 }), samples(m, d, { seed: 4 })];
    const [a, b] = [featureStatistics(x), featureStatistics(y)];
    const expected = rootTrace({ sigma: a.sigma, name: 'a' }, { sigma: b.sigma, name: 'b' });
    const [ofX, ofY] = transportForms(sampled(x), sampled(y));
    for (const [forms, count] of [
      [ofX!, n],
      [ofY!, m],
    ] as const) {
      const average = forms.reduce((sum, value) => sum + value, 0) / (count - 1);
      expect(Math.abs(average / expected - 1)).toBeLessThan(1e-7);
    }
  });

  it('of equal sets is the squared length within their span', () => {
    const x = samples(80, 9, { seed: 5 });
    const { mu } = featureStatistics(x);
    const lengths = Array.from({ length: 80 }, (_, i) =>
      mu.reduce((sum, mean, j) => sum + (x.data[i * 9 + j] - mean) ** 2, 0),
    );
    const [ofX, ofY] = transportForms(sampled(x), sampled(x));
    expectClose(ofX, lengths, 1e-8);
    expectClose(ofY, lengths, 1e-8);
  });

  it('gives no forms of a side that is known by its statistics only, and the same of the other', () => {
    const [x, y] = [samples(90, 7, { seed: 6 }), samples(70, 7, { seed: 7 })];
    const [ofX, ofY] = transportForms(sampled(x), sampled(y));
    const [none, ofOther] = transportForms(fixed(x), sampled(y));
    expect(none).toBeUndefined();
    expectClose(ofOther, [...ofY!], 1e-9);
    const [ofFirst, nothing] = transportForms(sampled(x), fixed(y));
    expect(nothing).toBeUndefined();
    expectClose(ofFirst, [...ofX!], 1e-9);
  });

  it('does not depend on whether rows or covariances are factored, with few samples', () => {
    const [x, y] = [samples(15, 20, { seed: 8 }), samples(200, 20, { seed: 9 })];
    const [, byRows] = transportForms(few(x), sampled(y));
    const [, byCovariance] = transportForms(fixed(x), sampled(y));
    expectClose(byRows, [...byCovariance!], 1e-6);
  });

  it('scales with the product of the scales, however large', () => {
    const [x, y] = [samples(60, 5, { seed: 1 }), samples(50, 5, { seed: 2 })];
    const times = (m: Matrix, scale: number): Matrix => ({
      ...m,
      data: m.data.map((value) => value * scale),
    });
    const [ofX, ofY] = transportForms(sampled(x), sampled(y));
    const [scaledX, scaledY] = transportForms(sampled(times(x, 1e60)), sampled(times(y, 1e-50)));
    expectClose(
      scaledX,
      Array.from(ofX!, (value) => value * 1e10),
      1e-9,
    );
    expectClose(
      scaledY,
      Array.from(ofY!, (value) => value * 1e10),
      1e-9,
    );
  });
});
