import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { cmmd } from '../../src/metrics/cmmd';
import { kid } from '../../src/metrics/kid';
import { type MmdOptions, medianDistance, mmd } from '../../src/metrics/mmd';
import { readMatrix } from '../npy';
import { projectFile } from '../reference';
import { codeOf } from './code-of';
import { gaussianRows } from './gaussian-rows';

interface Golden {
  readonly kid: Record<string, number>;
  readonly mmd_rbf: { readonly by_gamma: { gamma: number; biased: number; unbiased: number }[] };
}

const golden = JSON.parse(readFileSync(projectFile('fixtures/kid/values.json'), 'utf8')) as Record<
  string,
  Golden
>;

describe('mmd equals plain numpy', () => {
  it.each(Object.entries(golden))('on %s', (name, { kid: kids, mmd_rbf: rbf }) => {
    const a = readMatrix(projectFile('fixtures/features', `${name}_real.npy`));
    const b = readMatrix(projectFile('fixtures/features', `${name}_fake.npy`));
    for (const { gamma, ...expected } of rbf.by_gamma) {
      for (const estimator of ['biased', 'unbiased'] as const) {
        const { value } = mmd(a, b, { sigma: Math.sqrt(1 / (2 * gamma)), estimator });
        expect(Math.abs(value - expected[estimator])).toBeLessThan(1e-13);
      }
    }
    for (const estimator of ['biased', 'unbiased'] as const) {
      const { value } = mmd(a, b, { kernel: 'polynomial', estimator });
      const expected = kids[`own_full_${estimator}`];
      expect(Math.abs(value - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
    }
  });
});

/** The definition, with the differences themselves. */
function plainMmd(a: Matrix, b: Matrix, sigmas: readonly number[], biased: boolean): number {
  const d = a.columns;
  const k = (x: Matrix, i: number, y: Matrix, j: number) => {
    let square = 0;
    for (let l = 0; l < d; l++) square += (x.data[i * d + l] - y.data[j * d + l]) ** 2;
    return sigmas.reduce((sum, sigma) => sum + Math.exp(-square / (2 * sigma ** 2)), 0) / sigmas.length;
  };
  const mean = (x: Matrix, y: Matrix) => {
    let [sum, pairs] = [0, 0];
    for (let i = 0; i < x.rows; i++) {
      for (let j = 0; j < y.rows; j++) {
        if (!biased && x === y && i === j) continue;
        sum += k(x, i, y, j);
        pairs++;
      }
    }
    return sum / pairs;
  };
  return mean(a, a) + mean(b, b) - 2 * mean(a, b);
}

const pairs = fc.record({
  n: fc.integer({ min: 2, max: 25 }),
  m: fc.integer({ min: 2, max: 25 }),
  d: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(10_000),
  shift: fc.double({ min: 0, max: 3, noNaN: true }),
});

describe('mmd', () => {
  it('is its definition, pair by pair, for mixtures of bandwidths too', () => {
    fc.assert(
      fc.property(pairs, fc.boolean(), ({ n, m, d, seed, shift }, biased) => {
        const [a, b] = [gaussianRows(n, d, { seed }), gaussianRows(m, d, { seed: seed + 1, shift })];
        const { value } = mmd(a, b, { sigmas: [0.5, 2], estimator: biased ? 'biased' : 'unbiased' });
        expect(value).toBeCloseTo(plainMmd(a, b, [0.5, 2], biased), 12);
      }),
      { numRuns: 40 },
    );
  });

  it('moves with no translation of both sets, with scaling neither where the bandwidth is the median', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(0.01, 3, 100), ({ n, m, d, seed, shift }, scale) => {
        const [a, b] = [gaussianRows(n, d, { seed }), gaussianRows(m, d, { seed: seed + 1, shift })];
        const moved = [a, b].map((of) => ({ ...of, data: of.data.map((x) => scale * (x + 5)) }));
        expect(mmd(moved[0], moved[1]).value).toBeCloseTo(mmd(a, b).value, 10);
      }),
      { numRuns: 30 },
    );
  });

  it('is symmetric, 0 between a set and itself where biased, and below 0 where unbiased', () => {
    const [a, b] = [gaussianRows(30, 3, { seed: 1 }), gaussianRows(20, 3, { seed: 2, shift: 1 })];
    expect(mmd(a, b).value).toBeCloseTo(mmd(b, a).value, 14);
    expect(mmd(a, a, { estimator: 'biased' }).value).toBeCloseTo(0, 14);
    expect(mmd(a, a).value).toBeLessThan(0);
  });

  it('grows with the distance of the sets', () => {
    const a = gaussianRows(200, 4, { seed: 1 });
    const values = [0, 0.3, 0.7, 2].map(
      (shift) => mmd(a, gaussianRows(200, 4, { seed: 2, shift }), { sigma: 2 }).value,
    );
    expect(values).toEqual(values.toSorted((x, y) => x - y));
  });

  it('with the polynomial kernel of degree 3 is the full KID, with its standard error', () => {
    const [a, b] = [gaussianRows(30, 3, { seed: 1 }), gaussianRows(20, 3, { seed: 2, shift: 1 })];
    const { value, standardError } = kid({ real: a, generated: b }, { estimator: 'full' });
    expect(mmd(a, b, { kernel: 'polynomial' })).toMatchObject({ value, standardError });
  });

  it('says which bandwidth it took: the median distance of all rows', () => {
    const [a, b] = [[[0], [1]], [[3]]];
    const result = mmd(a, b, { estimator: 'biased' });
    // Distances 1, 3 and 2.
    expect(result).toMatchObject({ kernel: 'rbf', sigmas: [2], estimator: 'biased', samples: [2, 1] });
  });

  it.each([
    ['sets of different columns', [[1, 2]], [[1]], {}, 'SHAPE_MISMATCH'],
    ['one row', [[1]], [[1], [2]], {}, 'TOO_FEW_SAMPLES'],
    ['an infinite value', [[1], [2]], [[1], [Number.POSITIVE_INFINITY]], {}, 'NOT_FINITE'],
    ['the median distance of equal rows', [[1], [1]], [[1], [1]], {}, 'INVALID_OPTION'],
    ['a bandwidth of 0', [[1], [2]], [[1], [2]], { sigma: 0 }, 'INVALID_OPTION'],
    ['no bandwidths', [[1], [2]], [[1], [2]], { sigmas: [] }, 'INVALID_OPTION'],
    ['one bandwidth beside several', [[1], [2]], [[1], [2]], { sigma: 1, sigmas: [1] }, 'INVALID_OPTION'],
    ['a degree of the rbf kernel', [[1], [2]], [[1], [2]], { degree: 2 }, 'INVALID_OPTION'],
    ['an unknown kernel', [[1], [2]], [[1], [2]], { kernel: 'laplace' as 'rbf' }, 'INVALID_OPTION'],
  ] as [string, number[][], number[][], MmdOptions, string][])('refuses %s', (_, a, b, options, code) => {
    expect(codeOf(() => mmd(a, b, options))).toBe(code);
  });
});

describe('medianDistance', () => {
  it('is nearly that of all rows where it is taken of some', () => {
    const [a, b] = [gaussianRows(2000, 2, { seed: 1 }), gaussianRows(2000, 2, { seed: 2 })];
    // Half the squared distance is exponential with mean 2: the median distance is 2 √(ln 2).
    expect(Math.abs(medianDistance(a, b) / (2 * Math.sqrt(Math.LN2)) - 1)).toBeLessThan(0.08);
  });
});

describe('cmmd', () => {
  const [a, b] = [gaussianRows(30, 3, { seed: 1, shift: 1 }), gaussianRows(20, 3, { seed: 2, shift: -1 })];

  it('is 1000 times the biased mmd of directions with a bandwidth of 10', () => {
    const directions = ({ rows, columns, data }: Matrix) => ({
      rows,
      columns,
      data: data.map(
        (x, i) => x / Math.hypot(...data.subarray(i - (i % columns), i - (i % columns) + columns)),
      ),
    });
    const { value, samples } = cmmd(a, b);
    expect(value).toBeCloseTo(1000 * plainMmd(directions(a), directions(b), [10], true), 9);
    expect(samples).toEqual([30, 20]);
  });

  it('moves with no length of features, and is 0 for equal sets', () => {
    const longer = { ...a, data: a.data.map((x, i) => x * (1 + Math.floor(i / 3))) };
    expect(cmmd(longer, b).value).toBeCloseTo(cmmd(a, b).value, 9);
    expect(cmmd(a, a).value).toBeCloseTo(0, 9);
  });

  it('is largest for points opposite each other', () => {
    expect(cmmd([[1]], [[-2]]).value).toBeCloseTo(2000 * (1 - Math.exp(-0.02)), 9);
  });

  it('warns unless the features are said to be CLIP’s', () => {
    expect(cmmd(a, b).warnings.map(({ code }) => code)).toEqual(['FEATURES_NOT_CLIP']);
    expect(cmmd(a, b, { clip: true }).warnings).toEqual([]);
  });

  it('refuses a row without a direction', () => {
    expect(codeOf(() => cmmd([[0, 0]], [[1, 2]]))).toBe('NOT_FINITE');
  });
});
