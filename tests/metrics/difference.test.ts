import { describe, expect, it } from 'vitest';
import { compute } from '../../src/math/computation';
import { defaultProduct } from '../../src/math/default-product';
import type { Matrix } from '../../src/math/matrix';
import { featureStatistics } from '../../src/math/statistics';
import {
  fidDifference,
  fidInterval,
  inceptionScoreDifference,
  kid,
  kidDifference,
  kidInterval,
  type Metric,
  metrics,
  prdcDifference,
} from '../../src/metrics';
import { influenceError } from '../../src/metrics/interval';
import { codeOf } from './code-of';
import { gaussianRows } from './gaussian-rows';

const sampleOf = (features: Matrix) => ({
  features,
  logits: features,
  statistics: featureStatistics(features),
});
const rows = {
  real: gaussianRows(70, 4, { seed: 1 }),
  a: gaussianRows(60, 4, { seed: 2, shift: 0.4 }),
  b: gaussianRows(50, 4, { seed: 3, shift: 0.6 }),
};
const sets = { real: sampleOf(rows.real), a: sampleOf(rows.a), b: sampleOf(rows.b) };
const all = Object.values(metrics as unknown as Record<string, Metric>).filter(
  ({ difference }) => difference,
);

describe('the difference of two generators, of every metric that has it', () => {
  it('is there of fid, is, kid and prdc', () => {
    expect(all.map(({ id }) => id)).toEqual(['fid', 'is', 'kid', 'prdc']);
  });

  it.each(all)(
    'covers every number of $id, and changes sign with its arguments',
    ({ values, difference }) => {
      const found = difference!.compute(sets, { confidence: 0.9 });
      const reverse = difference!.compute({ ...sets, a: sets.b, b: sets.a }, { confidence: 0.9 });
      expect(Object.keys(found)).toEqual(Object.keys(values));
      for (const [name, { value, interval, variances }] of Object.entries(found)) {
        expect(reverse[name].value).toBeCloseTo(-value, 12);
        expect(interval.confidence).toBe(0.9);
        expect((interval.low + interval.high) / 2).toBeCloseTo(value, 10);
        expect(interval.of).toMatch(/difference/);
        const { real, a, b } = variances;
        expect(Math.sqrt(real + a + b)).toBeCloseTo(interval.standardError, 12);
        expect(reverse[name].variances.a).toBeCloseTo(b, 12);
      }
    },
  );

  it.each(all)('is made of $id of each generator, estimated once', ({ difference }) => {
    const [a, b] = [sets.a, sets.b].map((generated) =>
      compute(difference!.estimate({ real: sets.real, generated } as never), defaultProduct),
    );
    expect(difference!.between(a, b, { confidence: 0.95 })).toEqual(
      difference!.compute(sets, { confidence: 0.95 }),
    );
  });

  it.each(all)('of $id looks at no option but those that it names', ({ difference }) => {
    const other = { subsets: 'none', ddof: 9, anything: true };
    expect(difference!.compute(sets, { confidence: 0.95, ...other } as never)).toEqual(
      difference!.compute(sets, { confidence: 0.95 }),
    );
  });

  it.each(all)('of $id needs a confidence in (0, 1)', ({ difference }) => {
    expect(codeOf(() => difference!.compute(sets, { confidence: 1 }))).toBe('INVALID_OPTION');
  });
});

describe('the difference as a fact of a metric is that of the function of its own', () => {
  const confidence = 0.95;

  it('for fid, with a fixed reference where there are only statistics', () => {
    const found = metrics.fid.difference!.compute(sets, { confidence }).value;
    const { value, interval } = fidDifference(rows);
    expect(found.value).toBeCloseTo(value, 10);
    expect(found.interval.standardError).toBeCloseTo(interval.standardError, 10);
    expect(found.interval.of).toBe(interval.of);
    const { statistics } = sets.real;
    const fixed = metrics.fid.difference!.compute({ ...sets, real: { statistics } }, { confidence }).value;
    const expected = fidDifference({ ...rows, real: statistics });
    expect(fixed.interval.standardError).toBeCloseTo(expected.interval.standardError, 10);
    expect(fixed.interval.of).toBe(expected.interval.of);
    expect(fixed.variances.real).toBe(0);
  });

  it('for kid, of all samples, with its options of the kernel', () => {
    for (const options of [{}, { degree: 2 }, { kernel: 'rbf', sigma: 2 }] as const) {
      const { value, interval } = metrics.kid.difference!.compute(sets, { confidence, ...options }).value;
      expect({ value, interval }).toEqual(
        (({ value, interval }) => ({ value, interval: { ...interval, method: 'U-statistic' } }))(
          kidDifference(rows, options),
        ),
      );
    }
  });

  it('for is, whose generators have nothing in common', () => {
    const found = metrics.is.difference!.compute(sets, { confidence, splits: 2 }).value;
    const expected = inceptionScoreDifference(
      { a: { logits: rows.a }, b: { logits: rows.b } },
      { splits: 2 },
    );
    expect(found.value).toBeCloseTo(expected.value, 12);
    expect(found.interval.standardError).toBeCloseTo(expected.interval.standardError, 12);
    expect(found.variances.real).toBe(0);
  });

  it('for prdc, by the same groups', () => {
    const found = metrics.prdc.difference!.compute(sets, { confidence, neighbors: 3 });
    const { a, b, intervals, ...values } = prdcDifference(rows, { neighbors: 3 });
    for (const [name, { value, interval }] of Object.entries(found)) {
      expect(value).toBe(values[name as keyof typeof values]);
      const expected = intervals[name as keyof typeof intervals];
      expect(interval.standardError).toBeCloseTo(expected.standardError, 12);
      expect(interval.of).toBe(expected.of);
    }
  });
});

describe('estimates', () => {
  it("have the standard error of the metric's own interval", () => {
    const samples = { real: rows.real, generated: rows.a };
    const estimateOf = (metric: Metric) =>
      compute(metric.difference!.estimate({ real: sets.real, generated: sets.a } as never), defaultProduct)
        .numbers.value;
    const ofFid = estimateOf(metrics.fid as unknown as Metric);
    expect(influenceError(ofFid.influence)).toBeCloseTo(fidInterval(samples).standardError, 9);
    const ofKid = estimateOf(metrics.kid as unknown as Metric);
    const full = kidInterval(kid(samples, { estimator: 'full' }), { confidence: 0.95 })!;
    expect(ofKid.standardError).toBeCloseTo(full.standardError, 12);
  });
});
