import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random';
import { featureStatistics } from '../../src/math/statistics';
import { takeRows } from '../../src/math/take-rows';
import { fid, fidInfinity } from '../../src/metrics';
import { extrapolate, growingSizes } from '../../src/metrics/extrapolation';
import { firstSize } from '../../src/metrics/fid-infinity';
import { readMatrix } from '../npy';
import { projectFile } from '../reference';
import { codeOf } from './code-of';
import { population, trueDistance } from './gaussian-population';

/**
 * What dgm-eval's own code (commit 74c79f7) gives where its random subsets are replaced by the first rows, so that
 * nothing is left to chance; and its third size of 15. Its matrix roots are good for 1e-7.
 */
const DGM_EVAL = [
  { name: 'unequal', value: 1.488229998490724, third: 36, last: 160 },
  { name: 'constant_columns', value: 1.5900855693392244, third: 45, last: 200 },
  { name: 'one_dim', value: 0.4850705494707343, third: 45, last: 200 },
  { name: 'two_dim', value: 0.5404115425165288, third: 68, last: 300 },
  { name: 'duplicates', value: 0.23967446904355505, third: 45, last: 200 },
  { name: 'singular', value: 97.04659868941008, third: 22, last: 100 },
  { name: 'identical', value: -0.5273510899687517, third: 57, last: 250 },
];

describe('the extrapolation of fidInfinity', () => {
  it.each(DGM_EVAL)('equals that of dgm-eval on $name', ({ name, value, third, last }) => {
    const [real, generated] = ['real', 'fake'].map((side) =>
      readMatrix(projectFile('fixtures/features', `${name}_${side}.npy`)),
    );
    const n = generated.rows;
    const sizes = growingSizes(n, { points: 15, smallest: firstSize(n, 'dgm-eval') });
    expect([sizes[2], sizes[14]]).toEqual([third, last]);
    const prefix = (size: number) => takeRows(generated, [...Array(size).keys()]);
    const distances = sizes.map((size) => fid(real, prefix(size)).value);
    expect(Math.abs(extrapolate(sizes, distances).value / value - 1)).toBeLessThan(1e-6);
  });

  it('of values on a line is the line, with no error', () => {
    const sizes = [10, 20, 40, 80];
    const { value, slope, standardError } = extrapolate(
      sizes,
      sizes.map((size) => 3 + 50 / size),
    );
    expect(value).toBeCloseTo(3, 12);
    expect(slope).toBeCloseTo(50, 11);
    expect(standardError).toBeLessThan(1e-12);
  });

  it('has the standard error by which intercepts of scattered values vary', () => {
    const { normal } = createRandom(3);
    const sizes = growingSizes(1000, { points: 15, smallest: 100 });
    const fits = Array.from({ length: 2000 }, () =>
      extrapolate(
        sizes,
        sizes.map((size) => 1 + 20 / size + 0.1 * normal()),
      ),
    );
    const variance = fits.reduce((sum, { value }) => sum + (value - 1) ** 2, 0) / fits.length;
    const expected = fits.reduce((sum, { standardError }) => sum + standardError ** 2, 0) / fits.length;
    // Both variances are known to about 4 %.
    expect(Math.abs(expected / variance - 1)).toBeLessThan(0.2);
  });
});

describe('fidInfinity', () => {
  const r = population(10, { seed: 1 });
  const g = population(10, { seed: 2, decay: 1.3, shift: 0.4 });

  it('comes nearer to the distance of the populations than fid does', () => {
    const random = createRandom(1);
    const [wide, other] = [population(24, { seed: 1 }), population(24, { seed: 2, decay: 1.3, shift: 0.4 })];
    const truth = trueDistance(wide, other);
    const real = featureStatistics(wide.draw(20_000, random));
    const [biased, corrected] = [0, 0].map(() => [] as number[]);
    for (let i = 0; i < 12; i++) {
      const generated = other.draw(120, random);
      const result = fidInfinity({ real, generated }, { seed: i, smallest: 40 });
      biased.push(result.distances[14] - truth);
      corrected.push(result.value - truth);
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(biased)).toBeGreaterThan(0.05);
    expect(Math.abs(mean(corrected))).toBeLessThan(mean(biased) / 2);
  });

  it('ends at fid, of 15 sizes from half the samples, and is the same for the same seed', () => {
    const random = createRandom(2);
    const [real, generated] = [r.draw(100, random), g.draw(80, random)];
    const result = fidInfinity({ real, generated }, { seed: 3 });
    expect(result.sizes).toHaveLength(15);
    expect([result.sizes[0], result.sizes[14]]).toEqual([40, 80]);
    expect(result.distances[14]).toBeCloseTo(fid(real, generated).value, 10);
    expect(result.value + result.slope / 80).toBeCloseTo(result.distances[14], 0);
    expect(fidInfinity({ real, generated }, { seed: 3 })).toEqual(result);
    expect(fidInfinity({ real, generated }, { seed: 4 }).value).not.toBe(result.value);
  });

  it('starts at 5000, at half of fewer than 10 000, and as dgm-eval at a tenth', () => {
    expect([50_000, 10_000, 9000].map((n) => firstSize(n))).toEqual([5000, 5000, 4500]);
    expect([60_000, 9000, 12].map((n) => firstSize(n, 'dgm-eval'))).toEqual([5000, 900, 2]);
  });

  it('takes statistics for the real side', () => {
    const random = createRandom(4);
    const [real, generated] = [r.draw(100, random), g.draw(60, random)];
    const { value } = fidInfinity({ real, generated });
    expect(fidInfinity({ real: featureStatistics(real), generated }).value).toBeCloseTo(value, 10);
  });

  it('warns where the smallest subsets have no more samples than dimensions', () => {
    const random = createRandom(5);
    const [real, generated] = [r.draw(50, random), g.draw(40, random)];
    const codes = (smallest: number) =>
      fidInfinity({ real, generated }, { smallest }).warnings.map(({ code }) => code);
    expect(codes(11)).toEqual([]);
    expect(codes(10)).toEqual(['FEWER_SAMPLES_THAN_DIMENSIONS']);
  });

  it('names what it cannot take', () => {
    const random = createRandom(6);
    const [real, generated] = [r.draw(50, random), g.draw(20, random)];
    const code = (options: object) => codeOf(() => fidInfinity({ real, generated }, options));
    expect(code({ points: 1 })).toBe('INVALID_OPTION');
    expect(code({ smallest: 2.5 })).toBe('INVALID_OPTION');
    expect(code({ smallest: 1 })).toBe('TOO_FEW_SAMPLES');
    expect(code({ smallest: 7 })).toBe('TOO_FEW_SAMPLES');
    const other = population(4, { seed: 1 }).draw(50, random);
    expect(codeOf(() => fidInfinity({ real: other, generated }))).toBe('SHAPE_MISMATCH');
    generated.data[15] = Number.NaN;
    expect(() => fidInfinity({ real, generated })).toThrow(/generated but row 1, column 5/);
  });

  it('has an interval that holds the expected value as often as it says, where the regression alone has not', () => {
    const random = createRandom(7);
    const [few, other] = [population(3, { seed: 1 }), population(3, { seed: 2, shift: 0.4 })];
    const runs = Array.from({ length: 30 }, () =>
      fidInfinity({ real: few.draw(60, random), generated: other.draw(60, random) }, { confidence: 0.95 }),
    );
    const expected = runs.reduce((sum, { value }) => sum + value, 0) / runs.length;
    const held = runs.filter(({ interval }) => interval!.low <= expected && expected <= interval!.high);
    const byLine = runs.filter((run) => Math.abs(run.value - expected) <= 1.96 * run.standardError);
    // With a coverage of 0.95 fewer than 24 of 30 have a probability of 6e-4.
    expect(held.length).toBeGreaterThanOrEqual(24);
    expect(byLine.length).toBeLessThan(held.length);
  });

  it('has a narrower interval for more samples, and against a fixed reference, which it says', () => {
    const random = createRandom(8);
    const error = (n: number) => {
      const [real, generated] = [r.draw(n, random), g.draw(n, random)];
      const { value, interval } = fidInfinity({ real, generated }, { confidence: 0.95 });
      expect((interval!.low + interval!.high) / 2).toBeCloseTo(value, 10);
      const fixed = fidInfinity({ real: featureStatistics(real), generated }, { confidence: 0.95 });
      expect(fixed.interval!.standardError).toBeLessThan(interval!.standardError);
      expect(fixed.interval!.of).toContain('taken as fixed');
      return interval!.standardError;
    };
    expect(error(50)).toBeGreaterThan(1.3 * error(200));
  });
});
