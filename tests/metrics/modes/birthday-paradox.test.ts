import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/math/random';
import { birthdayParadox } from '../../../src/metrics/modes/birthday-paradox';
import { codeOf } from '../code-of';

/** `count` samples of a generator that has `support` equally likely outputs. */
function outputs(support: number, count: number, seed: number) {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => [random.integer(support), 7]);
}

describe('birthdayParadox', () => {
  it.each([100, 1000, 10_000])('finds a support of %i', (support) => {
    const samples = outputs(support, 1500, support);
    const { value, collisions, atLeast } = birthdayParadox(samples, { threshold: 0.5 });
    // Collisions are about Poisson: ± 4 roots.
    expect(Math.abs(value / support - 1)).toBeLessThan(4 / Math.sqrt(collisions));
    expect(atLeast).toBe(false);
  });

  it('of outputs that are not equally likely finds 1/Σ p²', () => {
    const random = createRandom(5);
    const skewed = Array.from({ length: 1200 }, () => [random.integer(4) > 0 ? 0 : 1 + random.integer(1000)]);
    const { value } = birthdayParadox(skewed, { threshold: 0 });
    expect(value).toBeCloseTo(1 / 0.75 ** 2, 0);
  });

  it('half of the batches of 1.18 √N collide', () => {
    const samples = outputs(400, 2000, 3);
    const { collisionProbability, squaredBatchSize } = birthdayParadox(samples, {
      threshold: 0.5,
      batchSize: 24,
      batches: 1000,
    });
    expect(Math.abs(collisionProbability - 0.5)).toBeLessThan(0.08);
    const more = birthdayParadox(samples, { threshold: 0.5, batchSize: 60 });
    expect(more.squaredBatchSize).toBe(3600);
    expect(collisionProbability < 0.5).toBe(squaredBatchSize === undefined);
  });

  it('without a collision says so, and bounds the support', () => {
    const apart = Array.from({ length: 50 }, (_, i) => [i]);
    const { value, atLeast, warnings } = birthdayParadox(apart, { threshold: 0.9 });
    expect({ value, atLeast }).toEqual({ value: 1225 / 3, atLeast: true });
    expect(warnings.map(({ code }) => code)).toEqual(['NO_COLLISIONS']);
  });

  it('of a generator that knows one image is 1', () => {
    const result = birthdayParadox(
      Array.from({ length: 600 }, () => [1, 2]),
      { threshold: 0 },
    );
    expect(result).toMatchObject({ value: 1, collisionProbability: 1, collisions: 179_700 });
  });

  it('lists the closest pairs, nearest first, whatever the threshold', () => {
    const samples = [[0], [10], [10.5], [30], [30.1], [31]];
    const { closest } = birthdayParadox(samples, { threshold: 0, list: 3 });
    expect(closest.map(({ i, j }) => [i, j])).toEqual([[3, 4], [1, 2], [4, 5]]); // biome-ignore format: pairs
    expect(closest[1].distance).toBe(0.5);
    expect(birthdayParadox(samples, { threshold: 0, list: 0 }).closest).toEqual([]);
  });

  it('refuses a threshold, batch or set that makes no sense', () => {
    const samples = [[0], [1], [2]];
    for (const threshold of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => birthdayParadox(samples, { threshold }))).toBe('INVALID_OPTION');
    }
    expect(codeOf(() => birthdayParadox(samples, { threshold: 0, batchSize: 4 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => birthdayParadox([[0]], { threshold: 0 }))).toBe('TOO_FEW_SAMPLES');
  });
});
