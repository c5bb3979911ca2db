import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { takeRows } from '../../src/math/take-rows';
import { authenticity, type Interval, oneNearestNeighbor, prdCurve, vendi } from '../../src/metrics';
import { assignGroups, jackknifeError } from '../../src/metrics/jackknife';
import { nearestWithout } from '../../src/metrics/manifold/nearest-without';
import { metrics } from '../../src/metrics/registry';
import { codeOf } from './code-of';
import { gaussianRows } from './gaussian-rows';

interface Estimate {
  readonly value: number;
  readonly interval?: Interval | undefined;
}

type Sets = { real: Matrix; generated: Matrix };
type Estimator = (sets: Sets, confidence?: number) => Estimate;

const estimators: Record<'authpct' | 'one-nn' | 'vendi' | 'prd', Estimator> = {
  authpct: (sets, confidence) => authenticity(sets, { confidence }),
  'one-nn': (sets, confidence) => {
    const { accuracy, intervals } = oneNearestNeighbor(sets, { confidence });
    return { value: accuracy, interval: intervals?.accuracy };
  },
  vendi: ({ generated }, confidence) => vendi(generated, { confidence }),
  prd: (sets, confidence) => {
    const { f8, intervals } = prdCurve(sets, { confidence, runs: 3, angles: 51, clusters: 10 });
    return { value: f8, interval: intervals?.f8 };
  },
};

const draw = (n: number, seed: number): Sets => ({
  real: gaussianRows(n, 3, { seed }),
  generated: gaussianRows(n, 3, { seed: seed + 1000, shift: 0.8, spread: 1.2 }),
});

describe.each(Object.entries(estimators))('the interval of %s', (_, estimate) => {
  it('lies around the value, which it does not move, and says what it is for', () => {
    const sets = draw(60, 1);
    const { value, interval } = estimate(sets, 0.9);
    expect(estimate(sets)).toMatchObject({ value });
    expect(estimate(sets).interval).toBeUndefined();
    expect((interval!.low + interval!.high) / 2).toBeCloseTo(value, 10);
    expect(interval!).toMatchObject({ confidence: 0.9, method: 'group jackknife' });
    expect(interval!.of).toContain('expected');
  });

  it('is half as wide for four times as many samples', () => {
    const error = (n: number) => {
      const errors = [1, 2, 3, 4].map((seed) => estimate(draw(n, seed), 0.95).interval!.standardError);
      return errors.reduce((sum, each) => sum + each, 0);
    };
    // A jackknife of ten groups is known to about 20 %, the mean of four to 10 %, and this is a ratio of two.
    const ratio = error(50) / error(200);
    expect(ratio).toBeGreaterThan(1.25);
    expect(ratio).toBeLessThan(3.2);
  });

  it('holds the expected value as often as it says, or more often', () => {
    const runs = Array.from({ length: 24 }, (__, seed) => estimate(draw(60, 10 + seed), 0.95));
    const expected = runs.reduce((sum, { value }) => sum + value, 0) / runs.length;
    const held = runs.filter(({ interval }) => interval!.low <= expected && expected <= interval!.high);
    // With a coverage of 0.95 fewer than 19 of 24 have a probability of 1e-3.
    expect(held.length).toBeGreaterThanOrEqual(19);
    const deviation = Math.sqrt(
      runs.reduce((sum, { value }) => sum + (value - expected) ** 2, 0) / (runs.length - 1),
    );
    const error = runs.reduce((sum, { interval }) => sum + interval!.standardError, 0) / runs.length;
    // The deviation of 24 values is known to 15 %; counts of neighbors are not smooth, and make it up to 1.7 times.
    expect(error / deviation).toBeGreaterThan(0.65);
    expect(error / deviation).toBeLessThan(2.4);
  });

  it('needs a confidence in (0, 1), and a sample for every group', () => {
    expect(codeOf(() => estimate(draw(40, 1), 95))).toBe('INVALID_OPTION');
    expect(codeOf(() => estimate(draw(9, 1), 0.95))).toBe('TOO_FEW_SAMPLES');
  });
});

describe('leaving out a group', () => {
  const sets = draw(45, 5);
  const seed = 3;

  /** The values of the rest, computed anew. */
  function leftOut(of: (rest: Sets) => number) {
    const without = (side: keyof Sets, groupSeed: number) => {
      const groups = assignGroups(sets[side].rows, { groups: 5, seed: groupSeed });
      return Array.from({ length: 5 }, (_, g) => {
        const rest = [...groups.of.keys()].filter((i) => groups.of[i] !== g);
        return of({ ...sets, [side]: takeRows(sets[side], rest) });
      });
    };
    return { real: without('real', seed), generated: without('generated', seed + 0x9e3779b9) };
  }

  it('in one pass is the same as computing AuthPct of the rest', () => {
    const { interval } = authenticity(sets, { confidence: 0.95, groups: 5, seed });
    const anew = jackknifeError(leftOut((rest) => authenticity(rest).value));
    expect(interval!.standardError).toBeCloseTo(anew, 10);
  });

  it.each(['accuracy', 'accuracyReal', 'accuracyGenerated'] as const)(
    'in one pass is the same as computing the %s of one-nn of the rest',
    (name) => {
      const { intervals } = oneNearestNeighbor(sets, { confidence: 0.95, groups: 5, seed });
      const anew = jackknifeError(leftOut((rest) => oneNearestNeighbor(rest)[name]));
      expect(intervals![name].standardError).toBeCloseTo(anew, 10);
    },
  );

  it('of all the neighbors that are listed leads to the nearest of the others', () => {
    const nearest = { count: 2, distances: Float64Array.of(1, 2), indices: Int32Array.of(1, 2) };
    const all = { size: 6, exact: (_: number, j: number) => Math.abs(j - 4) + 2 };
    const without = (left: number[]) => nearestWithout(nearest, 0, { isOut: (j) => left.includes(j), all });
    expect(without([0, 1])).toEqual({ index: 2, distance: 2 });
    expect(without([0, 1, 2])).toEqual({ index: 4, distance: 2 });
    expect(without([0, 1, 2, 4])).toEqual({ index: 3, distance: 3 });
  });
});

describe('the distance from a half of one-nn', () => {
  it('has the standard error of the accuracy, as a value near 0.5 has two sides', () => {
    const { intervals } = oneNearestNeighbor(draw(50, 2), { confidence: 0.95 });
    expect(intervals!.distanceFromHalf.standardError).toBe(intervals!.accuracy.standardError);
  });
});

describe('an evaluation', () => {
  it.each(['authpct', 'one-nn', 'vendi', 'prd'] as const)(
    'finds intervals of the numbers of %s in its result',
    (id) => {
      const { real, generated } = draw(40, 1);
      const { interval, compute, values } = metrics[id];
      const result = compute({ real: { features: real }, generated: { features: generated } } as never, {
        confidence: 0.95,
      });
      if (!('ofResult' in interval!)) throw new Error('Expected an interval of the result.');
      const found = interval.ofResult(result as never, { confidence: 0.95 });
      expect(Object.keys(found)).toEqual(Object.keys(values));
    },
  );
});
