import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../src/math/matrix';
import { parzenLogLikelihood } from '../../../src/metrics/density/parzen-log-likelihood';
import { readMatrix } from '../../npy';
import { hasReference, projectFile, reference } from '../../reference';
import { codeOf } from '../code-of';
import { normalRows } from './normal-rows';

const relative = (a: number, b: number) => Math.abs(a / b - 1);
const codes = (result: { warnings: readonly { code: string }[] }) => result.warnings.map(({ code }) => code);

function rows({ columns, data }: Matrix, from: number, to: number): Matrix {
  return { rows: to - from, columns, data: data.subarray(from * columns, to * columns) };
}

function describeGolden(folder: (file: string) => string, sets: readonly string[]): void {
  it.each(sets)("has the 2014 evaluation's numbers on %s", (set) => {
    const golden = JSON.parse(readFileSync(folder('values.json'), 'utf8'))[set].parzen_ll;
    const [samples, points] = ['samples', 'test'].map((name) => readMatrix(folder(`${set}_${name}.npy`)));
    const half = Math.floor(points.rows / 2);
    const result = parzenLogLikelihood(samples, rows(points, half, points.rows), {
      validation: rows(points, 0, half),
    });
    expect(relative(result.value, golden.test_half_mean_ll)).toBeLessThan(1e-12);
    expect(relative(result.standardError!, golden.test_half_se)).toBeLessThan(1e-11);
    expect(relative(result.bandwidth as number, golden.best_sigma)).toBeLessThan(1e-15);
    result.curve.forEach(({ value }, k) => {
      expect(relative(value, golden.validation_half_mean_ll[k])).toBeLessThan(1e-12);
    });
    for (const [sigma, { mean_ll, se }] of Object.entries<{ mean_ll: number; se: number }>(
      golden.by_sigma_all_test,
    )) {
      const { value, standardError } = parzenLogLikelihood(samples, points, { bandwidth: Number(sigma) });
      expect(relative(value, mean_ll)).toBeLessThan(1e-12);
      expect(relative(standardError!, se)).toBeLessThan(1e-11);
    }
  });
}

describe('parzenLogLikelihood beside reference values', () => {
  describeGolden((file) => projectFile('fixtures', 'kde', file), ['d1', 'd2']);
});

describe.skipIf(!hasReference)('parzenLogLikelihood beside reference values in the reference folder', () => {
  if (hasReference) describeGolden((file) => reference('golden', 'kde', file), ['d64']);
});

describe('parzenLogLikelihood', () => {
  const unit = (n: number, seed: number) => {
    const { data, ...shape } = normalRows(n, 2, seed);
    return { ...shape, data: data.map((x) => 1 / (1 + Math.exp(-x))) };
  };

  it('falls when the generator collapses to one mode', () => {
    const [all, test, validation] = [unit(300, 1), unit(200, 2), unit(100, 3)];
    const collapsed = { ...all, data: all.data.map((x) => 0.3 + x / 20) };
    const options = { validation };
    expect(parzenLogLikelihood(all, test, options).value).toBeGreaterThan(
      parzenLogLikelihood(collapsed, test, options).value,
    );
  });

  it('warns of nothing on enough samples in [0, 1] and a grid that holds the best bandwidth', () => {
    const bandwidths = [0.01, 0.05, 0.1, 0.5];
    const result = parzenLogLikelihood(unit(400, 4), unit(50, 5), { validation: unit(80, 6), bandwidths });
    expect(codes(result)).toEqual([]);
    expect(result).toMatchObject({
      outside: 0,
      dimensions: 2,
      kernel: 'gaussian',
      count: { generated: 400, test: 50, validation: 80 },
    });
    expect(result.curve.map(({ bandwidth }) => bandwidth)).toEqual(bandwidths);
  });

  it('warns of a bandwidth at the edge of the grid', () => {
    const options = { validation: unit(80, 6), bandwidths: [0.5, 1] };
    expect(codes(parzenLogLikelihood(unit(400, 4), unit(50, 5), options))).toEqual([
      'BANDWIDTH_AT_GRID_EDGE',
    ]);
  });

  it('warns of data on another scale, naming the set and its range', () => {
    const bytes = unit(50, 5);
    const test = { ...bytes, data: bytes.data.map((x) => Math.round(255 * x)) };
    const { warnings } = parzenLogLikelihood(unit(400, 4), test, { bandwidth: 0.2 });
    expect(warnings.map(({ code }) => code)).toEqual(['SCALE_NOT_UNIT']);
    expect(warnings[0].message).toMatch(/Values of test lie from \d+ to \d+/);
  });

  it('warns of dimensions in which the ranking means little, with the reason', () => {
    const few = { rows: 20, columns: 30, data: new Float64Array(600).map((_, at) => (at % 7) / 7) };
    const { warnings } = parzenLogLikelihood(few, few, { bandwidth: 0.2 });
    expect(warnings.map(({ code }) => code)).toEqual(['TOO_MANY_DIMENSIONS']);
    expect(warnings[0].message).toMatch(/falls as n\^\(−4\/34\).*k-means/);
  });

  it('names a likelihood of −∞: how many test points lie in no window', () => {
    const options = { kernel: 'epanechnikov', bandwidth: 0.1 } as const;
    const result = parzenLogLikelihood([[0.1], [0.2]], [[0.15], [0.9], [0.8]], options);
    expect(result).toMatchObject({ value: Number.NEGATIVE_INFINITY, standardError: null, outside: 2 });
    expect(result.warnings.find(({ code }) => code === 'WINDOWS_MISS_POINTS')?.message).toMatch(/^2 of 3/);
  });

  it('names what is wrong with its input', () => {
    const code = (options: object, test: number[][] = [[0.5]]) =>
      codeOf(() => parzenLogLikelihood([[0.1], [0.2]], test, options));
    expect(code({})).toBe('INVALID_OPTION');
    expect(code({ bandwidths: [0.1, 0.2] })).toBe('INVALID_OPTION');
    expect(code({ bandwidth: 0.1, validation: [[0.3]] })).toBe('INVALID_OPTION');
    expect(code({ bandwidth: 0.1, kernel: 'tophat' })).toBe('INVALID_OPTION');
    expect(code({ validation: [[0.3, 0.4]] })).toBe('SHAPE_MISMATCH');
    expect(code({ bandwidth: 0.1 }, [[0.5, 0.5]])).toBe('SHAPE_MISMATCH');
    expect(code({ bandwidth: 0.1 }, [])).toBe('TOO_FEW_SAMPLES');
    expect(code({ bandwidth: 0.1 }, [[Number.NaN]])).toBe('NOT_FINITE');
  });
});
