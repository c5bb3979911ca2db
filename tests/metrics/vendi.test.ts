import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GanMetricsError, vendi } from '../../src/metrics';
import { bell } from '../math/neighbors/point-sets';
import { hasReference } from '../reference';
import { FIXTURES, fixture, type GoldenSet, REFERENCES, referenceSet } from './golden-sets';

function expectReferenceValues({ samples: { real, generated }, golden }: GoldenSet) {
  const values = golden.vendi as Record<string, number>;
  const close = (found: number, expected: number | undefined, tolerance: number) => {
    if (expected !== undefined) expect(Math.abs(found / expected - 1)).toBeLessThan(tolerance);
  };
  for (const q of [0.5, 1, 2, Number.POSITIVE_INFINITY]) {
    const { value } = vendi(generated, { q });
    const order = q === Number.POSITIVE_INFINITY ? 'inf' : q;
    // With q = 0.5 what rounding makes of zero eigenvalues counts in the tools.
    close(value, values[`vendi_score_dual_q${order}_fake`], q < 1 ? 1e-6 : 1e-9);
    close(value, values[`score_K_cosine_q${order}_fake`], q < 1 ? 1e-6 : 1e-9);
  }
  close(vendi(generated).value, values.dgm_eval_linear_fake, 1e-9);
  close(vendi(real).value, values.vendi_score_X_real, 1e-9);
}

describe('vendi equals the values of the reference tools', () => {
  it.each(FIXTURES)('on %s', (name) => expectReferenceValues(fixture(name)));
});

describe.skipIf(!hasReference)(
  'vendi equals the values of the reference tools (reference folder needed)',
  () => {
    it.each(REFERENCES)('on %s', (name) => expectReferenceValues(referenceSet(name)));
  },
);

const unit = (rows: number, columns: number) => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, at) =>
    at % columns === Math.floor(at / columns) % 5 ? 3 : 0,
  ),
});

describe('vendi', () => {
  it.each([0, 0.5, 1, 2, Number.POSITIVE_INFINITY])(
    'counts k equally frequent orthogonal kinds as k, q = %s',
    (q) => {
      for (const [n, d] of [
        [20, 7],
        [5, 300],
        [600, 6],
      ]) {
        expect(vendi(unit(n, d), { q }).value).toBeCloseTo(5, 9);
      }
    },
  );

  it('counts the kinds of many samples in many dimensions', () => {
    const data = new Float32Array(1500 * 1500);
    for (let i = 0; i < 1500; i++) data[i * 1500 + (i % 750)] = 1;
    expect(vendi({ rows: 1500, columns: 1500, data }).value).toBeCloseTo(750, 6);
  });

  it('is 1 for multiples of one sample', () => {
    const data = Float32Array.of(1, 2, 3, 2, 4, 6, 0.5, 1, 1.5);
    expect(vendi({ rows: 3, columns: 3, data }).value).toBeCloseTo(1, 12);
  });

  it('does not rise with q, nor move with order or length of the samples', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 20 }), (seed, n) => {
        const x = bell(n, 6, { seed });
        const scores = [0.5, 1, 2, 5, Number.POSITIVE_INFINITY].map((q) => vendi(x, { q }).value);
        scores.slice(1).forEach((score, at) => {
          expect(score).toBeLessThanOrEqual(scores[at] * (1 + 1e-12));
        });
        const turned = {
          ...x,
          data: x.data.map((_, at) => 4 * x.data[(n - 1 - Math.floor(at / 6)) * 6 + (at % 6)]),
        };
        expect(vendi(turned).value).toBeCloseTo(scores[1], 10);
      }),
      { numRuns: 20 },
    );
  });

  it('falls where the generator collapses', () => {
    const whole = bell(100, 8);
    const collapsed = { ...whole, data: whole.data.map((value, at) => 5 + 0.1 * value + (at % 2)) };
    expect(vendi(collapsed).value).toBeLessThan(0.3 * vendi(whole).value);
  });

  it('refuses rows without a direction, and orders that are none', () => {
    const zero = { rows: 2, columns: 2, data: Float32Array.of(1, 1, 0, 0) };
    expect(() => vendi(zero)).toThrow(GanMetricsError);
    expect(() => vendi(zero)).toThrow('row 1');
    expect(() => vendi(bell(3, 2), { q: -1 })).toThrow('at least 0');
    expect(() => vendi(bell(3, 2), { q: Number.NaN })).toThrow('at least 0');
  });
});
