import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compute, type Product } from '../../../src/math/computation';
import { defaultProduct } from '../../../src/math/default-product';
import type { Matrix } from '../../../src/math/matrix';
import { KernelDensity } from '../../../src/metrics/density/kernel-density';
import type { Bandwidth } from '../../../src/metrics/density/scaling';
import { selectBandwidth } from '../../../src/metrics/density/select-bandwidth';
import { WINDOW_NAMES, WINDOWS, type WindowName } from '../../../src/metrics/density/windows';
import { readMatrix } from '../../npy';
import { hasReference, projectFile, reference } from '../../reference';
import { codeOf } from '../code-of';
import { normalRows } from './normal-rows';

const NONE = Number.NEGATIVE_INFINITY;

/** Values of JSON that cannot hold −∞. */
const number = (value: number | string): number => (value === '-Infinity' ? NONE : Number(value));

/** The density by its definition, scalar bandwidths only. */
function bruteForce(samples: Matrix, points: Matrix, { kernel, h }: { kernel: WindowName; h: number }) {
  const window = WINDOWS[kernel];
  const d = samples.columns;
  return Float64Array.from({ length: points.rows }, (_, i) => {
    const terms = Array.from({ length: samples.rows }, (_, j) => {
      let [square, most] = [0, 0];
      for (let k = 0; k < d; k++) {
        const difference = Math.abs(points.data[i * d + k] - samples.data[j * d + k]);
        square += difference ** 2;
        most = Math.max(most, difference);
      }
      const value = window.at(kernel === 'hypercube' ? (2 * most) / h : square / h ** 2);
      return window.sums === 'values' ? Math.log(value) : value;
    });
    const largest = Math.max(...terms);
    if (largest === NONE) return NONE;
    const sum = terms.reduce((total, term) => total + Math.exp(term - largest), 0);
    return largest + Math.log(sum / samples.rows) - window.logVolume(d) - d * Math.log(h);
  });
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    if (actual[i] === expected[i]) continue;
    const difference = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    expect(difference, `${i}: ${actual[i]}, ${expected[i]}`).toBeLessThan(tolerance);
  }
}

interface SklearnValues {
  readonly bandwidth_used: number;
  readonly log_density_first12: (number | string)[];
  readonly finite: number;
  readonly sum_finite: number;
  readonly default_leaf_size_40: { readonly log_density_first4: (number | string)[] };
}

function describeGolden(folder: (file: string) => string, sets: readonly string[]): void {
  const values = JSON.parse(readFileSync(folder('values.json'), 'utf8'));
  describe.each(sets)('on %s', (set) => {
    const samples = readMatrix(folder(`${set}_samples.npy`));
    const points = readMatrix(folder(`${set}_test.npy`));
    const d = samples.columns;
    const entries = Object.entries<SklearnValues>(values[set].sklearn)
      .filter(([name]) => /_h/.test(name) && !name.includes('metric'))
      .map(([name, entry]) => [name, entry] as const);

    it.each(entries)('equals scikit-learn with one leaf: %s', (name, entry) => {
      const kernel = name.split('_h')[0].replace('tophat', 'ball') as WindowName;
      const density = new KernelDensity({ kernel, bandwidth: entry.bandwidth_used }).fit(samples);
      const logs = density.logDensity(points);
      const finite = logs.filter(Number.isFinite);
      const sum = finite.reduce((total, value) => total + value, 0);
      if (kernel === 'cosine' && d % 2 === 0) {
        // Its integral lacks a term in even dimensions: NaN at 64, and a constant at 2.
        const { finite: within } = values[set].sklearn[name.replace('cosine', 'linear')];
        expect(finite.length).toBe(within);
        if (d !== 2) return;
        const constant = Math.log(4 / (2 * Math.PI * (2 / Math.PI - 4 / Math.PI ** 2)));
        expect(constant).toBeCloseTo(1.012305533877, 12);
        return expectClose(
          logs.subarray(0, 12),
          entry.log_density_first12.map((value) => number(value) + constant),
        );
      }
      expectClose(logs.subarray(0, 12), entry.log_density_first12.map(number));
      expect(finite.length).toBe(entry.finite);
      expectClose([sum], [entry.sum_finite]);
      expectClose([density.score(points)], [finite.length < points.rows ? NONE : entry.sum_finite]);
    });

    it.each(['scott', 'silverman'] as const)('equals scipy.stats.gaussian_kde with %s', (method) => {
      const golden = values[set].scipy_gaussian_kde[method];
      const { bandwidth, factor } = selectBandwidth(samples, { method, shape: 'full' });
      const logs = new KernelDensity({ bandwidth }).fit(samples).logDensity(points);
      expect(factor).toBeCloseTo(golden.factor, 14);
      expectClose(logs.subarray(0, 12), golden.logpdf_first12, 1e-11);
    });
  });
}

describe('KernelDensity beside reference values', () => {
  describeGolden((file) => projectFile('fixtures', 'kde', file), ['d1', 'd2']);

  it('weights samples as scikit-learn does', () => {
    const folder = (file: string) => projectFile('fixtures', 'kde', file);
    const values = JSON.parse(readFileSync(folder('values.json'), 'utf8'));
    for (const set of ['d1', 'd2']) {
      const samples = readMatrix(folder(`${set}_samples.npy`));
      const { bandwidth, log_density_first12: expected } = values[set].sklearn.gaussian_weighted;
      const weights = Array.from({ length: samples.rows }, (_, i) => 0.5 + (1.5 * i) / (samples.rows - 1));
      const density = new KernelDensity({ bandwidth }).fit(samples, { weights });
      expectClose(density.logDensity(readMatrix(folder(`${set}_test.npy`))).subarray(0, 12), expected);
    }
  });

  it("is exact where scikit-learn's default tree is 51 nats off, in the tails", () => {
    const folder = (file: string) => projectFile('fixtures', 'kde', file);
    const [samples, points] = ['d2_samples.npy', 'd2_test.npy'].map((file) => readMatrix(folder(file)));
    const sklearn = JSON.parse(readFileSync(folder('tree.json'), 'utf8'));
    const logs = new KernelDensity({ bandwidth: 0.1 }).fit(samples).logDensity(points);
    expectClose(logs, bruteForce(samples, points, { kernel: 'gaussian', h: 0.1 }));
    expectClose(logs, sklearn.one_leaf);
    const off = logs.map((log, i) => Math.abs(log - sklearn.default_tree[i]));
    expect(Math.max(...off)).toBeGreaterThan(51);
    expect(off.filter((difference) => difference > 1e-6).length).toBe(3);
  });
});

describe.skipIf(!hasReference)('KernelDensity beside reference values in the reference folder', () => {
  if (hasReference) describeGolden((file) => reference('golden', 'kde', file), ['d64']);
});

describe.each(WINDOW_NAMES)('KernelDensity, %s', (kernel) => {
  const bandwidthFor = (d: number) => 1.2 / Math.sqrt(WINDOWS[kernel].variance(d));

  it.each([1, 3, 20, 70])('is its definition in %i dimensions', (d) => {
    const [samples, points] = [normalRows(60, d, 1), normalRows(25, d, 2)];
    const h = bandwidthFor(d);
    const logs = new KernelDensity({ kernel, bandwidth: h }).fit(samples).logDensity(points);
    expectClose(logs, bruteForce(samples, points, { kernel, h }));
  });

  it('is its definition past every block, and with points that repeat samples', () => {
    const samples = normalRows(1100, 12, 3);
    const points = { ...samples, rows: 1030, data: samples.data.slice(0, 1030 * 12) };
    const h = bandwidthFor(12);
    const logs = new KernelDensity({ kernel, bandwidth: h }).fit(samples).logDensity(points);
    const few = { ...points, rows: 3, data: points.data.subarray(1027 * 12) };
    expectClose(logs.subarray(1027), bruteForce(samples, few, { kernel, h }));
  });

  it('is the same whatever engine makes the products', () => {
    const [samples, points] = [normalRows(80, 30, 4), normalRows(40, 30, 5)];
    const density = new KernelDensity({ kernel, bandwidth: bandwidthFor(30) }).fit(samples);
    const own = compute(density.logDensityComputation(points), defaultProduct);
    expectClose(own, compute(density.logDensityComputation(points), backwards));
  });

  it('takes one bandwidth, one a dimension, or a matrix of them alike', () => {
    const [samples, points] = [normalRows(50, 4, 6), normalRows(20, 4, 7)];
    const h = bandwidthFor(4);
    const matrix = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? h * h : 0)));
    const of = (bandwidth: Bandwidth) =>
      new KernelDensity({ kernel, bandwidth }).fit(samples).logDensity(points);
    expectClose(of([h, h, h, h]), of(h));
    expectClose(of(matrix), of(h));
  });

  it('moves with its samples, and with their unit by d log c', () => {
    const [samples, points] = [normalRows(30, 3, 8), normalRows(10, 3, 9)];
    const h = bandwidthFor(3);
    const logs = new KernelDensity({ kernel, bandwidth: h }).fit(samples).logDensity(points);
    const changed = ({ data, ...rest }: Matrix) => ({ ...rest, data: data.map((x: number) => 4 * x + 256) });
    const moved = new KernelDensity({ kernel, bandwidth: 4 * h })
      .fit(changed(samples))
      .logDensity(changed(points));
    expectClose(
      moved,
      logs.map((value) => value - 3 * Math.log(4)),
      1e-11,
    );
  });

  it('counts a sample of weight 2 as two', () => {
    const [samples, points] = [normalRows(20, 2, 10), normalRows(10, 2, 11)];
    const options = { kernel, bandwidth: bandwidthFor(2) };
    const weights = Array.from({ length: 20 }, (_, i) => 1 + (i % 3));
    const repeated = weights.flatMap((weight, i) =>
      Array.from({ length: weight }, () => Array.from(samples.data.subarray(2 * i, 2 * i + 2))),
    );
    expectClose(
      new KernelDensity(options).fit(samples, { weights }).logDensity(points),
      new KernelDensity(options).fit(repeated).logDensity(points),
    );
  });

  it('does not underflow in 10 000 dimensions', () => {
    const d = 10_000;
    const samples = { rows: 2, columns: d, data: new Float64Array(2 * d).fill(0.25, d) };
    const points = { rows: 1, columns: d, data: new Float64Array(d).fill(0.01) };
    const h = kernel === 'hypercube' ? 0.1 : 2;
    const logs = new KernelDensity({ kernel, bandwidth: h }).fit(samples).logDensity(points);
    expect(Number.isFinite(logs[0])).toBe(true);
    expectClose(logs, bruteForce(samples, points, { kernel, h }));
  });

  it.each([1, 2, 6])('draws rows with the mean and variance of the mixture, %i dimensions', (d) => {
    const samples = [Array(d).fill(-1), Array(d).fill(1)];
    const density = new KernelDensity({ kernel, bandwidth: 2 }).fit(samples, { weights: [1, 3] });
    const { data, rows } = density.sample(20_000, { seed: 3 });
    const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
    const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
    expect(rows).toBe(20_000);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.06 * Math.sqrt(WINDOWS[kernel].variance(d) + 1));
    expect(variance / (0.75 + 4 * WINDOWS[kernel].variance(d))).toBeCloseTo(1, 1);
  });

  it('draws the same rows from the same seed, each of positive density', () => {
    const samples = normalRows(10, 3, 12);
    const density = new KernelDensity({ kernel, bandwidth: 0.5 }).fit(samples);
    const rows = density.sample(50, { seed: 1 });
    expect(density.sample(50, { seed: 1 }).data).toEqual(rows.data);
    expect(density.sample(50, { seed: 2 }).data).not.toEqual(rows.data);
    expect(density.logDensity(rows).every(Number.isFinite)).toBe(true);
  });
});

/** Products summed from the last column to the first. */
const backwards: Product = ({ a, b }) => {
  const data = new Float64Array(a.rows * b.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      for (let k = a.columns - 1; k >= 0; k--) {
        data[i * b.rows + j] += a.data[i * a.columns + k] * b.data[j * b.columns + k];
      }
    }
  }
  return { rows: a.rows, columns: b.rows, data };
};

describe('KernelDensity', () => {
  it('whitens by a matrix: the density is that of whitened samples less ½ log det H', () => {
    const [samples, points] = [normalRows(40, 2, 1), normalRows(15, 2, 2)];
    // H = LLᵀ with L = [[0.5, 0], [0.3, 0.8]].
    const solve = ({ rows, data }: Matrix) =>
      Array.from({ length: rows }, (_, i) => {
        const first = data[2 * i] / 0.5;
        return [first, (data[2 * i + 1] - 0.3 * first) / 0.8];
      });
    const matrix = [
      [0.25, 0.15],
      [0.15, 0.73],
    ];
    expectClose(
      new KernelDensity({ bandwidth: matrix }).fit(samples).logDensity(points),
      new KernelDensity({ bandwidth: 1 })
        .fit(solve(samples))
        .logDensity(solve(points))
        .map((value) => value - Math.log(0.4)),
    );
  });

  it('puts membership of a support on no engine: distances equal to the bandwidth stay outside a ball', () => {
    // Rows at distance 3 exactly, in 10 dimensions, where products make the distances.
    const samples = normalRows(40, 10, 13);
    const rounded = { ...samples, data: samples.data.map((x) => Math.round(x * 4) / 4) };
    const points = { ...rounded, data: rounded.data.map((x, at) => (at % 10 < 9 ? x + 1 : x)) };
    const options = { kernel: 'ball', bandwidth: 3 } as const;
    const density = new KernelDensity(options).fit(rounded);
    const logs = compute(density.logDensityComputation(points), backwards);
    expectClose(logs, bruteForce(rounded, points, { kernel: 'ball', h: 3 }));
  });

  it('is exact for bandwidths below the rounding of products', () => {
    const samples = normalRows(30, 40, 14);
    const points = { ...samples, data: samples.data.map((x) => x + 1e-9) };
    for (const kernel of ['gaussian', 'exponential', 'linear'] as const) {
      const logs = new KernelDensity({ kernel, bandwidth: 1e-8 }).fit(samples).logDensity(points);
      expectClose(logs, bruteForce(samples, points, { kernel, h: 1e-8 }), 1e-9);
    }
  });

  it('is invariant to the order of the samples', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true })), { minLength: 2 }),
        (rows) => {
          const of = (samples: number[][]) =>
            new KernelDensity({ bandwidth: 0.7 }).fit(samples).logDensity([[0], [1.5]]);
          expectClose(of([...rows].reverse()), of(rows));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives −∞ beyond every support, and a score of −∞ with it', () => {
    const density = new KernelDensity({ kernel: 'epanechnikov', bandwidth: 1 }).fit([[0], [1]]);
    expect([...density.logDensity([[5], [0]])].map(Number.isFinite)).toEqual([false, true]);
    expect(density.score([[5], [0]])).toBe(NONE);
  });

  it('falls without an end for a Gaussian: 1e10 bandwidths away it is −½ · 1e20', () => {
    const [log] = new KernelDensity({ bandwidth: 1 }).fit([[0]]).logDensity([[1e10]]);
    expect(log / -0.5e20).toBeCloseTo(1, 12);
  });

  it('takes its bandwidth by a rule from the samples', () => {
    const samples = normalRows(100, 2, 15);
    for (const rule of ['scott', 'silverman', 'isj'] as const) {
      const { bandwidth } = selectBandwidth(samples, { method: rule });
      expect(new KernelDensity({ bandwidth: rule }).fit(samples).bandwidth).toEqual(bandwidth);
    }
    expect(new KernelDensity().fit(samples).bandwidth).toEqual(
      selectBandwidth(samples, { method: 'scott' }).bandwidth,
    );
  });

  it('names what is wrong with its input', () => {
    const rows = [
      [0, 1],
      [1, 0],
    ];
    const fitted = (bandwidth: Bandwidth) => new KernelDensity({ bandwidth }).fit(rows);
    expect(codeOf(() => new KernelDensity({ kernel: 'tophat' as 'ball' }))).toBe('INVALID_OPTION');
    expect(codeOf(() => new KernelDensity({ bandwidth: 'best' as 'scott' }))).toBe('INVALID_OPTION');
    expect(codeOf(() => new KernelDensity({ bandwidth: 0 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => fitted([1, -1]))).toBe('INVALID_OPTION');
    expect(codeOf(() => fitted([1, 1, 1]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => fitted([[1, 0]]))).toBe('SHAPE_MISMATCH');
    expect(
      codeOf(() =>
        fitted([
          [1, 2],
          [2, 1],
        ]),
      ),
    ).toBe('NOT_COVARIANCE');
    expect(
      codeOf(() =>
        fitted([
          [1, 0.5],
          [0, 1],
        ]),
      ),
    ).toBe('NOT_COVARIANCE');
    expect(codeOf(() => new KernelDensity().fit([]))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => new KernelDensity().fit([[1], [1]]))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => new KernelDensity().fit([[Number.NaN]]))).toBe('NOT_FINITE');
    expect(codeOf(() => fitted(1).logDensity([[1]]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => fitted(1).logDensity([[1, Number.POSITIVE_INFINITY]]))).toBe('NOT_FINITE');
    expect(codeOf(() => fitted(1).sample(-1))).toBe('INVALID_OPTION');
    expect(codeOf(() => new KernelDensity({ bandwidth: 1 }).logDensity([[1]]))).toBe('TOO_FEW_SAMPLES');
    const weighted = (weights: number[]) => new KernelDensity({ bandwidth: 1 }).fit(rows, { weights });
    expect(codeOf(() => weighted([1]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => weighted([1, -1]))).toBe('INVALID_OPTION');
    expect(codeOf(() => weighted([0, 0]))).toBe('INVALID_OPTION');
  });
});
