import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KernelDensity } from '../../../src/metrics/density/kernel-density';
import {
  GRID_2014,
  type SelectBandwidthOptions,
  selectBandwidth,
} from '../../../src/metrics/density/select-bandwidth';
import { WINDOWS } from '../../../src/metrics/density/windows';
import { readMatrix } from '../../npy';
import { projectFile } from '../../reference';
import { codeOf } from '../code-of';
import { normalRows } from './normal-rows';

const folder = (file: string) => projectFile('fixtures', 'kde', file);
const json = (file: string) => JSON.parse(readFileSync(folder(file), 'utf8'));
const samplesOf = (set: string) => readMatrix(folder(`${set}_samples.npy`));
const relative = (a: number, b: number) => Math.abs(a / b - 1);

describe.each(['d1', 'd2'])('selectBandwidth on %s', (set) => {
  const samples = samplesOf(set);
  const golden = json('values.json')[set].cross_validation;
  const grid = { bandwidths: golden.bandwidths_geomspace, refine: false };

  it('has the leave-one-out likelihoods of the reference', () => {
    const { bandwidth, curve } = selectBandwidth(samples, { method: 'loo', ...grid });
    expect(bandwidth).toBe(golden.best_loo);
    curve.forEach(({ value }, k) => {
      expect(relative(value, golden.loo_mean_log_likelihood_own[k])).toBeLessThan(1e-12);
    });
  });

  it("has the likelihoods of scikit-learn's folds", () => {
    const { bandwidth, curve } = selectBandwidth(samples, { method: 'kfold', ...grid });
    expect(bandwidth).toBe(golden.best_kfold);
    curve.forEach(({ value }, k) => {
      expect(relative((value * samples.rows) / 5, golden.kfold5_mean_score[k])).toBeLessThan(1e-12);
    });
  });

  it('has the improved Sheather–Jones bandwidths of the reference', () => {
    const { bandwidth, shape } = selectBandwidth(samples, { method: 'isj' });
    const { own, 'KDE-diffusion 1.0.5': peer } = json('isj.json')[set];
    [bandwidth].flat(2).forEach((h, k) => {
      expect(relative(h, [own].flat()[k])).toBeLessThan(1e-12);
      // The peer's histogram has another range.
      expect(relative(h, [peer].flat()[k])).toBeLessThan(5e-3);
    });
    expect(shape).toBe(set === 'd1' ? 'scalar' : 'diagonal');
  });
});

describe('improved Sheather–Jones', () => {
  it('is close to the best bandwidth of a bimodal density, where Silverman is twice as wide', () => {
    // Of ½ N(−2, ½²) + ½ N(1, 1): (2 √π n ‖f″‖²)^(−1/5).
    const best = 0.19957875907494324;
    const samples = samplesOf('d1');
    const of = (method: 'isj' | 'silverman') => selectBandwidth(samples, { method }).bandwidth as number;
    expect(relative(of('isj'), best)).toBeLessThan(0.2);
    expect(of('silverman') / best).toBeGreaterThan(2);
  });

  it('is close to the normal reference on normal samples, in both dimensions', () => {
    const [line, plane] = [normalRows(3000, 1, 1), normalRows(3000, 2, 2)];
    expect(selectBandwidth(line, { method: 'isj' }).bandwidth as number).toBeCloseTo(1.06 * 3000 ** -0.2, 1);
    for (const h of selectBandwidth(plane, { method: 'isj' }).bandwidth as number[]) {
      expect(relative(h, 3000 ** (-1 / 6))).toBeLessThan(0.15);
    }
  });

  it('scales with each axis by itself', () => {
    const plane = normalRows(500, 2, 3);
    const stretched = { ...plane, data: plane.data.map((x, at) => (at % 2 === 0 ? 16 * x : x / 4)) };
    const [first, second] = selectBandwidth(plane, { method: 'isj' }).bandwidth as number[];
    const [wide, narrow] = selectBandwidth(stretched, { method: 'isj' }).bandwidth as number[];
    expect(relative(wide, 16 * first)).toBeLessThan(1e-12);
    expect(relative(narrow, second / 4)).toBeLessThan(1e-12);
  });
});

describe('selectBandwidth', () => {
  it('refines to the maximum of the leave-one-out likelihood', () => {
    const samples = normalRows(80, 2, 4);
    const { bandwidth, curve } = selectBandwidth(samples, { method: 'loo', tolerance: 1e-5 });
    const h = bandwidth as number;
    const around = selectBandwidth(samples, {
      method: 'loo',
      bandwidths: [h * 0.99, h * 0.999, h, h * 1.001, h * 1.01],
      refine: false,
    });
    expect(around.bandwidth).toBe(h);
    expect(curve.map((point) => point.bandwidth)).toEqual(
      curve.map((point) => point.bandwidth).sort((a, b) => a - b),
    );
  });

  it('leaves each sample out as fitting without it does', () => {
    const rows = [[0], [0.5], [2], [2.2]];
    const { curve } = selectBandwidth(rows, { method: 'loo', bandwidths: [0.7], kernel: 'exponential' });
    const left = rows.map((row, i) =>
      new KernelDensity({ kernel: 'exponential', bandwidth: 0.7 })
        .fit(rows.filter((_, j) => j !== i))
        .score([row]),
    );
    expect(curve[0].value).toBeCloseTo(left.reduce((a, b) => a + b) / 4, 12);
  });

  it.each(['diagonal', 'full'] as const)('with shape %s does not depend on the units of columns', (shape) => {
    const samples = normalRows(60, 2, 5);
    const other = { ...samples, data: samples.data.map((x, at) => (at % 2 === 0 ? 1000 * x : x / 8)) };
    const of = (rows: typeof samples) => selectBandwidth(rows, { method: 'loo', shape });
    expect(relative(of(other).factor!, of(samples).factor!)).toBeLessThan(1e-6);
    const density = new KernelDensity({ bandwidth: of(samples).bandwidth }).fit(samples);
    expect(Number.isFinite(density.score(samples))).toBe(true);
  });

  it('by rules scales other windows to the standard deviation of the Gaussian', () => {
    const samples = normalRows(50, 3, 6);
    const gaussian = selectBandwidth(samples, { method: 'scott' }).bandwidth as number;
    const ball = selectBandwidth(samples, { method: 'scott', kernel: 'ball' }).bandwidth as number;
    expect(ball * Math.sqrt(WINDOWS.ball.variance(3))).toBeCloseTo(gaussian, 12);
  });

  it('finds the smallest bandwidths that reach all, for windows with an end', () => {
    const rows = [[0], [1], [2], [5]];
    const options = { method: 'loo', kernel: 'ball', refine: false } as const;
    const { bandwidth, curve } = selectBandwidth(rows, { ...options, bandwidths: [1, 2, 4, 8] });
    expect(bandwidth).toBe(4);
    expect(curve.map(({ outside }) => outside)).toEqual([4, 1, 0, 0]);
    expect(codeOf(() => selectBandwidth(rows, { ...options, bandwidths: [1, 2] }))).toBe('INVALID_OPTION');
  });

  it('warns of a best bandwidth at either edge of the grid', () => {
    const samples = normalRows(50, 1, 7);
    const codes = (bandwidths: number[]) =>
      selectBandwidth(samples, { method: 'loo', bandwidths }).warnings.map(({ code }) => code);
    expect(codes([1e-3, 1e-2])).toEqual(['BANDWIDTH_AT_GRID_EDGE']);
    expect(codes([10, 100])).toEqual(['BANDWIDTH_AT_GRID_EDGE']);
    expect(codes([0.1, 0.4, 10])).toEqual([]);
  });

  it('draws folds by a seed, and keeps the order given without one', () => {
    const samples = normalRows(40, 1, 8);
    const of = (shuffle?: number) =>
      selectBandwidth(samples, { method: 'kfold', folds: 3, bandwidths: [0.5], shuffle }).curve[0].value;
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
    expect(of()).not.toBe(of(1));
  });

  it('with as many folds as samples is leave-one-out', () => {
    const samples = normalRows(30, 2, 9);
    const options = { bandwidths: [0.3, 0.5, 0.9], refine: false };
    const folds = selectBandwidth(samples, { method: 'kfold', folds: 30, ...options });
    expect(folds.curve).toEqual(selectBandwidth(samples, { method: 'loo', ...options }).curve);
  });

  it('has the grid of the 2014 evaluation', () => {
    expect(GRID_2014.length).toBe(10);
    expect(GRID_2014[0]).toBeCloseTo(0.1, 15);
    expect(GRID_2014[2]).toBeCloseTo(0.16681005372000587, 15);
    expect(GRID_2014[9]).toBe(1);
  });

  it('names what is wrong with its input', () => {
    const rows = [
      [0, 1],
      [1, 1],
      [2, 1],
    ];
    const code = (options: SelectBandwidthOptions, samples: number[][] = rows) =>
      codeOf(() => selectBandwidth(samples, options));
    expect(code({ method: 'best' as 'loo' })).toBe('INVALID_OPTION');
    expect(code({ shape: 'round' as 'full' })).toBe('INVALID_OPTION');
    expect(code({ method: 'validation' })).toBe('INVALID_OPTION');
    expect(code({ method: 'loo', validation: rows })).toBe('INVALID_OPTION');
    expect(code({ method: 'scott', bandwidths: [1] })).toBe('INVALID_OPTION');
    expect(code({ method: 'kfold', folds: 4 })).toBe('INVALID_OPTION');
    expect(code({ bandwidths: [] })).toBe('INVALID_OPTION');
    expect(code({ bandwidths: [1, 0.5] })).toBe('INVALID_OPTION');
    expect(code({ tolerance: 0 })).toBe('INVALID_OPTION');
    expect(code({ shape: 'diagonal' })).toBe('NOT_COVARIANCE');
    expect(code({ shape: 'full' })).toBe('NOT_COVARIANCE');
    expect(code({ method: 'isj' })).toBe('TOO_FEW_SAMPLES');
    expect(code({ method: 'isj' }, [[1, 2, 3]])).toBe('INVALID_OPTION');
    expect(code({ method: 'isj', shape: 'full' })).toBe('INVALID_OPTION');
    expect(code({ method: 'loo' }, [[1]])).toBe('TOO_FEW_SAMPLES');
    expect(code({ method: 'scott' }, [[1], [1]])).toBe('TOO_FEW_SAMPLES');
  });
});
