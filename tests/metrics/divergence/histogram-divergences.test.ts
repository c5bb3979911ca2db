import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chiSquaredDivergence,
  hellingerDistance,
  jsDistance,
  jsDivergence,
  klDivergence,
  renyiDivergence,
  reverseKlDivergence,
  totalVariation,
} from '../../../src/metrics/divergence/histogram-divergences';
import type { Histograms } from '../../../src/metrics/divergence/histograms';
import { codeOf } from '../code-of';
import { golden, number } from './golden';

const MEASURES: Record<string, (pair: Histograms) => number> = {
  KL_pq_scipy_entropy: (pair) => klDivergence(pair).value,
  KL_qp_scipy_entropy: (pair) => reverseKlDivergence(pair).value,
  JS_divergence_nats: ({ real, generated }) => jsDivergence(real, generated).value,
  JS_distance_scipy: ({ real, generated }) => jsDistance(real, generated).value,
  TV: ({ real, generated }) => totalVariation(real, generated).value,
  hellinger: ({ real, generated }) => hellingerDistance(real, generated).value,
  'chi2_pearson_(p-q)^2/q': (pair) => chiSquaredDivergence(pair).value,
  'renyi_0.5': (pair) => renyiDivergence(pair, { order: 0.5 }).value,
  'renyi_0.9': (pair) => renyiDivergence(pair, { order: 0.9 }).value,
  renyi_2: (pair) => renyiDivergence(pair).value,
};

describe.each(Object.entries(MEASURES))('%s equals the reference', (key, measure) => {
  it.each(golden('discrete').map((each) => [each.name, each] as const))('on %s', (_, each) => {
    const value = measure({ real: each.p as number[], generated: each.q as number[] });
    const expected = number(each[key]);
    if (!Number.isFinite(expected)) return expect(value).toBe(expected);
    // A sum of ten terms near 1, which Rényi divides by 0.1; scipy's root of a divergence that is rounding is 1e-8 off.
    const rounding = key === 'JS_distance_scipy' && expected < 1e-6 ? 1e-6 : 1e-14;
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected) + rounding);
  });
});

const histogram = (bins: number) =>
  fc
    .array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: bins, maxLength: bins })
    .filter((values) => values.some((value) => value > 0));
const pair = fc
  .integer({ min: 1, max: 6 })
  .chain((bins) => fc.record({ real: histogram(bins), generated: histogram(bins) }));
const slack = 1e-12;

describe('divergences of histograms keep their laws', () => {
  it('all are 0 for equal histograms, whatever their sums', () => {
    fc.assert(
      fc.property(histogram(4), (real) => {
        const generated = real.map((value) => value * 4);
        for (const measure of Object.values(MEASURES)) {
          expect(measure({ real, generated })).toBeLessThan(1e-7);
        }
      }),
    );
  });

  it('JS lies between 0 and log 2, Hellinger and total variation between 0 and 1', () => {
    fc.assert(
      fc.property(pair, ({ real, generated }) => {
        expect(jsDivergence(real, generated).value).toBeLessThanOrEqual(Math.LN2);
        const [h, tv] = [hellingerDistance(real, generated).value, totalVariation(real, generated).value];
        expect(tv).toBeLessThanOrEqual(1 + slack);
        // H² ≤ TV ≤ √2 H
        expect(h * h).toBeLessThanOrEqual(tv + slack);
        expect(tv).toBeLessThanOrEqual(Math.SQRT2 * h + slack);
      }),
    );
  });

  it('follow Pinsker and KL ≤ log(1 + χ²), and Rényi rises with its order through KL', () => {
    fc.assert(
      fc.property(pair, (both) => {
        const kl = klDivergence(both).value;
        expect(2 * totalVariation(both.real, both.generated).value ** 2).toBeLessThanOrEqual(kl + slack);
        expect(kl).toBeLessThanOrEqual(Math.log1p(chiSquaredDivergence(both).value) + 1e-9);
        const renyi = [0, 0.5, 1, 2, 5, Number.POSITIVE_INFINITY].map(
          (order) => renyiDivergence(both, { order }).value,
        );
        expect(renyi[2]).toBe(kl);
        for (let i = 1; i < renyi.length; i++) {
          expect(renyi[i - 1]).toBeLessThanOrEqual(renyi[i] * (1 + slack) + 1e-9);
        }
      }),
    );
  });

  it('reverse KL is KL with the sides exchanged, and JS, TV and Hellinger do not tell sides apart', () => {
    fc.assert(
      fc.property(pair, ({ real, generated }) => {
        const swapped = { real: generated, generated: real };
        expect(reverseKlDivergence({ real, generated }).value).toBe(klDivergence(swapped).value);
        for (const measure of [jsDivergence, totalVariation, hellingerDistance]) {
          expect(measure(real, generated).value).toBeCloseTo(measure(generated, real).value, 13);
        }
      }),
    );
  });

  it('a missing mode makes KL infinite and reverse KL not; an implausible sample the other way', () => {
    const collapsed = { real: [1, 1], generated: [1, 0] };
    expect(klDivergence(collapsed)).toMatchObject({
      value: Number.POSITIVE_INFINITY,
      realOnly: 0.5,
      generatedOnly: 0,
    });
    expect(reverseKlDivergence(collapsed).value).toBeCloseTo(Math.LN2, 15);
    const implausible = { real: [1, 0], generated: [1, 1] };
    expect(klDivergence(implausible).value).toBeCloseTo(Math.LN2, 15);
    expect(reverseKlDivergence(implausible)).toMatchObject({
      value: Number.POSITIVE_INFINITY,
      generatedOnly: 0.5,
    });
    expect(renyiDivergence(collapsed, { order: 0 }).value).toBe(0);
    expect(renyiDivergence(implausible, { order: 0 }).value).toBeCloseTo(Math.LN2, 15);
  });

  it('disjoint supports have JS log 2 exactly, TV and Hellinger 1, and infinite KL, χ² and Rényi', () => {
    const disjoint = { real: [0.3, 0.7, 0, 0], generated: [0, 0, 0.1, 0.9] };
    expect(MEASURES.JS_divergence_nats(disjoint)).toBeCloseTo(Math.LN2, 15);
    expect(MEASURES.TV(disjoint)).toBeCloseTo(1, 15);
    expect(MEASURES.hellinger(disjoint)).toBeCloseTo(1, 15);
    for (const order of [0, 0.5, 1, 2]) {
      expect(renyiDivergence(disjoint, { order }).value).toBe(Number.POSITIVE_INFINITY);
    }
    expect(chiSquaredDivergence(disjoint).value).toBe(Number.POSITIVE_INFINITY);
  });

  it('neither overflow nor underflow spoils them', () => {
    expect(klDivergence({ real: [1e308, 1e308], generated: [1e308, 1.5e308] }).value).toBeCloseTo(
      Math.log(0.5 / 0.4) / 2 + Math.log(0.5 / 0.6) / 2,
      14,
    );
    const tiny = { real: [1, 1], generated: [1, 5e-324] };
    const half = Math.log(0.5);
    expect(klDivergence(tiny).value).toBeCloseTo((half + half - Math.log(5e-324)) / 2, 9);
    expect(renyiDivergence(tiny, { order: 9 }).value).toBeCloseTo((9 * half - 8 * Math.log(5e-324)) / 8, 9);
    expect(chiSquaredDivergence({ real: [1, 1e-200], generated: [1, 0] }).value).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('divergences of histograms refuse what is none', () => {
  const good = [1, 2];
  it.each([
    ['SHAPE_MISMATCH', [1, 2, 3]],
    ['NOT_PROBABILITIES', [1, -1e-9]],
    ['NOT_FINITE', [1, Number.NaN]],
    ['NOT_FINITE', [1, Number.POSITIVE_INFINITY]],
    ['TOO_FEW_SAMPLES', [0, 0]],
  ])('%s for %j', (code, bad) => {
    for (const measure of Object.values(MEASURES)) {
      expect(codeOf(() => measure({ real: bad, generated: good }))).toBe(code);
      expect(codeOf(() => measure({ real: good, generated: bad }))).toBe(code);
    }
  });

  it('TOO_FEW_SAMPLES for empty histograms, INVALID_OPTION for a negative order', () => {
    expect(codeOf(() => klDivergence({ real: [], generated: [] }))).toBe('TOO_FEW_SAMPLES');
    for (const order of [-1, Number.NaN]) {
      expect(codeOf(() => renyiDivergence({ real: good, generated: good }, { order }))).toBe(
        'INVALID_OPTION',
      );
    }
  });
});
