import { describe, expect, it } from 'vitest';
import { mmdLinear } from '../../../src/metrics/divergence/mmd-linear';
import { mmdTest } from '../../../src/metrics/divergence/mmd-test';
import { mmd } from '../../../src/metrics/mmd';
import { codeOf } from '../code-of';
import { gaussianSamples } from './gaussian-samples';
import { golden, goldenSamples } from './golden';

describe.each(golden('mmd').map((each) => [each.name, each] as const))('on %s', (name, each) => {
  const { x, y } = goldenSamples(name);
  const own = each.own as Record<string, { biased: number; unbiased: number }>;

  it.each(['biased', 'unbiased'] as const)('mmdTest has the %s MMD of numpy as its value', (estimator) => {
    const rbf = mmdTest(x, y, { sigma: Math.sqrt(5), estimator, permutations: 1 }).value;
    expect(Math.abs(rbf / own['rbf_gamma0.1'][estimator] - 1)).toBeLessThan(1e-11);
    const cubic = mmdTest(x, y, { kernel: 'polynomial', estimator, permutations: 1 }).value;
    expect(Math.abs(cubic / own.poly3_sklearn[estimator] - 1)).toBeLessThan(1e-11);
    const mixture = mmdTest(x, y, { sigmas: [1, 2, 4], estimator, permutations: 1 }).value;
    expect(Math.abs((3 * mixture) / own.rbf_mix_sigma_1_2_4[estimator] - 1)).toBeLessThan(1e-11);
  });
});

const samples = (count: number, seed: number, shift = 0) => gaussianSamples(count, 2, { seed, shift });

describe('mmdTest keeps its laws', () => {
  it('p-values of equal distributions spread evenly over (0, 1]', () => {
    const pValues = Array.from(
      { length: 60 },
      (_, k) => mmdTest(samples(15, 2 * k), samples(20, 2 * k + 1), { permutations: 99, sigma: 1 }).pValue,
    );
    const mean = pValues.reduce((sum, p) => sum + p, 0) / 60;
    // Uniform: 0.5 ± 0.037
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.13);
    expect(pValues.filter((p) => p <= 0.1).length).toBeLessThan(14);
    expect(pValues.filter((p) => p <= 0.1).length).toBeGreaterThan(0);
  });

  it('different distributions have the least p-value there is', () => {
    const { pValue } = mmdTest(samples(60, 1), samples(60, 2, 1), { permutations: 199 });
    expect(pValue).toBe(1 / 200);
  });

  it('a set against itself has a p-value of 1, biased: nothing is more alike', () => {
    const a = samples(20, 3);
    expect(mmdTest(a, a, { estimator: 'biased', permutations: 50 }).pValue).toBe(1);
  });

  it('equals a permutation test done with mmd itself', () => {
    const [a, b] = [samples(12, 4), samples(10, 5, 0.5)];
    const test = mmdTest(a, b, { sigma: 1, permutations: 40, seed: 7 });
    expect(test.value).toBeCloseTo(mmd(a, b, { sigma: 1 }).value, 14);
    expect(mmdTest(a, b, { sigma: 1, permutations: 40, seed: 7 })).toEqual(test);
    expect((test.pValue * 41) % 1).toBeCloseTo(0, 9);
  });

  it('refuses too few samples, too many, and no permutations', () => {
    const a = samples(5, 6);
    expect(codeOf(() => mmdTest(a, [[1, 2]]))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => mmdTest(a, a, { permutations: 0 }))).toBe('INVALID_OPTION');
    const many = { rows: 6000, columns: 1, data: new Float64Array(6000) };
    expect(codeOf(() => mmdTest(many, many))).toBe('TOO_MANY_SAMPLES');
  });
});

describe('mmdLinear keeps its laws', () => {
  it('is the mean of h over disjoint pairs', () => {
    const [a, b] = [samples(7, 1), samples(9, 2, 1)];
    const k = (p: typeof a, i: number, q: typeof a, j: number) =>
      Math.exp(-((p.data[2 * i] - q.data[2 * j]) ** 2 + (p.data[2 * i + 1] - q.data[2 * j + 1]) ** 2) / 8);
    const h = [0, 2, 4].map(
      (i) => k(a, i, a, i + 1) + k(b, i, b, i + 1) - k(a, i, b, i + 1) - k(a, i + 1, b, i),
    );
    const { value, pairs } = mmdLinear(a, b, { sigma: 2 });
    expect(value).toBeCloseTo((h[0] + h[1] + h[2]) / 3, 14);
    expect(pairs).toBe(3);
  });

  it('is unbiased and states its error: it agrees with mmd within four of them', () => {
    const [a, b] = [samples(1200, 3), samples(1200, 4, 0.5)];
    const { value, standardError, pValue } = mmdLinear(a, b, { sigma: 1 });
    expect(Math.abs(value - mmd(a, b, { sigma: 1 }).value)).toBeLessThan(4 * standardError);
    expect(pValue).toBeLessThan(0.01);
  });

  it('has p-values that spread evenly where the distributions are equal', () => {
    const pValues = Array.from(
      { length: 60 },
      (_, k) => mmdLinear(samples(100, 2 * k), samples(100, 2 * k + 1)).pValue,
    );
    const mean = pValues.reduce((sum, p) => sum + p, 0) / 60;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.13);
  });

  it('takes blocks beyond the first, and any kernel', () => {
    const [a, b] = [samples(2100, 5), samples(2100, 6)];
    const { pairs, value, standardError } = mmdLinear(a, b, { kernel: 'polynomial' });
    expect(pairs).toBe(1050);
    expect(Math.abs(value)).toBeLessThan(4 * standardError);
    expect(codeOf(() => mmdLinear(samples(3, 1), a))).toBe('TOO_FEW_SAMPLES');
  });
});
