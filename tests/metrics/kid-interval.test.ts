import { describe, expect, it } from 'vitest';
import { differenceError, influenceError } from '../../src/metrics/interval';
import { kid, kidInterval } from '../../src/metrics/kid';
import { kidDifference } from '../../src/metrics/kid-difference';
import { kidInfluence } from '../../src/metrics/kid-influence';
import { createSums, type GramSums } from '../../src/metrics/mmd-sums';
import { mmdVariance } from '../../src/metrics/mmd-variance';
import { codeOf } from './code-of';
import { gaussianRows } from './gaussian-rows';

/**
 * E (xᵀy/d + 1)³ for independent x, y with independent normal entries of means a, b and variances s, t in all of
 * d dimensions.
 */
function meanKernel(d: number, [a, s]: readonly [number, number], [b, t]: readonly [number, number]): number {
  const first = a * b;
  const second = ((s + a * a) * (t + b * b) + (d - 1) * first ** 2) / d;
  // E z³ of z = xy over one dimension, and the mixed terms of d of them.
  const cube = (a ** 3 + 3 * a * s) * (b ** 3 + 3 * b * t);
  const square = (s + a * a) * (t + b * b);
  const third = (d * cube + 3 * d * (d - 1) * square * first + d * (d - 1) * (d - 2) * first ** 3) / d ** 3;
  return third + 3 * second + 3 * first + 1;
}

type Law = readonly [mean: number, variance: number];

function trueKid(d: number, real: Law, generated: Law): number {
  return meanKernel(d, real, real) + meanKernel(d, generated, generated) - 2 * meanKernel(d, real, generated);
}

const rows = (n: number, d: number, [mean, variance]: Law, seed: number) =>
  gaussianRows(n, d, { seed, shift: mean, spread: Math.sqrt(variance) });

const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviationOf = (values: number[]) => {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
};

describe('the standard error of kid', () => {
  const real: Law = [0, 1];
  it.each([
    ['far apart', [0.5, 1], { estimator: 'full' }],
    ['wider', [0, 1.5], { estimator: 'full' }],
    ['close', [0.1, 1], { estimator: 'full' }],
    ['equal', real, { estimator: 'full' }],
    ['far apart, by subsets', [0.5, 1], { subsets: 10, subsetSize: 20 }],
    ['equal, by subsets', real, { subsets: 10, subsetSize: 20 }],
  ] as const)(
    'is the deviation over repetitions, and its interval holds the truth: %s',
    (_, law, options) => {
      const [n, m, d, runs] = [80, 60, 20, 300];
      const truth = trueKid(d, real, law);
      const results = Array.from({ length: runs }, (__, k) => {
        const samples = { real: rows(n, d, real, 2 * k), generated: rows(m, d, law, 2 * k + 1) };
        return kid(samples, options);
      });
      const values = results.map(({ value }) => value);
      const deviation = deviationOf(values);
      const error = Math.sqrt(meanOf(results.map(({ standardError }) => standardError! ** 2)));
      expect(Math.abs(meanOf(values) - truth)).toBeLessThan((3.5 * deviation) / Math.sqrt(runs));
      expect(error / deviation).toBeGreaterThan(0.87);
      // Where the sets are equal, an estimate of 0 that cannot be negative makes it somewhat too wide.
      expect(error / deviation).toBeLessThan(1.25);
      const covered = results.filter((result) => {
        const { low, high } = kidInterval(result, { confidence: 0.95 })!;
        return low <= truth && truth <= high;
      });
      expect(covered.length / runs).toBeGreaterThan(0.91);
      expect(covered.length / runs).toBeLessThan(1);
    },
  );

  it('is absent where there is nothing to estimate it from', () => {
    const samples = { real: gaussianRows(3, 2, { seed: 0 }), generated: gaussianRows(9, 2, { seed: 1 }) };
    const result = kid(samples, { estimator: 'full' });
    expect(result).not.toHaveProperty('standardError');
    expect(kidInterval(result, { confidence: 0.9 })).toBeUndefined();
  });
});

/** Sums and moments by definition, over all choices of different rows. */
function bruteForce(n: number, m: number) {
  const values = (seed: number) => gaussianRows(Math.max(n, m), Math.max(n, m), { seed }).data;
  const size = Math.max(n, m);
  const [xx, yy, xy] = [0, 1, 2].map(values);
  const within = (k: Float64Array) => (i: number, j: number) => k[Math.min(i, j) * size + Math.max(i, j)];
  const [kx, ky] = [within(xx), within(yy)];
  const k = (i: number, j: number) => xy[i * size + j];
  const sums: GramSums = createSums(n, m);
  const add = (to: GramSums['xx'], count: number, value: typeof kx) => {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) {
        if (i === j) continue;
        to.rows[i] += value(i, j);
        to.squares += value(i, j) ** 2;
      }
    }
  };
  add(sums.xx, n, kx);
  add(sums.yy, m, ky);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      sums.xy.rows[i] += k(i, j);
      sums.xy.columns[j] += k(i, j);
      sums.xy.squares += k(i, j) ** 2;
    }
  }
  return { sums, kx, ky, k };
}

/** All ordered choices of different rows. */
function choices(count: number, rows: number): number[][] {
  if (count === 0) return [[]];
  return choices(count - 1, rows).flatMap((chosen) =>
    Array.from({ length: rows }, (_, i) => i)
      .filter((i) => !chosen.includes(i))
      .map((i) => [...chosen, i]),
  );
}

describe('mmdVariance', () => {
  it('is the mean over all choices of different rows', () => {
    const [n, m] = [5, 6];
    const { sums, kx, k } = bruteForce(n, m);
    const means = { x: [] as number[], xx: [] as number[], xy: [] as number[] };
    for (const [a, b, c, e] of choices(4, n)) {
      for (const [p, q] of choices(2, m)) {
        means.x.push(
          (kx(a, b) - k(a, p)) * (kx(a, c) - k(a, q)) -
            kx(a, b) * kx(c, e) +
            2 * kx(b, c) * k(a, p) -
            k(a, p) * k(b, q),
        );
        means.xx.push(kx(a, b) ** 2 - 2 * kx(a, b) * kx(a, c) + kx(a, b) * kx(c, e));
        means.xy.push(k(a, p) ** 2 - k(a, p) * k(a, q) - k(a, p) * k(b, p) + k(a, p) * k(b, q));
      }
    }
    const { witness, remainder } = mmdVariance(sums)!;
    expect(witness.x).toBeCloseTo(meanOf(means.x), 12);
    expect(remainder.xx).toBeCloseTo(meanOf(means.xx), 12);
    expect(remainder.xy).toBeCloseTo(meanOf(means.xy), 12);
  });

  it('is the same for both sides exchanged', () => {
    const { sums } = bruteForce(7, 5);
    const { xx, yy, xy } = sums;
    const { witness, remainder } = mmdVariance(sums)!;
    const swapped = mmdVariance({ xx: yy, yy: xx, xy: { ...xy, rows: xy.columns, columns: xy.rows } })!;
    expect(swapped.witness.y).toBeCloseTo(witness.x, 13);
    expect(swapped.remainder.yy).toBeCloseTo(remainder.xx, 13);
    expect(swapped.remainder.xy).toBeCloseTo(remainder.xy, 13);
  });
});

describe('kidInfluence', () => {
  const real = gaussianRows(60, 4, { seed: 1 });
  const generated = gaussianRows(50, 4, { seed: 2, shift: 0.7 });

  it('is what leaving an image out changes, to first order', () => {
    const { real: influence, value } = kidInfluence({ real, generated });
    for (const i of [0, 30, 59]) {
      const rest = Array.from({ length: 60 }, (_, k) => real.data.subarray(4 * k, 4 * k + 4)).toSpliced(i, 1);
      const change = kid({ real: rest, generated }, { estimator: 'full' }).value - value;
      // Beyond first order leaving one of 60 out also changes what the others average over.
      expect(Math.abs(-59 * change - influence[i])).toBeLessThan(0.05 * Math.max(...influence.map(Math.abs)));
    }
  });

  it('has mean 0, and a standard error near that of kid where the sets differ', () => {
    const influence = kidInfluence({ real, generated });
    expect(meanOf([...influence.real])).toBeCloseTo(0, 12);
    const { standardError } = kid({ real, generated }, { estimator: 'full' });
    expect(influenceError(influence) / standardError!).toBeGreaterThan(0.95);
    expect(influenceError(influence) / standardError!).toBeLessThan(1.15);
  });
});

describe('kidDifference', () => {
  it('covers the true difference, more narrowly than two separate intervals', () => {
    const [n, m, d, runs] = [60, 60, 4, 300];
    const laws: Law[] = [
      [0, 1],
      [0.6, 1],
      [0.5, 1.2],
    ];
    const truth = trueKid(d, laws[0], laws[1]) - trueKid(d, laws[0], laws[2]);
    let [covered, narrower] = [0, 0];
    for (let k = 0; k < runs; k++) {
      const [real, a, b] = laws.map((law, i) => rows(i === 0 ? n : m, d, law, 3 * k + i));
      const { interval } = kidDifference({ real, a, b });
      covered += Number(interval.low <= truth && truth <= interval.high);
      const apart = [a, b].map((generated) => influenceError(kidInfluence({ real, generated })));
      narrower += Number(interval.standardError < Math.hypot(...apart));
    }
    expect(covered / runs).toBeGreaterThan(0.91);
    expect(covered / runs).toBeLessThanOrEqual(0.99);
    expect(narrower / runs).toBeGreaterThan(0.95);
  });

  it('is the difference of both values, 0 between a generator and itself', () => {
    const real = gaussianRows(30, 3, { seed: 1 });
    const a = gaussianRows(20, 3, { seed: 2, shift: 1 });
    const b = gaussianRows(25, 3, { seed: 3 });
    const { value, a: ofA, b: ofB } = kidDifference({ real, a, b });
    expect(value).toBe(ofA - ofB);
    expect(ofA).toBeCloseTo(kid({ real, generated: a }, { estimator: 'full' }).value, 13);
    expect(value).toBeGreaterThan(0);
    expect(kidDifference({ real, a, b: a }).value).toBe(0);
    const influence = kidInfluence({ real, generated: a });
    const error = differenceError(influence, kidInfluence({ real, generated: b }));
    expect(kidDifference({ real, a, b }).interval.standardError).toBe(error);
  });

  it('refuses sets of different columns', () => {
    const [real, a] = [gaussianRows(9, 2, { seed: 0 }), gaussianRows(9, 3, { seed: 1 })];
    expect(codeOf(() => kidDifference({ real, a, b: real }))).toBe('SHAPE_MISMATCH');
  });
});
