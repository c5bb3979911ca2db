import { describe, expect, it } from 'vitest';
import {
  knnEntropy,
  knnJsDivergence,
  knnKlDivergence,
} from '../../../src/metrics/divergence/nearest-neighbor-estimators';
import { codeOf } from '../code-of';
import { gaussianSamples } from './gaussian-samples';
import { golden, goldenSamples } from './golden';

describe.each(golden('knn_kl_own').map((each) => [each.name, each] as const))('on %s', (name, each) => {
  const { x, y } = goldenSamples(name);

  it.each(Object.entries(each.by_k as Record<string, number>))(
    'k-NN KL with k = %s equals numpy',
    (k, expected) => {
      const { value } = knnKlDivergence({ real: x, generated: y }, { neighbors: Number(k) });
      expect(Math.abs(value / expected - 1)).toBeLessThan(1e-12);
    },
  );

  it.each(Object.entries(each.kozachenko_leonenko_entropy_X_nats_by_k as Record<string, number>))(
    'k-NN entropy with k = %s equals numpy',
    (k, expected) => {
      expect(Math.abs(knnEntropy(x, { neighbors: Number(k) }).value / expected - 1)).toBeLessThan(1e-12);
    },
  );
});

const standard = (count: number, d: number, seed: number, shift = 0) =>
  gaussianSamples(count, d, { seed, shift });

describe('k-NN estimators come near what is known', () => {
  it('entropy of a normal distribution is ½ log 2πe a dimension, and log s more for s times the width', () => {
    const x = standard(3000, 2, 1);
    expect(Math.abs(knnEntropy(x).value - Math.log(2 * Math.PI * Math.E))).toBeLessThan(0.06);
    const wide = { ...x, data: x.data.map((value) => 5 * value) };
    expect(knnEntropy(wide).value - knnEntropy(x).value).toBeCloseTo(2 * Math.log(5), 9);
  });

  it('KL of normals a shift apart is half its square, and KL depends on the direction', () => {
    const [real, generated] = [standard(2500, 2, 2), standard(2500, 2, 3, 0.7)];
    expect(Math.abs(knnKlDivergence({ real, generated }).value - 0.49)).toBeLessThan(0.08);
    const wide = gaussianSamples(2500, 1, { seed: 4, scale: 3 });
    const narrow = standard(2500, 1, 5);
    // log(t/s) + s²/2t² − ½
    const expected = [Math.log(3) + 1 / 18 - 0.5, -Math.log(3) + 4.5 - 0.5];
    expect(Math.abs(knnKlDivergence({ real: narrow, generated: wide }).value - expected[0])).toBeLessThan(
      0.08,
    );
    const reverse = knnKlDivergence({ real: wide, generated: narrow }).value;
    expect(reverse).toBeLessThan(expected[1]);
    // Few narrow samples lie where the wide ones reach: far below the true 2.90, as documented.
    expect(reverse).toBeGreaterThan(0.4 * expected[1]);
  });

  it('JS of normals a shift apart is that of numeric integration', () => {
    const shift = 1.5;
    const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    let expected = 0;
    for (let x = -10; x <= 12; x += 0.001) {
      const [p, q] = [density(x), density(x - shift)];
      expected += 0.0005 * (p * Math.log((2 * p) / (p + q)) + q * Math.log((2 * q) / (p + q)));
    }
    const { value } = knnJsDivergence(standard(2500, 1, 6), standard(2500, 1, 7, shift));
    expect(Math.abs(value - expected)).toBeLessThan(0.03);
  });

  it('JS of equal distributions is 0 to noise, of separate ones log 2', () => {
    const [a, b] = [standard(800, 3, 8), standard(800, 3, 9)];
    expect(Math.abs(knnJsDivergence(a, b).value)).toBeLessThan(0.04);
    const apart = knnJsDivergence(a, standard(800, 3, 9, 100)).value;
    expect(Math.abs(apart - Math.LN2)).toBeLessThan(1 / 1600);
  });

  it('JS is symmetric, and draws from the larger set by its seed', () => {
    const [a, b] = [standard(200, 2, 10), standard(200, 2, 11, 1)];
    expect(knnJsDivergence(a, b).value).toBeCloseTo(knnJsDivergence(b, a).value, 12);
    const more = standard(500, 2, 12, 1);
    const drawn = knnJsDivergence(a, more);
    expect(drawn.samples).toBe(200);
    expect(knnJsDivergence(a, more).value).toBe(drawn.value);
    expect(knnJsDivergence(a, more, { seed: 1 }).value).not.toBe(drawn.value);
  });

  it('no order of rows and no shift of both sets moves them', () => {
    const [a, b] = [standard(150, 2, 13), standard(140, 2, 14, 0.5)];
    const rows = Array.from({ length: 150 }, (_, i) => [...a.data.subarray(2 * (149 - i), 2 * (150 - i))]);
    const plain = knnKlDivergence({ real: a, generated: b }).value;
    expect(knnKlDivergence({ real: rows, generated: b }).value).toBeCloseTo(plain, 12);
    const move = (m: typeof a) => ({ ...m, data: m.data.map((x) => x + 8) });
    expect(knnKlDivergence({ real: move(a), generated: move(b) }).value).toBeCloseTo(plain, 9);
  });
});

describe('k-NN estimators refuse what they are undefined for', () => {
  const a = standard(30, 2, 1);
  const copies = { ...a, data: a.data.map((_, k) => a.data[k % 20]) };

  it('copies are an error that says so, until there are more neighbors than copies', () => {
    expect(codeOf(() => knnEntropy(copies, { neighbors: 2 }))).toBe('REPEATED_SAMPLES');
    expect(Number.isFinite(knnEntropy(copies, { neighbors: 3 }).value)).toBe(true);
    expect(codeOf(() => knnKlDivergence({ real: a, generated: a }, { neighbors: 1 }))).toBe(
      'REPEATED_SAMPLES',
    );
    expect(codeOf(() => knnJsDivergence(copies, a, { neighbors: 2 }))).toBe('REPEATED_SAMPLES');
  });

  it('as many neighbors as samples, or none, are an error', () => {
    expect(codeOf(() => knnEntropy(a, { neighbors: 30 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => knnEntropy(a, { neighbors: 0 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => knnJsDivergence(a, [[1, 2]]))).toBe('INVALID_OPTION');
    expect(codeOf(() => knnEntropy([[1, 2]]))).toBe('TOO_FEW_SAMPLES');
  });

  it('other dimensions and non-finite values are an error', () => {
    expect(codeOf(() => knnKlDivergence({ real: a, generated: [[1]] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => knnEntropy([[1], [Number.NaN]]))).toBe('NOT_FINITE');
  });
});
