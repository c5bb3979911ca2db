import { describe, expect, it } from 'vitest';
import { cmmd } from '../../src/metrics';
import { cmmdMetric } from '../../src/metrics/cmmd';
import { gaussianRows } from './gaussian-rows';

const draw = (n: number, seed: number) =>
  cmmd(gaussianRows(n, 4, { seed, shift: 0.5 }), gaussianRows(n, 4, { seed: seed + 500, shift: 0.2 }), {
    clip: true,
  });

function intervalOf(result: ReturnType<typeof draw>) {
  const { interval } = cmmdMetric;
  if (!interval || !('ofResult' in interval)) throw new Error('Expected an interval of the result.');
  return interval.ofResult(result, { confidence: 0.95 }).value;
}

describe('the interval of cmmd', () => {
  it('lies around the value, and says what it is for', () => {
    const result = draw(60, 1);
    const { low, high, of, standardError } = intervalOf(result);
    expect((low + high) / 2).toBeCloseTo(result.value, 12);
    expect(standardError).toBe(result.standardError);
    expect(of).toContain('60 real and 60 generated');
    expect(of).toContain('not that of infinitely many');
  });

  it('is half as wide for four times as many samples', () => {
    const mean = (n: number) =>
      [1, 2, 3, 4].reduce((sum, seed) => sum + intervalOf(draw(n, seed)).standardError, 0) / 4;
    const ratio = mean(60) / mean(240);
    expect(ratio).toBeGreaterThan(1.6);
    expect(ratio).toBeLessThan(2.5);
  });

  it('holds the expected value as often as it says, and is as wide as the values scatter', () => {
    const results = Array.from({ length: 60 }, (_, seed) => draw(60, seed));
    const expected = results.reduce((sum, { value }) => sum + value, 0) / results.length;
    const held = results.map(intervalOf).filter(({ low, high }) => low <= expected && expected <= high);
    // With a coverage of 0.95 fewer than 49 of 60 have a probability of 6e-5.
    expect(held.length).toBeGreaterThanOrEqual(49);
    const squares = results.reduce((sum, { value }) => sum + (value - expected) ** 2, 0);
    const error = results.reduce((sum, { standardError }) => sum + standardError!, 0) / results.length;
    // The deviation of 60 values is known to 9 %.
    const ratio = error / Math.sqrt(squares / (results.length - 1));
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.5);
  });

  it('is not there for fewer than four samples', () => {
    expect(intervalOf(draw(3, 1))).toBeUndefined();
    expect(draw(3, 1)).not.toHaveProperty('standardError');
  });
});
