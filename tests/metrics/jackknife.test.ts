import { describe, expect, it } from 'vitest';
import {
  GanMetricsError,
  jackknifeDifferenceError,
  jackknifeError,
  prdc,
  prdcDifference,
} from '../../src/metrics';
import { assignGroups } from '../../src/metrics/jackknife';
import { bell } from '../math/neighbors/point-sets';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('jackknifeError', () => {
  it('of a difference of means, one sample a group, is the textbook standard error', () => {
    const [real, generated] = [bell(12, 1).data, bell(9, 1, { seed: 2 }).data];
    const without = (values: Float32Array) =>
      [...values].map((_, i) => mean([...values].filter((_, j) => j !== i)));
    const error = jackknifeError({
      real: without(real).map((value) => mean([...generated]) - value),
      generated: without(generated).map((value) => value - mean([...real])),
    });
    const variance = (values: Float32Array) => {
      const center = mean([...values]);
      return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
    };
    expect(error).toBeCloseTo(Math.sqrt(variance(real) / 12 + variance(generated) / 9), 12);
  });

  it('is that of the generated side where the real one is fixed', () => {
    expect(jackknifeError({ real: [], generated: [1, 3] })).toBeCloseTo(1, 12);
  });

  it('of a difference leaves out what both share', () => {
    const a = { real: [1, 2, 3], generated: [5, 5, 5] };
    const b = { real: [11, 12, 13], generated: [4, 4, 4] };
    expect(jackknifeDifferenceError(a, b)).toBe(0);
    expect(jackknifeDifferenceError(a, { ...b, real: [13, 12, 11] })).toBeGreaterThan(1);
  });
});

describe('assignGroups', () => {
  it('deals evenly, and the same for the same seed', () => {
    const { of } = assignGroups(47, { groups: 10, seed: 5 });
    const sizes = Array.from({ length: 10 }, (_, g) => of.filter((group) => group === g).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(assignGroups(47, { groups: 10, seed: 5 }).of).toEqual(of);
    expect(assignGroups(47, { groups: 10, seed: 6 }).of).not.toEqual(of);
  });

  it('refuses numbers of groups that it cannot deal', () => {
    expect(() => assignGroups(10, { groups: 1 })).toThrow(GanMetricsError);
    expect(() => assignGroups(100, { groups: 31 })).toThrow('from 2 to 30');
  });
});

describe('intervals of prdc', () => {
  it('hold the mean of many repetitions about as often as they say, and rather more often', () => {
    const runs = Array.from({ length: 60 }, (_, seed) =>
      prdc(
        {
          real: bell(150, 3, { seed: 2 * seed }),
          generated: bell(150, 3, { seed: 2 * seed + 1, scale: 1.2 }),
        },
        { confidence: 0.95, neighbors: 3 },
      ),
    );
    for (const name of ['precision', 'recall', 'density', 'coverage'] as const) {
      const center = mean(runs.map((run) => run[name]));
      const held = runs.filter(({ intervals }) => {
        const { low, high } = intervals![name];
        return low <= center && center <= high;
      });
      // With 95 %, fewer than 51 of 60 come once in a thousand.
      expect(held.length).toBeGreaterThan(50);
    }
  });

  it('narrow as samples grow', () => {
    const error = (n: number) =>
      prdc({ real: bell(n, 3), generated: bell(n, 3, { seed: 2 }) }, { confidence: 0.95 }).intervals!.coverage
        .standardError;
    expect(error(1600)).toBeLessThan(0.75 * error(100));
  });
});

describe('prdcDifference', () => {
  const real = bell(200, 3);
  const [a, b] = [bell(200, 3, { seed: 2, scale: 0.5 }), bell(200, 3, { seed: 3, scale: 1.2 })];

  it('is a less b, and turns with them', () => {
    const found = prdcDifference({ real, a, b });
    const [first, second] = [prdc({ real, generated: a }), prdc({ real, generated: b })];
    expect(found.precision).toBe(first.precision - second.precision);
    expect(found.intervals.recall.high).toBeLessThan(0);
    expect(prdcDifference({ real, a: b, b: a }).precision).toBe(-found.precision);
  });

  it('of a generator from itself is 0, without what the real samples do to both', () => {
    const { recall, intervals } = prdcDifference({ real, a, b: a });
    expect(recall).toBe(0);
    const alone = prdc({ real, generated: a }, { confidence: 0.95 }).intervals!;
    for (const name of ['recall', 'coverage', 'density'] as const) {
      expect(intervals[name].standardError).toBeLessThan(Math.SQRT2 * alone[name].standardError);
    }
  });
});
