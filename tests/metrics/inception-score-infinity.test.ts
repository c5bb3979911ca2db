import { describe, expect, it } from 'vitest';
import { inceptionScore } from '../../src/metrics/inception-score';
import { inceptionScoreInfinity } from '../../src/metrics/inception-score-infinity';
import { codeOf } from './code-of';
import { gaussianRows } from './gaussian-rows';
import { hashedLogits } from './hashed-logits';

const law = { C: 20, scale: 2, bump: 3 };

describe('inceptionScoreInfinity', () => {
  it('comes nearer to the score of infinitely many images than the score of 300 does', () => {
    // Classes that are certain and equally frequent: the score of all images is their number.
    for (let k = 0; k < 5; k++) {
      const logits = hashedLogits(`infinity/${k}`, { n: 300, C: 50, scale: 0, bump: 60 });
      const short = 50 - inceptionScore({ logits }, { splits: 1 }).value;
      const left = 50 - inceptionScoreInfinity({ logits }, { seed: k }).value;
      expect(short).toBeGreaterThan(2);
      expect(Math.abs(left)).toBeLessThan(short / 2);
    }
  });

  it('is a line through the scores at growing sizes, the last of them all images', () => {
    const logits = hashedLogits('infinity/line', { n: 1000, ...law });
    const result = inceptionScoreInfinity({ logits }, { points: 2, smallest: 250 });
    expect(result.sizes).toEqual([250, 1000]);
    expect(result.scores[1]).toBeCloseTo(inceptionScore({ logits }, { splits: 1 }).value, 12);
    result.scores.forEach((score, i) => {
      expect(result.value + result.slope / result.sizes[i]).toBeCloseTo(score, 10);
    });
  });

  it('is the same for the same seed, and of 15 sizes from half the images by default', () => {
    const logits = hashedLogits('infinity/seed', { n: 200, ...law });
    const result = inceptionScoreInfinity({ logits }, { seed: 3 });
    expect(inceptionScoreInfinity({ logits }, { seed: 3 })).toEqual(result);
    expect(inceptionScoreInfinity({ logits }, { seed: 4 }).value).not.toBe(result.value);
    expect(result.sizes).toHaveLength(15);
    expect(result.sizes[0]).toBe(100);
  });

  it.each([
    [{ points: 1 }, 'INVALID_OPTION'],
    [{ smallest: 0 }, 'INVALID_OPTION'],
    [{ smallest: 30 }, 'TOO_FEW_SAMPLES'],
  ])('refuses %o with 40 images', (options, code) => {
    const logits = hashedLogits('infinity/few', { n: 40, ...law });
    expect(codeOf(() => inceptionScoreInfinity({ logits }, options))).toBe(code);
  });

  it('has an interval that holds the expected value as often as it says, and narrows as images are added', () => {
    const run = (n: number, seed: number) =>
      inceptionScoreInfinity({ logits: gaussianRows(n, 6, { seed, spread: 2 }) }, { confidence: 0.95 });
    const runs = Array.from({ length: 40 }, (_, seed) => run(150, seed));
    const expected = runs.reduce((sum, { value }) => sum + value, 0) / runs.length;
    const held = runs.filter(({ interval }) => interval!.low <= expected && expected <= interval!.high);
    // With a coverage of 0.95 fewer than 31 of 40 have a probability of 2e-5.
    expect(held.length).toBeGreaterThanOrEqual(31);
    const ratio = runs[0].interval!.standardError / run(600, 50).interval!.standardError;
    expect(ratio).toBeGreaterThan(1.6);
    expect(ratio).toBeLessThan(2.5);
  });
});
