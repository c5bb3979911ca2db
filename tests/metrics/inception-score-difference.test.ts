import { describe, expect, it } from 'vitest';
import { inceptionScore, inceptionScoreDifference, inceptionScoreInterval } from '../../src/metrics';
import { codeOf } from './code-of';
import { gaussianRows } from './gaussian-rows';

const logitsOf = (n: number, seed: number, spread = 2) => ({ logits: gaussianRows(n, 6, { seed, spread }) });

describe('inceptionScoreDifference', () => {
  const [a, b] = [logitsOf(120, 1), logitsOf(120, 2, 3)];

  it('is the difference of the scores, and changes sign with its arguments', () => {
    const { value, interval, ...scores } = inceptionScoreDifference({ a, b }, { splits: 2 });
    expect(scores.a).toBeCloseTo(inceptionScore(a, { splits: 2 }).value, 12);
    expect(scores.b).toBeCloseTo(inceptionScore(b, { splits: 2 }).value, 12);
    expect(value).toBe(scores.a - scores.b);
    expect((interval.low + interval.high) / 2).toBeCloseTo(value, 12);
    expect(inceptionScoreDifference({ a: b, b: a }, { splits: 2 }).value).toBe(-value);
  });

  it('has the variance of both scores', () => {
    const errors = [a, b].map((each) => inceptionScoreInterval(each, { splits: 2 }).standardError);
    const { interval } = inceptionScoreDifference({ a, b }, { splits: 2 });
    expect(interval.standardError).toBeCloseTo(Math.hypot(...errors), 12);
  });

  it('of two samples of one generator holds 0 as often as it says', () => {
    const held = Array.from({ length: 60 }, (_, i) =>
      inceptionScoreDifference({ a: logitsOf(100, 10 + i), b: logitsOf(100, 500 + i) }, { splits: 1 }),
    ).filter(({ interval }) => interval.low <= 0 && 0 <= interval.high);
    // With a coverage of 0.95 fewer than 49 of 60 have a probability of 6e-5.
    expect(held.length).toBeGreaterThanOrEqual(49);
  });

  it('warns where the sizes differ, and needs a confidence in (0, 1)', () => {
    const codes = inceptionScoreDifference({ a, b: logitsOf(60, 3) }).warnings.map(({ code }) => code);
    expect(codes).toEqual(['SAMPLE_SIZES_DIFFER']);
    expect(inceptionScoreDifference({ a, b }).warnings).toEqual([]);
    expect(codeOf(() => inceptionScoreDifference({ a, b }, { confidence: 1 }))).toBe('INVALID_OPTION');
  });
});
