import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { createNumpyRandom } from '../../src/math/numpy-random';
import { KID_COMPAT, kid, kidMetric } from '../../src/metrics/kid';
import type { KidOptions } from '../../src/metrics/kid-options';
import type { KidSamples } from '../../src/metrics/kid-samples';
import { readMatrix } from '../npy';
import { hasReference, projectFile, reference } from '../reference';
import { codeOf } from './code-of';
import { gaussianRows } from './gaussian-rows';

type KidValues = Record<string, number | readonly [mean: number, std: number]>;

function load(folder: (file: string) => string, name: string): KidSamples {
  return {
    real: readMatrix(folder(`${name}_real.npy`)),
    generated: readMatrix(folder(`${name}_fake.npy`)),
  };
}

/** The options behind a name such as torch_fidelity_float64_subsets20_size50_seed7. */
function optionsOf(key: string): KidOptions | undefined {
  const precision = key.includes('float32') || key.includes('defaults') ? 'float32' : 'float64';
  if (/^(own_full|torch_fidelity_mmd2_full|torchmetrics_poly).*(unbiased|float64)$/.test(key)) {
    return { estimator: 'full', precision };
  }
  const drawn = { seed: 0, subsets: 10, subsetSize: 100, shrinkSubsets: true, precision } as const;
  if (key === 'clean_fid_float64_npseed0_3x_all') {
    return { ...KID_COMPAT['clean-fid'], ...drawn, subsets: 3, subsetSize: 100_000 };
  }
  if (key.startsWith('clean_fid')) return { ...KID_COMPAT['clean-fid'], ...drawn };
  if (key.startsWith('dgm_eval')) return { ...drawn, drawFirst: 'real' };
  if (key.startsWith('stylegan3')) return { ...KID_COMPAT.stylegan3, ...drawn };
  if (key.includes('_subsets')) {
    return {
      ...KID_COMPAT['torch-fidelity'],
      precision,
      subsets: Number(/subsets(\d+)/.exec(key)![1]),
      subsetSize: Number(/size(\d+)/.exec(key)![1]),
      ...(key.includes('seed7') && { seed: 7 }),
      ...(key.includes('degree2') && { degree: 2, gamma: 0.01, coef0: 0.5 }),
      ...(key.includes('rbf') && { kernel: 'rbf', sigma: 10 }),
    };
  }
  return key === 'torch_fidelity_defaults_100x1000' ? KID_COMPAT['torch-fidelity'] : undefined;
}

/** What rounding of kernel values near their common 1 does to values: the tools' own, as ours leaves it out. */
const ROUNDING = { float64: 1e-13, float32: 5e-7 };

function expectKid(samples: KidSamples, values: KidValues, scale = 1): number {
  let compared = 0;
  for (const [key, expected] of Object.entries(values)) {
    const options = optionsOf(key);
    if (!options) continue;
    const [mean, std] = typeof expected === 'number' ? [expected] : expected;
    const result = kid(samples, options);
    const single = options.precision === 'float32' || key.includes('defaults');
    const relative = single ? 5e-6 : 1e-10;
    const absolute = ROUNDING[single ? 'float32' : 'float64'] * scale;
    expect(Math.abs(result.value - mean), key).toBeLessThan(relative * Math.abs(mean) + absolute);
    if (std !== undefined) expect(Math.abs(result.std! - std), key).toBeLessThan(relative * std + absolute);
    compared++;
  }
  return compared;
}

const golden = JSON.parse(readFileSync(projectFile('fixtures/kid/values.json'), 'utf8')) as Record<
  string,
  { kid: KidValues }
>;

describe('kid equals the values of the reference tools', () => {
  it.each(Object.entries(golden))('on %s', (name, { kid: values }) => {
    const samples = load((file) => projectFile('fixtures/features', file), name);
    expect(expectKid(samples, values)).toBeGreaterThanOrEqual(14);
  });
});

describe.skipIf(!hasReference)(
  'kid equals the values of the reference tools (reference folder needed)',
  () => {
    it.each([
      ['shifted', 1],
      ['collapsed', 30],
      ['scaled_1e-4', 1],
      ['scaled_1e4', 1e15],
      ['far_apart', 1e6],
    ])('on %s', (name, scale) => {
      const file = readFileSync(reference('golden/features/values.json'), 'utf8');
      const entries = Object.entries(JSON.parse(file)[name].kid as Record<string, object | number>);
      const values = Object.fromEntries(
        entries.map(([key, value]) => [key, typeof value === 'number' ? value : Object.values(value)]),
      ) as KidValues;
      const samples = load((path) => reference('golden/features', path), name);
      expect(expectKid(samples, values, scale)).toBeGreaterThanOrEqual(14);
    });
  },
);

function single({ rows, columns, data }: Matrix): Matrix<Float32Array> {
  return { rows, columns, data: Float32Array.from(data) };
}

/** The definition, pair by pair. */
function plainKid({ real, generated }: { real: Matrix; generated: Matrix }): number {
  const d = real.columns;
  const k = (a: Matrix, i: number, b: Matrix, j: number) => {
    let product = 0;
    for (let l = 0; l < d; l++) product += a.data[i * d + l] * b.data[j * d + l];
    return (product / d + 1) ** 3;
  };
  const mean = (a: Matrix, b: Matrix) => {
    let [sum, pairs] = [0, 0];
    for (let i = 0; i < a.rows; i++) {
      for (let j = 0; j < b.rows; j++) {
        if (a === b && i === j) continue;
        sum += k(a, i, b, j);
        pairs++;
      }
    }
    return sum / pairs;
  };
  return mean(real, real) + mean(generated, generated) - 2 * mean(real, generated);
}

const shapes = fc.record({
  n: fc.integer({ min: 2, max: 30 }),
  m: fc.integer({ min: 2, max: 30 }),
  d: fc.integer({ min: 1, max: 6 }),
  seed: fc.nat(10_000),
});

const full = { estimator: 'full' } as const;

describe('kid', () => {
  it('of all samples is its definition, pair by pair', () => {
    fc.assert(
      fc.property(shapes, ({ n, m, d, seed }) => {
        const samples = {
          real: gaussianRows(n, d, { seed }),
          generated: gaussianRows(m, d, { seed: seed + 1, shift: 0.5 }),
        };
        expect(kid(samples, full).value).toBeCloseTo(plainKid(samples), 10);
      }),
      { numRuns: 40 },
    );
  });

  it('of many rows, which are taken in panels, is its definition still', () => {
    const samples = {
      real: gaussianRows(1100, 3, { seed: 1 }),
      generated: gaussianRows(1300, 3, { seed: 2, shift: 0.3 }),
    };
    expect(Math.abs(kid(samples, full).value / plainKid(samples) - 1)).toBeLessThan(1e-11);
  });

  it('moves with no permutation of rows and no rotation of features', () => {
    fc.assert(
      fc.property(shapes, fc.double({ min: 0, max: 7, noNaN: true }), ({ n, m, seed }, angle) => {
        const real = gaussianRows(n, 2, { seed });
        const generated = gaussianRows(m, 2, { seed: seed + 1, shift: 1 });
        const turned = (of: Matrix) => {
          const order = createNumpyRandom(seed).permutation(of.rows);
          const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
          return [...order].map((i) => {
            const [x, y] = of.data.subarray(2 * i, 2 * i + 2);
            return [cos * x - sin * y, sin * x + cos * y];
          });
        };
        const { value } = kid({ real, generated }, full);
        const moved = kid({ real: turned(real), generated: turned(generated) }, full).value;
        expect(Math.abs(moved - value)).toBeLessThan(1e-11 * Math.max(1, Math.abs(value)));
      }),
      { numRuns: 40 },
    );
  });

  it('is the same for both sides exchanged', () => {
    const [a, b] = [gaussianRows(40, 5, { seed: 1 }), gaussianRows(30, 5, { seed: 2, shift: 0.4 })];
    const [one, other] = [kid({ real: a, generated: b }, full), kid({ real: b, generated: a }, full)];
    expect(one.value).toBeCloseTo(other.value, 13);
    expect(one.standardError).toBeCloseTo(other.standardError!, 13);
  });

  it('grows with the distance of the generator', () => {
    const real = gaussianRows(300, 8, { seed: 3 });
    const values = [0, 0.3, 0.6, 1.2].map(
      (shift) => kid({ real, generated: gaussianRows(300, 8, { seed: 4, shift }) }, full).value,
    );
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  it('grows with collapse onto fewer modes', () => {
    const modes = (count: number, seed: number) => {
      const { data } = gaussianRows(300, 4, { seed, spread: 0.2 });
      return { rows: 300, columns: 4, data: data.map((x, i) => x + 3 * Number(i % 4 === (i >> 2) % count)) };
    };
    const values = [4, 2, 1].map(
      (count) => kid({ real: modes(4, 0), generated: modes(count, 1) }, full).value,
    );
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  it('is the same whether subsets are computed one by one or all pairs once', () => {
    const samples = {
      real: gaussianRows(400, 4, { seed: 5 }),
      generated: gaussianRows(350, 4, { seed: 6, shift: 0.2 }),
    };
    // Two subsets of 100 hold fewer pairs than there are, eighty of them more.
    const few = kid(samples, { subsets: 2, subsetSize: 100, seed: 9 });
    const many = kid(samples, { subsets: 80, subsetSize: 100, seed: 9 });
    expect(many.std).toBeGreaterThan(0);
    const random = createNumpyRandom(9);
    const rows = (of: Matrix) =>
      [...random.choice(of.rows, 100)].map((i) => of.data.subarray(4 * i, 4 * i + 4));
    const values = Array.from({ length: 80 }, () => {
      const generated = rows(samples.generated);
      return kid({ real: rows(samples.real), generated }, full).value;
    });
    const mean = (of: number[]) => of.reduce((a, b) => a + b) / of.length;
    expect(few.value).toBeCloseTo(mean(values.slice(0, 2)), 12);
    expect(many.value).toBeCloseTo(mean(values), 12);
  });

  it('in blocks is the mean over contiguous parts, smaller ones first, with its standard error', () => {
    const real = gaussianRows(11, 3, { seed: 7 });
    const generated = gaussianRows(7, 3, { seed: 8, shift: 1 });
    const rows = ({ data }: Matrix, start: number, end: number) => ({
      rows: end - start,
      columns: 3,
      data: data.subarray(3 * start, 3 * end),
    });
    const parts = [
      plainKid({ real: rows(real, 0, 3), generated: rows(generated, 0, 2) }),
      plainKid({ real: rows(real, 3, 7), generated: rows(generated, 2, 4) }),
      plainKid({ real: rows(real, 7, 11), generated: rows(generated, 4, 7) }),
    ];
    const mean = (parts[0] + parts[1] + parts[2]) / 3;
    const squares = parts.reduce((sum, part) => sum + (part - mean) ** 2, 0);
    const result = kid({ real, generated }, { estimator: 'block', blockSize: 4 });
    expect(result).toMatchObject({ estimator: 'block', blocks: 3, blockSize: 4 });
    expect(result.value).toBeCloseTo(mean, 12);
    expect(result.standardError).toBeCloseTo(Math.sqrt(squares / 6), 12);
  });

  it('of float32 products is that of float64 products to 1e-6, far from 0 and near equality too', () => {
    for (const [shift, apart] of [
      [0, 0.1],
      [20, 0.02],
      [0, 0],
    ]) {
      const samples = {
        real: single(gaussianRows(150, 300, { seed: 1, shift })),
        generated: single(gaussianRows(150, 300, { seed: 2, shift: shift + apart })),
      };
      const [quick, exact] = (['float32', 'float64'] as const).map((precision) =>
        kid(samples, { ...full, precision }),
      );
      const size = Math.max(Math.abs(exact.value), exact.standardError!);
      expect(Math.abs(quick.value - exact.value)).toBeLessThan(1e-6 * size);
      expect(kid(samples, full).value).toBe(quick.value);
    }
  });

  it('leaves a common constant out, which small features would drown in', () => {
    const scaled = (scale: number) => {
      const of = (matrix: Matrix) => ({ ...matrix, data: matrix.data.map((x) => scale * x) });
      return {
        real: of(gaussianRows(50, 4, { seed: 1 })),
        generated: of(gaussianRows(50, 4, { seed: 2, shift: 1 })),
      };
    };
    // To first order in the products the kernel is linear, and KID scales with the square of the features.
    const [tiny, tinier] = [1e-6, 1e-8].map((scale) => kid(scaled(scale), full).value / scale ** 2);
    expect(Math.abs(tiny / tinier - 1)).toBeLessThan(1e-9);
  });

  it('takes smaller subsets where asked to, and says so', () => {
    const samples = { real: gaussianRows(30, 2, { seed: 1 }), generated: gaussianRows(20, 2, { seed: 2 }) };
    const result = kid(samples, KID_COMPAT['clean-fid']);
    expect(result).toMatchObject({ subsetSize: 20, subsets: 100, drawFirst: 'real' });
    expect(result.warnings.map(({ code }) => code)).toEqual(['SUBSETS_SHRUNK']);
  });

  it('says what it used, and nothing that it did not', () => {
    const samples = { real: gaussianRows(30, 4, { seed: 1 }), generated: gaussianRows(20, 4, { seed: 2 }) };
    const { value, std, standardError, ...used } = kid(samples, { subsetSize: 15, subsets: 7 });
    expect([value, std, standardError].every(Number.isFinite)).toBe(true);
    expect(used).toEqual({
      ...{ estimator: 'subsets', subsets: 7, subsetSize: 15, drawFirst: 'generated', seed: 0, ddof: 0 },
      ...{ kernel: 'polynomial', degree: 3, gamma: 0.25, coef0: 1, precision: 'float64' },
      ...{ samples: { real: 30, generated: 20 }, warnings: [] },
    });
    expect(kid(samples, full)).not.toHaveProperty('seed');
  });

  const two = [[1], [2]];
  it.each([
    ['too few samples for a subset', { real: two, generated: two }, {}, 'TOO_FEW_SAMPLES'],
    ['one sample', { real: two, generated: [[1]] }, full, 'TOO_FEW_SAMPLES'],
    [
      'blocks without pairs',
      { real: gaussianRows(9, 1, { seed: 0 }), generated: two },
      { estimator: 'block', blockSize: 4 },
      'TOO_FEW_SAMPLES',
    ],
    [
      'different columns',
      {
        real: two,
        generated: [
          [1, 2],
          [3, 4],
        ],
      },
      full,
      'SHAPE_MISMATCH',
    ],
    ['a value that is NaN', { real: two, generated: [[1], [Number.NaN]] }, full, 'NOT_FINITE'],
    ['subsets of one', { real: two, generated: two }, { subsetSize: 1 }, 'INVALID_OPTION'],
    ['no subsets', { real: two, generated: two }, { subsets: 0, subsetSize: 2 }, 'INVALID_OPTION'],
    [
      'the spread of one subset with ddof 1',
      { real: two, generated: two },
      { subsets: 1, subsetSize: 2, ddof: 1 },
      'INVALID_OPTION',
    ],
    [
      'a degree that is no integer',
      { real: two, generated: two },
      { ...full, degree: 1.5 },
      'INVALID_OPTION',
    ],
    [
      'a bandwidth of the polynomial kernel',
      { real: two, generated: two },
      { ...full, sigma: 1 },
      'INVALID_OPTION',
    ],
    [
      'a degree of the rbf kernel',
      { real: two, generated: two },
      { ...full, kernel: 'rbf', degree: 3 },
      'INVALID_OPTION',
    ],
    [
      'subsets of the full estimate',
      { real: two, generated: two },
      { ...full, subsets: 3 },
      'INVALID_OPTION',
    ],
    [
      'an unknown estimator',
      { real: two, generated: two },
      { estimator: 'median' as 'full' },
      'INVALID_OPTION',
    ],
  ] as [string, KidSamples, KidOptions, string][])('refuses %s', (_, samples, options, code) => {
    expect(codeOf(() => kid(samples, options))).toBe(code);
  });

  it('makes value and interval of the metric', () => {
    const samples = {
      real: { features: gaussianRows(50, 3, { seed: 1 }) },
      generated: { features: gaussianRows(60, 3, { seed: 2, shift: 1 }) },
    };
    const result = kidMetric.compute(samples, full);
    const { value, standardError } = result;
    if (!kidMetric.interval || !('ofResult' in kidMetric.interval)) throw new Error('KID has no interval');
    const { value: interval } = kidMetric.interval.ofResult(result, { confidence: 0.95 });
    expect(interval.method).toBe('U-statistic');
    expect(interval.high - value).toBeCloseTo(1.959963984540054 * standardError!, 12);
  });
});
