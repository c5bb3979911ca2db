import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { createRandom } from '../../src/math/random';
import { featureStatistics } from '../../src/math/statistics';
import { takeRows } from '../../src/math/take-rows';
import { fid, fidDifference, fidInterval } from '../../src/metrics';
import { fidMetric } from '../../src/metrics/fid';
import { assignGroups, jackknifeDifferenceError, jackknifeError } from '../../src/metrics/jackknife';
import { codeOf } from './code-of';
import { type Population, population } from './gaussian-population';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

const pair = (d: number): [Population, Population] => [
  population(d, { seed: 1 }),
  population(d, { seed: 2, decay: 1.3, shift: 0.4, scale: 1.1 }),
];

/** The distance with each of 10 groups of either side left out. */
function groupsLeftOut(real: Matrix, generated: Matrix, seed: number) {
  const without = (features: Matrix, distance: (rest: Matrix) => number) => {
    const groups = assignGroups(features.rows, { seed });
    return Array.from({ length: groups.count }, (_, group) =>
      distance(
        takeRows(
          features,
          [...groups.of.keys()].filter((i) => groups.of[i] !== group),
        ),
      ),
    );
  };
  return {
    real: without(real, (rest) => fid(rest, generated).value),
    generated: without(generated, (rest) => fid(real, rest).value),
  };
}

const REPETITIONS = 30;

describe('the interval of fid, simulated where the expected value is known', () => {
  it.each([
    ['more samples than dimensions', 6, 90],
    ['as many samples as dimensions', 16, 20],
    ['fewer samples than dimensions', 24, 15],
  ])('holds it as often as it says, with %s (d = %i, n = %i)', (_, d, n) => {
    const random = createRandom(d * 1000 + n);
    const [r, g] = pair(d);
    const intervals = Array.from({ length: REPETITIONS }, () =>
      fidInterval({ real: r.draw(n, random), generated: g.draw(n, random) }),
    );
    const values = intervals.map(({ low, high }) => (low + high) / 2);
    const expected = mean(values);
    const covered = intervals.filter(({ low, high }) => low < expected && expected < high).length;
    // With a coverage of 0.95 fewer than 24 of 30 have a probability of 6e-4.
    expect(covered).toBeGreaterThanOrEqual(24);
    // The standard deviation of 30 values is known to 13 %; too wide by a third is what may be, too narrow is not.
    const ratio = mean(intervals.map(({ standardError }) => standardError)) / deviation(values);
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.8);
  });

  it('is there of two samples of one population too, and not too narrow', () => {
    const random = createRandom(4);
    const [r] = pair(8);
    const intervals = Array.from({ length: 24 }, () =>
      fidInterval({ real: r.draw(30, random), generated: r.draw(30, random) }),
    );
    const expected = mean(intervals.map(({ low, high }) => (low + high) / 2));
    // Fewer than 19 of 24 have a probability of 1e-3 at 0.95; equal distributions make it wider than that.
    expect(
      intervals.filter(({ low, high }) => low < expected && expected < high).length,
    ).toBeGreaterThanOrEqual(19);
  });

  it('cannot be had by the bootstrap: its percentiles nearly never hold the expected value', () => {
    const random = createRandom(5);
    const [r] = pair(12);
    const n = 40;
    const repetitions = Array.from({ length: 6 }, () => {
      const [real, generated] = [r.draw(n, random), r.draw(n, random)];
      const resample = (m: Matrix) =>
        takeRows(
          m,
          Array.from({ length: n }, () => random.integer(n)),
        );
      const resampled = Array.from({ length: 10 }, () => fid(resample(real), resample(generated)).value);
      return { value: fid(real, generated).value, low: Math.min(...resampled), high: Math.max(...resampled) };
    });
    const expected = mean(repetitions.map(({ value }) => value));
    // From the least to the largest of 10 are some 80 %: an honest interval would hold it 5 times in 6.
    expect(repetitions.filter(({ low, high }) => low <= expected && expected <= high).length).toBeLessThan(2);
  });

  it.each([
    ['many samples', 6, 90],
    ['few samples', 16, 24],
    ['fewer samples than dimensions', 24, 20],
  ])('agrees with the group jackknife, with %s (d = %i, n = %i)', (_, d, n) => {
    const random = createRandom(n);
    const [r, g] = pair(d);
    const errors = Array.from({ length: 4 }, (_, seed) => {
      const [real, generated] = [r.draw(n, random), g.draw(n, random)];
      return {
        closed: fidInterval({ real, generated }).standardError,
        jackknife: jackknifeError(groupsLeftOut(real, generated, seed)),
      };
    });
    const ratio = mean(errors.map(({ closed }) => closed)) / mean(errors.map(({ jackknife }) => jackknife));
    // A jackknife of 10 groups a side is known to about 20 %, four of them to 10 %.
    expect(ratio).toBeGreaterThan(0.68);
    expect(ratio).toBeLessThan(1.45);
  });
});

describe('fidInterval', () => {
  const random = createRandom(9);
  const [r, g] = pair(6);
  const [real, generated] = [r.draw(100, random), g.draw(80, random)];

  it('is centered at fid, grows with the confidence, and says what it is for', () => {
    const interval = fidInterval({ real, generated });
    const { value } = fid(real, generated);
    expect((interval.low + interval.high) / 2).toBeCloseTo(value, 12);
    expect(interval).toMatchObject({ confidence: 0.95, method: 'influence function' });
    expect(interval.of).toContain('100 real and 80 generated');
    expect(interval.of).toContain('not that of infinitely many');
    const wider = fidInterval({ real, generated }, { confidence: 0.99 });
    expect((wider.high - wider.low) / (interval.high - interval.low)).toBeCloseTo(2.5758 / 1.96, 4);
  });

  it('is narrower against statistics, as if the reference had no error, and says so', () => {
    const sampled = fidInterval({ real, generated });
    const fixed = fidInterval({ real: featureStatistics(real), generated });
    expect(fixed.standardError).toBeLessThan(sampled.standardError);
    expect(fixed.of).toContain('taken as fixed');
  });

  it('is what the metric gives from statistics and features', () => {
    const sampleOf = (features: Matrix) => ({
      features,
      statistics: featureStatistics(features),
      spatialStatistics: featureStatistics(features),
      spatialFeatures: features,
      logits: features,
      labels: [],
    });
    const metric = fidMetric.interval!;
    if (!('compute' in metric)) throw new Error('Expected an interval of the samples.');
    const { value } = metric.compute(
      { real: sampleOf(real), generated: sampleOf(generated) },
      { confidence: 0.9 },
    );
    expect(value.standardError).toBeCloseTo(fidInterval({ real, generated }).standardError, 9);
    expect(value.confidence).toBe(0.9);
  });

  it('needs a confidence between 0 and 1', () => {
    for (const confidence of [0, 1, 95, Number.NaN]) {
      expect(codeOf(() => fidInterval({ real, generated }, { confidence }))).toBe('INVALID_OPTION');
    }
  });
});

describe('fidDifference', () => {
  const [r, g] = pair(5);
  const near = population(5, { seed: 2, decay: 1.3, shift: 0.2, scale: 1.1 });

  it('of a set with itself is 0 with the error of the generated sides alone', () => {
    const random = createRandom(1);
    const [real, a] = [r.draw(90, random), g.draw(70, random)];
    const { value, interval } = fidDifference({ real, a, b: a });
    expect(value).toBe(0);
    const alone = fidInterval({ real: featureStatistics(real), generated: a }).standardError;
    expect(interval.standardError).toBeCloseTo(alone * Math.SQRT2, 8);
  });

  it('changes sign with its arguments, and is the difference of the distances', () => {
    const random = createRandom(2);
    const [real, a, b] = [r.draw(90, random), near.draw(70, random), g.draw(70, random)];
    const difference = fidDifference({ real, a, b });
    expect(difference.value).toBe(fid(real, a).value - fid(real, b).value);
    const reverse = fidDifference({ real, a: b, b: a });
    expect(reverse.value).toBe(-difference.value);
    expect(reverse.interval.standardError).toBeCloseTo(difference.interval.standardError, 12);
    expect(difference.warnings).toEqual([]);
  });

  it('has an interval narrower than two separate ones let expect, which holds as often as it says', () => {
    const random = createRandom(3);
    const runs = Array.from({ length: 30 }, (_, i) => {
      // Few real samples: what they do is most of either distance's error.
      const [real, a, b] = [r.draw(30, random), near.draw(100, random), g.draw(100, random)];
      const { value, interval } = fidDifference({ real, a, b });
      const separate =
        i < 10 ? [a, b].map((generated) => fidInterval({ real, generated }).standardError) : [];
      return { value, interval, separate: Math.hypot(...separate) };
    });
    const expected = mean(runs.map(({ value }) => value));
    const covered = runs.filter(({ interval: { low, high } }) => low < expected && expected < high).length;
    // With a coverage of 0.95 fewer than 24 of 30 have a probability of 6e-4.
    expect(covered).toBeGreaterThanOrEqual(24);
    expect(mean(runs.slice(0, 10).map(({ interval }) => interval.standardError))).toBeLessThan(
      0.8 * mean(runs.slice(0, 10).map(({ separate }) => separate)),
    );
  });

  it('agrees with the group jackknife', () => {
    const random = createRandom(4);
    const errors = Array.from({ length: 3 }, (_, seed) => {
      const [real, a, b] = [r.draw(50, random), near.draw(70, random), g.draw(70, random)];
      return {
        closed: fidDifference({ real, a, b }).interval.standardError,
        jackknife: jackknifeDifferenceError(groupsLeftOut(real, a, seed), groupsLeftOut(real, b, seed)),
      };
    });
    const ratio = mean(errors.map(({ closed }) => closed)) / mean(errors.map(({ jackknife }) => jackknife));
    // Three jackknives are known to 12 %.
    expect(ratio).toBeGreaterThan(0.64);
    expect(ratio).toBeLessThan(1.55);
  });

  it('warns where the sizes of a and b differ, as their bias does', () => {
    const random = createRandom(5);
    const { warnings } = fidDifference({
      real: r.draw(40, random),
      a: g.draw(30, random),
      b: g.draw(31, random),
    });
    expect(warnings.map(({ code }) => code)).toEqual(['SAMPLE_SIZES_DIFFER']);
  });
});
