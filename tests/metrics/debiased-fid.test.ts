import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random';
import { featureStatistics } from '../../src/math/statistics';
import { debiasedFid, fid, fidInterval } from '../../src/metrics';
import { debiasedFidMetric } from '../../src/metrics/debiased-fid';
import { codeOf } from './code-of';
import { population, trueDistance } from './gaussian-population';

const pair = (d: number) => [
  population(d, { seed: 1 }),
  population(d, { seed: 2, decay: 1.3, shift: 0.4, scale: 1.1 }),
];

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('debiasedFid, simulated where the distance is known', () => {
  it.each([
    ['many samples', 5, 70],
    ['two samples a dimension', 12, 24],
  ])('is unbiased, and its interval holds the distance as often as it says, with %s', (_, d, n) => {
    const random = createRandom(d);
    const [r, g] = pair(d);
    const truth = trueDistance(r, g);
    const runs = Array.from({ length: 30 }, () => {
      const sets = { real: r.draw(n, random), generated: g.draw(n, random) };
      const { value, interval } = debiasedFid(sets, { repeats: 2, confidence: 0.95 });
      const { low, high, standardError } = interval!;
      return { value, standardError, covers: low < truth && truth < high };
    });
    const bias = mean(runs.map(({ value }) => value)) - truth;
    // Four standard errors of the mean of 30, and what is left of the second order of the bias.
    expect(Math.abs(bias)).toBeLessThan(
      (4 / Math.sqrt(30)) * mean(runs.map((run) => run.standardError)) + 0.02,
    );
    // With a coverage of 0.95 fewer than 24 of 30 have a probability of 6e-4.
    expect(runs.filter(({ covers }) => covers).length).toBeGreaterThanOrEqual(24);
  });

  it('of two samples of one population is 0 on average, where fid is far above', () => {
    const random = createRandom(3);
    const [r] = pair(6);
    const results = Array.from({ length: 20 }, () =>
      debiasedFid({ real: r.draw(36, random), generated: r.draw(36, random) }, { repeats: 2 }),
    );
    const fids = mean(results.map(({ uncorrected }) => uncorrected));
    expect(fids).toBeGreaterThan(0.1);
    expect(Math.abs(mean(results.map(({ value }) => value)))).toBeLessThan(0.15 * fids);
  });

  it('of a fixed reference removes the bias of the generated side', () => {
    const random = createRandom(4);
    const [r, g] = pair(5);
    const real = featureStatistics(r.draw(20_000, random));
    const truth = trueDistance(r, g);
    const runs = Array.from({ length: 30 }, () => {
      const generated = g.draw(40, random);
      const { value, uncorrected, interval } = debiasedFid(
        { real, generated },
        { repeats: 2, confidence: 0.95 },
      );
      const { low, high } = interval!;
      return { value, uncorrected, covers: low < truth && truth < high };
    });
    expect(Math.abs(mean(runs.map(({ value }) => value)) - truth)).toBeLessThan(
      0.5 * (mean(runs.map(({ uncorrected }) => uncorrected)) - truth),
    );
    // With a coverage of 0.95 fewer than 24 of 30 have a probability of 6e-4.
    expect(runs.filter(({ covers }) => covers).length).toBeGreaterThanOrEqual(24);
  });
});

describe('debiasedFid', () => {
  const random = createRandom(7);
  const [r, g] = pair(6);
  const [real, generated] = [r.draw(61, random), g.draw(50, random)];

  it('says what it was before, and is the same for the same seed', () => {
    const result = debiasedFid({ real, generated }, { seed: 2 });
    expect(result.uncorrected).toBe(fid(real, generated).value);
    expect(result.value).toBeLessThan(result.uncorrected);
    expect(result).toMatchObject({ repeats: 4, seed: 2, warnings: [] });
    expect(debiasedFid({ real, generated }, { seed: 2 })).toEqual(result);
    expect(debiasedFid({ real, generated }, { seed: 3 }).value).not.toBe(result.value);
  });

  it('has the interval of fid around the corrected value', () => {
    const { value, interval } = debiasedFid({ real, generated }, { seed: 2, confidence: 0.9 });
    const { low, high, standardError, of, confidence } = interval!;
    expect((low + high) / 2).toBeCloseTo(value, 12);
    expect(confidence).toBe(0.9);
    expect(standardError).toBeCloseTo(fidInterval({ real, generated }).standardError, 12);
    expect(of).toContain('infinitely many samples');
    expect(debiasedFid({ real, generated }, { seed: 2 })).not.toHaveProperty('interval');
  });

  it('has its interval in the result of the metric', () => {
    const samples = { real: { features: real }, generated: { features: generated } };
    const result = debiasedFidMetric.compute(samples, { confidence: 0.95 });
    const metric = debiasedFidMetric.interval!;
    if (!('ofResult' in metric)) throw new Error('Expected an interval of the result.');
    expect(metric.ofResult(result, { confidence: 0.95 })).toEqual({ value: result.interval });
  });

  it('warns below one and a half samples a dimension', () => {
    const codes = (n: number) =>
      debiasedFid({ real: r.draw(n, random), generated: g.draw(20, random) }).warnings.map(
        ({ code }) => code,
      );
    expect(codes(9)).toEqual([]);
    expect(codes(8)).toEqual(['BIAS_NOT_REMOVED']);
    expect(codes(6)).toEqual(['FEWER_SAMPLES_THAN_DIMENSIONS', 'BIAS_NOT_REMOVED']);
  });

  it('needs halves of two samples, and at least one division', () => {
    const few = g.draw(3, random);
    expect(codeOf(() => debiasedFid({ real, generated: few }))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => debiasedFid({ real, generated }, { repeats: 0 }))).toBe('INVALID_OPTION');
  });
});
