import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianKlDivergence, gaussianWasserstein2 } from '../../../src/metrics/divergence/gaussians';
import { codeOf } from '../code-of';
import { golden, number } from './golden';

describe.each(golden('gaussian').map((each) => [each.name, each] as const))('on %s', (_, each) => {
  const first = { mu: each.mu1 as number[], sigma: each.S1 as number[][] };
  const second = { mu: each.mu2 as number[], sigma: each.S2 as number[][] };

  it('KL of Gaussians equals the closed form in numpy, both ways', () => {
    const forward = gaussianKlDivergence({ real: first, generated: second }).value;
    const backward = gaussianKlDivergence({ real: second, generated: first }).value;
    expect(Math.abs(forward / number(each.KL_12) - 1)).toBeLessThan(1e-11);
    expect(Math.abs(backward / number(each.KL_21) - 1)).toBeLessThan(1e-11);
  });

  it('Wasserstein-2 of Gaussians equals numpy, and its square pytorch-fid', () => {
    const { value, squared, dimensions } = gaussianWasserstein2(first, second);
    expect(Math.abs(value ** 2 / number(each.W2_squared) - 1)).toBeLessThan(1e-11);
    expect(Math.abs(squared / number(each.frechet_distance_pytorch_fid) - 1)).toBeLessThan(1e-9);
    expect(dimensions).toBe(first.mu.length);
  });
});

describe('Gaussians keep their laws', () => {
  const positive = fc.double({ min: 0.01, max: 100, noNaN: true });

  it('in one dimension both are the textbook formulas', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), positive, positive, (mean, s, t) => {
        const real = { mu: [mean], sigma: [[s * s]] };
        const generated = { mu: [0], sigma: [[t * t]] };
        const kl = Math.log(t / s) + (s * s + mean * mean) / (2 * t * t) - 0.5;
        expect(gaussianKlDivergence({ real, generated }).value).toBeCloseTo(kl, -Math.log10(1e-9 * (1 + kl)));
        // It is a difference of numbers of the size of the variances, and rounds as they do: of two that are all but
        // equal nothing is left of the root's digits.
        const { squared } = gaussianWasserstein2(real, generated);
        const size = mean * mean + s * s + t * t;
        expect(Math.abs(squared - (mean * mean + (s - t) ** 2))).toBeLessThan(1e-14 * size);
      }),
      { numRuns: 50 },
    );
  });

  it('KL does not depend on the units of the features', () => {
    const scale = [1e-9, 1, 1e7];
    const [sigma, other] = [
      [
        [2, 0.5, 0.1],
        [0.5, 1, 0.3],
        [0.1, 0.3, 3],
      ],
      [
        [1, 0.2, 0],
        [0.2, 2, 0.4],
        [0, 0.4, 1],
      ],
    ];
    const scaled = (rows: number[][]) => rows.map((row, i) => row.map((x, j) => x * scale[i] * scale[j]));
    const plain = gaussianKlDivergence({
      real: { mu: [1, 2, 3], sigma },
      generated: { mu: [0, 0, 0], sigma: other },
    }).value;
    const inUnits = gaussianKlDivergence({
      real: { mu: [1, 2, 3].map((x, j) => x * scale[j]), sigma: scaled(sigma) },
      generated: { mu: [0, 0, 0], sigma: scaled(other) },
    }).value;
    expect(Math.abs(inUnits / plain - 1)).toBeLessThan(1e-12);
  });

  it('a Gaussian is at 0 from itself', () => {
    const one = { mu: [1, 2], sigma: [[2, 1], [1, 3]] }; // biome-ignore format: a matrix
    expect(gaussianKlDivergence({ real: one, generated: one }).value).toBeLessThan(1e-15);
    expect(gaussianWasserstein2(one, one).value).toBeLessThan(1e-7);
  });
});

describe('Gaussians at their edges', () => {
  const flat = { mu: [0, 0], sigma: [[1, 1], [1, 1]] }; // biome-ignore format: a matrix
  const round = { mu: [0, 0], sigma: [[1, 0], [0, 1]] }; // biome-ignore format: a matrix

  it('KL is infinite where one side alone is singular, Wasserstein-2 is not', () => {
    expect(gaussianKlDivergence({ real: flat, generated: round }).value).toBe(Number.POSITIVE_INFINITY);
    expect(gaussianKlDivergence({ real: round, generated: flat }).value).toBe(Number.POSITIVE_INFINITY);
    // tr(Σ₁ + Σ₂) − 2 tr((Σ₁Σ₂)^½) = 4 − 2√2
    expect(gaussianWasserstein2(flat, round).value).toBeCloseTo(Math.sqrt(4 - 2 * Math.SQRT2), 12);
    expect(codeOf(() => gaussianKlDivergence({ real: flat, generated: flat }))).toBe('NOT_COVARIANCE');
  });

  it('refuse other dimensions, non-finite values and matrices that are no covariance', () => {
    const line = { mu: [0], sigma: [[1]] };
    const both = [
      (a: typeof flat, b: typeof flat) => gaussianKlDivergence({ real: a, generated: b }),
      gaussianWasserstein2,
    ];
    for (const measure of both) {
      expect(codeOf(() => measure(round, line))).toBe('SHAPE_MISMATCH');
      expect(codeOf(() => measure({ mu: [0, Number.NaN], sigma: round.sigma }, round))).toBe('NOT_FINITE');
      const indefinite = { mu: [0, 0], sigma: [[1, 2], [2, 1]] }; // biome-ignore format: a matrix
      expect(codeOf(() => measure(indefinite, round))).toBe('NOT_COVARIANCE');
    }
  });
});
