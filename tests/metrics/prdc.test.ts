import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { densityCoverage, GanMetricsError, PRDC_COMPAT, prdc, precisionRecall } from '../../src/metrics';
import { assignGroups, jackknifeError } from '../../src/metrics/jackknife';
import { ADVERSARIAL, bell } from '../math/neighbors/point-sets';
import { hasReference } from '../reference';
import { FIXTURES, fixture, type GoldenSet, REFERENCES, referenceSet } from './golden-sets';
import { bruteForcePrdc } from './manifold/brute-force';

type Values = Record<string, Record<'precision' | 'recall' | 'density' | 'coverage' | 'f_score', number>>;

/** Counts are equal; a mean that a tool takes in float32 is that count rounded. */
function expectEqual(found: number, expected: number) {
  expect(Math.fround(found)).toBe(Math.fround(expected));
}

function expectReferenceValues({ samples, golden }: GoldenSet) {
  const values = golden.precision_recall as Values;
  for (const neighbors of [1, 3, 5, 10]) {
    const found = prdc(samples, { neighbors });
    for (const name of ['precision', 'recall', 'density', 'coverage'] as const) {
      expect(found[name]).toBeCloseTo(values[`prdc_k${neighbors}`][name], 14);
    }
  }
  const rim = prdc(samples, { neighbors: 3, inequality: '<=' });
  for (const name of ['precision', 'recall', 'density', 'coverage'] as const) {
    expect(rim[name]).toBeCloseTo(values.own_float64_k3_less_equal[name], 14);
  }
  const { nhood_sizes, precision, recall } = values.improved_precision_recall as unknown as Record<
    string,
    number[]
  >;
  nhood_sizes.forEach((neighbors, at) => {
    const found = precisionRecall(samples, { neighbors });
    expectEqual(found.precision, precision[at]);
    expectEqual(found.recall, recall[at]);
  });
  for (const [tool, section] of [
    ['torch-fidelity', 'torch_fidelity_prc_k3'],
    ['adm', 'adm_precision_recall_k3_float32'],
    ['dgm-eval', 'dgm_eval_prdc_k5_realism'],
  ] as const) {
    const found = prdc(samples, PRDC_COMPAT[tool]);
    expectEqual(found.precision, values[section].precision);
    expectEqual(found.recall, values[section].recall);
    if (values[section].f_score) expect(found.fScore).toBeCloseTo(values[section].f_score, 6);
  }
}

describe('prdc counts what the reference tools count', () => {
  it.each(FIXTURES)('on %s', (name) => expectReferenceValues(fixture(name)));
});

describe.skipIf(!hasReference)('prdc counts what the reference tools count (reference folder needed)', () => {
  it.each(REFERENCES)('on %s', (name) => expectReferenceValues(referenceSet(name)));
});

describe('prdc counts what brute force counts', () => {
  it.each(ADVERSARIAL)('%s', (_, { x: real, y: generated }) => {
    for (const inequality of ['<', '<='] as const) {
      for (const neighbors of [1, 3]) {
        const expected = bruteForcePrdc({ real, generated }, { neighbors, inequality });
        expect(prdc({ real, generated }, { neighbors, inequality })).toMatchObject(expected);
        const { density, coverage } = expected;
        expect(densityCoverage({ real, generated }, { neighbors, inequality })).toMatchObject({
          density,
          coverage,
        });
      }
    }
  });
});

/** Rows in another order, and everything turned by 90° and mirrored. */
function rearranged({ rows, columns, data }: Matrix): Matrix {
  const turned = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < columns; k++) {
      turned[((i * 7 + 3) % rows) * columns + ((k + 1) % columns)] = (k % 2 ? -1 : 1) * data[i * columns + k];
    }
  }
  return { rows, columns, data: turned };
}

describe('prdc', () => {
  it('does not care for the order of samples, nor for where the axes are', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 6 }), (seed, d) => {
        const samples = { real: bell(41, d, { seed }), generated: bell(29, d, { seed: seed + 1 }) };
        const turned = { real: rearranged(samples.real), generated: rearranged(samples.generated) };
        expect(prdc(turned)).toEqual(prdc(samples));
      }),
      { numRuns: 20 },
    );
  });

  it('loses recall and coverage, not precision, where the generator collapses', () => {
    const real = bell(300, 4);
    const whole = prdc({ real, generated: bell(300, 4, { seed: 2 }) });
    const collapsed = prdc({ real, generated: bell(300, 4, { seed: 2, scale: 0.1 }) });
    expect(collapsed.recall).toBeLessThan(0.3 * whole.recall);
    expect(collapsed.coverage).toBeLessThan(0.3 * whole.coverage);
    expect(collapsed.precision).toBeGreaterThanOrEqual(whole.precision);
  });

  it('loses precision and density, not recall, where the generator scatters', () => {
    const real = bell(300, 4);
    const whole = prdc({ real, generated: bell(300, 4, { seed: 2 }) });
    const scattered = prdc({ real, generated: bell(300, 4, { seed: 2, scale: 3 }) });
    expect(scattered.precision).toBeLessThan(0.3 * whole.precision);
    expect(scattered.density).toBeLessThan(0.3 * whole.density);
    expect(scattered.recall).toBeGreaterThan(0.9 * whole.recall);
  });

  it('has precision and recall that swap with the sets', () => {
    const [real, generated] = [bell(60, 3), bell(50, 3, { seed: 2, scale: 1.5 })];
    const [there, back] = [prdc({ real, generated }), prdc({ real: generated, generated: real })];
    expect([back.precision, back.recall]).toEqual([there.recall, there.precision]);
  });

  it('says that a set holds copies', () => {
    const { warnings } = prdc({
      real: bell(9, 2),
      generated: { rows: 9, columns: 2, data: new Float32Array(18) },
    });
    expect(warnings.map(({ code }) => code)).toEqual(['COPIES_IN_SET']);
    expect(warnings[0].message).toContain('9 of 9 generated');
  });

  const code = (body: () => unknown) => {
    try {
      body();
    } catch (error) {
      return error instanceof GanMetricsError ? error.code : error;
    }
    return undefined;
  };

  it('refuses what it is not defined for', () => {
    const [real, generated] = [bell(6, 2), bell(6, 2, { seed: 2 })];
    expect(code(() => prdc({ real, generated }))).toBeUndefined();
    expect(code(() => prdc({ real: bell(5, 2), generated }))).toBe('TOO_FEW_SAMPLES');
    expect(code(() => prdc({ real, generated: bell(5, 2) }))).toBe('TOO_FEW_SAMPLES');
    expect(code(() => prdc({ real, generated: bell(6, 3) }))).toBe('SHAPE_MISMATCH');
    expect(code(() => prdc({ real, generated: bell(6, 2, { scale: Number.NaN }) }))).toBe('NOT_FINITE');
    expect(code(() => prdc({ real, generated }, { neighbors: 0 }))).toBe('INVALID_OPTION');
    expect(code(() => prdc({ real, generated }, { inequality: '>' as '<' }))).toBe('INVALID_OPTION');
    expect(code(() => prdc({ real, generated }, { confidence: 0.95 }))).toBe('TOO_FEW_SAMPLES');
    const far = { rows: 6, columns: 1, data: Float64Array.of(-1.7e308, 1.7e308, 0, 1, 2, 3) };
    expect(code(() => prdc({ real: far, generated: far }))).toBe('NOT_FINITE');
  });
});

describe('intervals of prdc', () => {
  const NAMES = ['precision', 'recall', 'density', 'coverage'] as const;

  function without({ columns, data }: Matrix, groups: { of: Uint8Array }, group: number): Matrix {
    const kept = [...groups.of.keys()].filter((i) => groups.of[i] !== group);
    const rows = kept.map((i) => data.subarray(i * columns, (i + 1) * columns));
    return { rows: kept.length, columns, data: Float32Array.from(rows.flatMap((row) => [...row])) };
  }

  it.each(ADVERSARIAL)(
    'are those of values computed anew without every group: %s',
    (_, { x: real, y: generated }) => {
      const options = { neighbors: 2, inequality: '<=' } as const;
      const groups = {
        real: assignGroups(real.rows, { groups: 4, seed: 3 }),
        generated: assignGroups(generated.rows, { groups: 4, seed: 3 + 0x9e3779b9 }),
      };
      const left = {
        real: [0, 1, 2, 3].map((g) =>
          bruteForcePrdc({ real: without(real, groups.real, g), generated }, options),
        ),
        generated: [0, 1, 2, 3].map((g) =>
          bruteForcePrdc({ real, generated: without(generated, groups.generated, g) }, options),
        ),
      };
      const { intervals } = prdc({ real, generated }, { ...options, confidence: 0.9, groups: 4, seed: 3 });
      for (const name of NAMES) {
        const expected = jackknifeError({
          real: left.real.map((each) => each[name]),
          generated: left.generated.map((each) => each[name]),
        });
        expect(intervals?.[name].standardError).toBeCloseTo(expected, 12);
      }
    },
  );

  it('leave the values alone', () => {
    const samples = { real: bell(40, 3), generated: bell(50, 3, { seed: 2 }) };
    const { intervals, ...rest } = prdc(samples, { confidence: 0.95 });
    expect(rest).toEqual(prdc(samples));
    expect(Object.keys(intervals!)).toEqual(['precision', 'recall', 'density', 'coverage', 'fScore']);
  });
});
