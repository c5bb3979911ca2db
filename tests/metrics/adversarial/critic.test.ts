import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/math/matrix';
import { clippedShare, criticWasserstein } from '../../../src/metrics/adversarial/critic';
import { gradientPenalty, interpolate } from '../../../src/metrics/adversarial/gradient-penalty';
import { wasserstein1d } from '../../../src/metrics/divergence/wasserstein-1d';
import { codeOf } from '../code-of';
import { gaussianSamples } from '../divergence/gaussian-samples';

describe('criticWasserstein', () => {
  const real = [...gaussianSamples(40, 1, { seed: 1, shift: 3 }).data];
  const generated = [...gaussianSamples(30, 1, { seed: 2, scale: 0.1 }).data];

  it('of the best critic on a line is Wasserstein-1: f(x) = x where one set lies right of the other', () => {
    const exact = wasserstein1d(
      real.map((x) => x + 10),
      generated,
    ).value;
    const { value, warnings } = criticWasserstein(
      { real: real.map((x) => x + 10), generated },
      { lipschitz: 1 },
    );
    expect(value).toBeCloseTo(exact, 12);
    expect(warnings).toEqual([]);
  });

  it('of any critic is no more than Wasserstein-1 for its Lipschitz constant', () => {
    const exact = wasserstein1d(real, generated).value;
    for (const k of [0.5, 2, 7]) {
      const critic = (x: number) => Math.sin(k * x);
      const { value } = criticWasserstein(
        { real: real.map(critic), generated: generated.map(critic) },
        { lipschitz: k },
      );
      expect(value).toBeLessThanOrEqual(exact);
    }
  });

  it('is inversely proportional to the Lipschitz constant, and warns where that is assumed', () => {
    const one = criticWasserstein({ real, generated });
    const ten = criticWasserstein({ real, generated }, { lipschitz: 10 });
    expect(ten.value).toBeCloseTo(one.value / 10, 14);
    expect(ten.standardError).toBeCloseTo(one.standardError! / 10, 14);
    expect([one.lipschitz, one.warnings.map(({ code }) => code)]).toEqual([1, ['LIPSCHITZ_ASSUMED']]);
    expect(one.difference).toBe(ten.difference);
  });

  it('refuses no outputs, non-finite ones and a constant that is none', () => {
    expect(codeOf(() => criticWasserstein({ real: [], generated }))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => criticWasserstein({ real, generated: [Number.NaN] }))).toBe('NOT_FINITE');
    expect(codeOf(() => criticWasserstein({ real, generated }, { lipschitz: 0 }))).toBe('INVALID_OPTION');
  });
});

describe('clippedShare', () => {
  it('counts weights at either bound, float32 ones too, and those beyond', () => {
    const weights = Float32Array.of(0.01, -0.01, 0.00999, 0, 0.02);
    expect(clippedShare(weights)).toEqual({ value: 0.4, bound: 0.01, weights: 5, beyond: 1 });
    expect(clippedShare([1, -1, 0.5], { bound: 1 }).value).toBeCloseTo(2 / 3, 15);
    expect(codeOf(() => clippedShare([]))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => clippedShare([1], { bound: 0 }))).toBe('INVALID_OPTION');
  });
});

describe('interpolate', () => {
  it('puts every point on the line between its pair, evenly', () => {
    const real = { rows: 400, columns: 2, data: new Float64Array(800).fill(1) };
    const generated = { rows: 500, columns: 2, data: new Float64Array(1000).fill(-1) };
    const points = interpolate({ real, generated }, { seed: 3 });
    expect(points.rows).toBe(400);
    let sum = 0;
    for (let i = 0; i < 400; i++) {
      expect(points.data[2 * i]).toBe(points.data[2 * i + 1]);
      expect(Math.abs(points.data[2 * i])).toBeLessThan(1);
      sum += points.data[2 * i];
    }
    expect(Math.abs(sum / 400)).toBeLessThan(4 / Math.sqrt(3 * 400));
    expect(interpolate({ real, generated }, { seed: 4 }).data).not.toEqual(points.data);
    expect(codeOf(() => interpolate({ real, generated: [[1]] }))).toBe('SHAPE_MISMATCH');
  });
});

describe('gradientPenalty', () => {
  const real = gaussianSamples(30, 3, { seed: 1 });
  const generated = gaussianSamples(30, 3, { seed: 2, shift: 1 });
  const rowwise = (f: (row: Float64Array) => number) => (points: Matrix<Float64Array>) =>
    Array.from({ length: points.rows }, (_, i) => f(points.data.subarray(3 * i, 3 * i + 3)));

  it('of a linear critic is λ (its length − 1)²', () => {
    const critic = rowwise(([x, y, z]) => 2 * x - y + 2 * z);
    const { value, norm, points } = gradientPenalty({ real, generated, critic });
    expect(value).toBeCloseTo(40, 6);
    expect(norm.mean).toBeCloseTo(3, 8);
    expect(norm.standardDeviation).toBeLessThan(1e-8);
    expect(points).toBe(30);
    expect(gradientPenalty({ real, generated, critic }, { lambda: 1 }).value).toBeCloseTo(4, 7);
  });

  it('of the distance from a far point is 0: every gradient has length 1', () => {
    const critic = rowwise(([x, y, z]) => Math.hypot(x - 50, y, z));
    expect(gradientPenalty({ real, generated, critic }).value).toBeLessThan(1e-10);
  });

  it('by finite differences equals that of the gradients given at the same interpolates', () => {
    const critic = rowwise(([x, y, z]) => Math.sin(x) * y + z * z);
    const points = interpolate({ real, generated }, { seed: 5 });
    const gradients = Array.from({ length: 30 }, (_, i) => {
      const [x, y, z] = points.data.subarray(3 * i, 3 * i + 3);
      return [Math.cos(x) * y, Math.sin(x), 2 * z];
    });
    const given = gradientPenalty({ gradients });
    const differences = gradientPenalty({ real, generated, critic }, { seed: 5 });
    expect(differences.value / given.value).toBeCloseTo(1, 6);
    expect(differences.norm.largest).toBeCloseTo(given.norm.largest, 6);
  });

  it('asks for points in blocks: no call is larger for more samples', () => {
    const wide = gaussianSamples(40, 600, { seed: 6 });
    let largest = 0;
    const critic = (points: Matrix<Float64Array>) => {
      largest = Math.max(largest, points.data.length);
      return Array.from({ length: points.rows }, (_, i) => 3 * points.data[i * 600 + 599]);
    };
    const { norm } = gradientPenalty({ real: wide, generated: wide, critic });
    expect(norm.mean).toBeCloseTo(3, 8);
    expect(largest).toBeLessThan(300_000);
  });

  it('refuses a critic that does not answer, and options that make no sense', () => {
    expect(codeOf(() => gradientPenalty({ real, generated, critic: () => [1] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => gradientPenalty({ real, generated, critic: rowwise(() => Number.NaN) }))).toBe(
      'NOT_FINITE',
    );
    expect(codeOf(() => gradientPenalty({ gradients: [[1]] }, { lambda: -1 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => gradientPenalty({ gradients: [[1]] }, { step: 1 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => gradientPenalty({ gradients: [] }))).toBe('TOO_FEW_SAMPLES');
  });
});
