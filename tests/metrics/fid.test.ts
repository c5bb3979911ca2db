import fc from 'fast-check';
import { Matrix as MlMatrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random';
import { featureStatistics, fid, frechetDistance, GanMetricsError } from '../../src/metrics';
import { readMatrix } from '../npy';
import { hasReference, projectFile, reference } from '../reference';

interface FidValues {
  readonly [peer: string]:
    | number
    | { readonly error: string }
    | { readonly fid: number }
    | Record<string, number>;
}

const SETS = ['unequal', 'constant_columns', 'one_dim', 'two_dim', 'duplicates', 'singular', 'identical'];

async function load(folder: (name: string) => string, name: string) {
  const { readFileSync } = await import('node:fs');
  const values = JSON.parse(readFileSync(folder('values.json'), 'utf8')) as Record<
    string,
    { fid: FidValues }
  >;
  return {
    real: readMatrix(folder(`${name}_real.npy`)),
    generated: readMatrix(folder(`${name}_fake.npy`)),
    values: values[name].fid,
  };
}

function expectReferenceValues(name: string, value: number, values: FidValues) {
  const { fid: exact } = values.exact_float64 as { fid: number };
  if (name === 'identical') {
    expect(value).toBeLessThan(1e-11);
    return;
  }
  expect(Math.abs(value / exact - 1)).toBeLessThan(1e-9);
  // Peers that take float32 means are off by up to 1e-6 of the distance.
  for (const peer of [
    'pytorch_fid',
    'clean_fid_fid_from_feats_float64',
    'adm_FIDStatistics',
    'dgm_eval_FD',
  ]) {
    expect(Math.abs(value / (values[peer] as number) - 1)).toBeLessThan(1e-6);
  }
}

describe('fid equals the values of the reference tools', () => {
  it.each(SETS)('on %s', async (name) => {
    const { real, generated, values } = await load((file) => projectFile('fixtures/features', file), name);
    expectReferenceValues(name, fid(real, generated).value, values);
  });
});

describe.skipIf(!hasReference)(
  'fid equals the values of the reference tools (reference folder needed)',
  () => {
    it.each(['shifted', 'collapsed', 'scaled_1e4', 'scaled_1e-4', 'far_apart'])('on %s', async (name) => {
      const { real, generated, values } = await load((file) => reference('golden/features', file), name);
      expectReferenceValues(name, fid(real, generated).value, values);
    });
  },
);

function gaussian(n: number, d: number, seed: number, shift = 0) {
  const random = createRandom(seed);
  const uniform = () => (random.next() + 0.5) / 2 ** 32;
  const data = Float64Array.from(
    { length: n * d },
    () => shift + Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
  return { rows: n, columns: d, data };
}

function diagonal(values: readonly number[]) {
  const d = values.length;
  const data = new Float64Array(d * d);
  values.forEach((value, i) => {
    data[i * d + i] = value;
  });
  return { rows: d, columns: d, data };
}

const COUNT = 1000;

describe('frechetDistance follows its closed forms', () => {
  it('is the squared distance of the means where the covariances are equal', () => {
    const sigma = diagonal([1, 4, 9]);
    const a = { count: COUNT, mu: [0, 0, 0], sigma };
    const b = { count: COUNT, mu: [3, 4, 0], sigma };
    expect(frechetDistance(a, b).value).toBeCloseTo(25, 12);
  });

  it('is the sum of squared differences of standard deviations where covariances are diagonal', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0.1, max: 10, noNaN: true }),
            fc.double({ min: 0.1, max: 10, noNaN: true }),
          ),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        (pairs) => {
          const mu = pairs.map(() => 0);
          const a = { count: COUNT, mu, sigma: diagonal(pairs.map(([s]) => s * s)) };
          const b = { count: COUNT, mu, sigma: diagonal(pairs.map(([, s]) => s * s)) };
          const expected = pairs.reduce((sum, [s, t]) => sum + (s - t) ** 2, 0);
          expect(frechetDistance(a, b).value).toBeCloseTo(expected, 9);
        },
      ),
    );
  });
});

describe('fid keeps its invariances', () => {
  const a = gaussian(60, 5, 1);
  const b = gaussian(50, 5, 2, 0.5);
  const reference = fid(a, b).value;

  it('is symmetric in its arguments to rounding', () => {
    expect(Math.abs(fid(b, a).value / reference - 1)).toBeLessThan(1e-12);
  });

  it('of a set with itself is rounding, and says so where it is not exactly 0', () => {
    const { value, warnings } = fid(a, a);
    expect(value).toBeLessThan(1e-12);
    expect(warnings.map(({ code }) => code)).toEqual(value === 0 ? [] : ['DISTANCE_IS_ROUNDING']);
  });

  it('does not depend on the order of rows', () => {
    const reversed = { ...a, data: a.data.slice() };
    for (let i = 0; i < a.rows; i++)
      reversed.data.set(a.data.subarray((a.rows - 1 - i) * 5, (a.rows - i) * 5), i * 5);
    expect(Math.abs(fid(reversed, b).value / reference - 1)).toBeLessThan(1e-12);
  });

  it('grows with the square of the scale', () => {
    const scaled = (m: typeof a) => ({ ...m, data: m.data.map((x) => x * 1e4) });
    expect(Math.abs(fid(scaled(a), scaled(b)).value / (reference * 1e8) - 1)).toBeLessThan(1e-12);
  });

  it('does not change when both sets are moved', () => {
    const moved = (m: typeof a) => ({ ...m, data: m.data.map((x) => x + 100) });
    expect(Math.abs(fid(moved(a), moved(b)).value / reference - 1)).toBeLessThan(1e-9);
  });

  it('takes nested arrays and ml-matrix matrices for the same numbers', () => {
    const nested = (m: typeof a) =>
      Array.from({ length: m.rows }, (_, i) => [...m.data.subarray(i * 5, i * 5 + 5)]);
    expect(fid(nested(a), nested(b)).value).toBe(reference);
    expect(fid(new MlMatrix(nested(a)), new MlMatrix(nested(b))).value).toBe(reference);
  });

  it('does not depend on whether features or their covariances are factored, with few samples', () => {
    const [few, fewer] = [gaussian(30, 40, 1), gaussian(20, 40, 2, 0.5)];
    const byCovariance = frechetDistance(featureStatistics(few), featureStatistics(fewer)).value;
    expect(Math.abs(fid(few, fewer).value / byCovariance - 1)).toBeLessThan(1e-12);
    const many = gaussian(300, 40, 3);
    const mixed = frechetDistance(featureStatistics(few), featureStatistics(many)).value;
    expect(Math.abs(fid(few, many).value / mixed - 1)).toBeLessThan(1e-12);
    expect(Math.abs(fid(many, few).value / mixed - 1)).toBeLessThan(1e-12);
  });

  it('of a set of few samples with itself is rounding', () => {
    const few = gaussian(30, 40, 1);
    const { value, warnings } = fid(few, few);
    expect(value).toBeLessThan(1e-12);
    expect(warnings.some(({ code }) => code === 'DISTANCE_IS_ROUNDING')).toBe(value > 0);
  });

  it('is finite and symmetric for constant features, repeated samples and rank one', () => {
    const line = (seed: number) => {
      const along = gaussian(50, 1, seed).data;
      return {
        rows: 50,
        columns: 4,
        data: Float64Array.from({ length: 200 }, (_, i) => along[i >> 2] * (i % 4)),
      };
    };
    const constant = { ...a, data: a.data.map((x, i) => (i % 5 === 2 ? 7 : x)) };
    const repeated = { ...b, data: b.data.map((_, i) => b.data[i % 15]) };
    const same = { rows: 10, columns: 5, data: new Float64Array(50).fill(3) };
    for (const [x, y] of [
      [line(1), line(2)],
      [constant, b],
      [constant, repeated],
      [repeated, a],
      [same, a],
    ]) {
      const { value } = fid(x, y);
      expect(value).toBeGreaterThan(0);
      expect(Math.abs(fid(y, x).value / value - 1)).toBeLessThan(1e-11);
    }
    expect(fid(same, same).value).toBe(0);
  });

  it('of samples on one line is the distance along it', () => {
    const [x, y] = [gaussian(50, 1, 1), gaussian(40, 1, 2, 0.3)];
    const onLine = (m: typeof x) => ({
      rows: m.rows,
      columns: 3,
      data: Float64Array.from({ length: m.rows * 3 }, (_, i) => m.data[Math.floor(i / 3)] * ((i % 3) + 1)),
    });
    expect(Math.abs(fid(onLine(x), onLine(y)).value / (14 * fid(x, y).value) - 1)).toBeLessThan(1e-12);
  });

  it('rises under mode collapse', () => {
    const modes = { ...a, data: a.data.map((x, i) => x + (Math.floor(i / 5) % 3) * 4) };
    const sameModes = { ...b, data: gaussian(50, 5, 3).data.map((x, i) => x + (Math.floor(i / 5) % 3) * 4) };
    const collapsed = { ...b, data: gaussian(50, 5, 3).data };
    expect(fid(modes, collapsed).value).toBeGreaterThan(3 * fid(modes, sameModes).value);
  });
});

describe('fid refuses or names what makes its number worthless', () => {
  const codeOf = (body: () => unknown) => {
    try {
      body();
    } catch (error) {
      return error instanceof GanMetricsError ? error.code : error;
    }
    return 'no error';
  };
  const a = gaussian(20, 3, 1);

  it('one sample is an error', () => {
    expect(codeOf(() => fid(gaussian(1, 3, 1), a))).toBe('TOO_FEW_SAMPLES');
  });

  it('no sample is an error', () => {
    expect(codeOf(() => fid([], a))).toBe('TOO_FEW_SAMPLES');
  });

  it('a NaN or an infinity is an error that names its place', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const broken = { ...a, data: a.data.slice() };
      broken.data[3 * 7 + 1] = bad;
      expect(codeOf(() => fid(a, broken))).toBe('NOT_FINITE');
      expect(() => fid(a, broken)).toThrow(/generated but row 7, column 1/);
    }
  });

  it('different dimensions are an error', () => {
    expect(codeOf(() => fid(a, gaussian(20, 4, 1)))).toBe('SHAPE_MISMATCH');
  });

  it('a ragged nested array is an error', () => {
    expect(
      codeOf(() =>
        fid(a, [
          [1, 2, 3],
          [1, 2],
        ]),
      ),
    ).toBe('SHAPE_MISMATCH');
  });

  it('statistics whose covariance is not symmetric, or has a negative variance, are an error', () => {
    const good = featureStatistics(a);
    const spoiled = (index: number, value: number) => {
      const data = good.sigma.data.slice();
      data[index] = value;
      return { ...good, sigma: { ...good.sigma, data } };
    };
    expect(codeOf(() => frechetDistance(good, spoiled(1, 5)))).toBe('NOT_COVARIANCE');
    expect(codeOf(() => frechetDistance(good, spoiled(4, -1)))).toBe('NOT_COVARIANCE');
  });

  it('statistics whose covariance is indefinite are an error that names it and the size', () => {
    const good = featureStatistics(a);
    const indefinite = { ...good, sigma: { rows: 3, columns: 3, data: new Float64Array(9) } };
    indefinite.sigma.data.set([1, 2, 0, 2, 1, 0, 0, 0, 1]);
    expect(codeOf(() => frechetDistance(good, indefinite))).toBe('NOT_COVARIANCE');
    expect(() => frechetDistance(good, indefinite)).toThrow(/sigma of the second statistics.* by 3/);
    expect(() => frechetDistance(indefinite, good)).toThrow(/sigma of the first statistics/);
  });

  it('fewer samples than dimensions is a named warning', () => {
    const warnings = fid(gaussian(10, 12, 1), gaussian(40, 12, 2)).warnings;
    expect(warnings.map(({ code }) => code)).toEqual(['FEWER_SAMPLES_THAN_DIMENSIONS']);
  });

  it('enough samples give no warning', () => {
    expect(fid(gaussian(50, 3, 1), gaussian(40, 3, 2)).warnings).toEqual([]);
  });
});
