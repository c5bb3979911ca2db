import { describe, expect, it } from 'vitest';
import { compute } from '../../src/math/computation';
import { defaultProduct } from '../../src/math/default-product';
import { nearestCenters } from '../../src/math/k-means';
import type { Matrix } from '../../src/math/matrix';
import { prdCurve, prdFromHistograms } from '../../src/metrics';
import { largestF } from '../../src/metrics/prd-curve';
import { bell } from '../math/neighbors/point-sets';
import { hasReference } from '../reference';
import { FIXTURES, fixture, type GoldenSet, REFERENCES, referenceSet } from './golden-sets';

interface PrdValues {
  readonly eval_bins_fake: number[];
  readonly ref_bins_real: number[];
  readonly precision_every_100: number[];
  readonly recall_every_100: number[];
  readonly 'F8_F1/8': [number, number];
  readonly F1_pair: [number, number];
}

function shares(samples: Matrix, centers: Matrix): number[] {
  const counts = Array<number>(centers.rows).fill(0);
  for (const label of compute(nearestCenters(samples, centers), defaultProduct)) counts[label]++;
  return counts.map((count) => count / samples.rows);
}

function expectReferenceValues({ samples, golden, array }: GoldenSet) {
  const section = golden.prd as PrdValues | { given_centres: PrdValues };
  const values = 'given_centres' in section ? section.given_centres : section;
  const centers = array('prd_centres');
  const histograms = {
    real: shares(samples.real, centers),
    generated: shares(samples.generated, centers),
  };
  expect(histograms.real).toEqual(values.ref_bins_real);
  expect(histograms.generated).toEqual(values.eval_bins_fake);
  const curve = prdFromHistograms(histograms);
  values.precision_every_100.forEach((precision, at) => {
    expect(curve.precision[at * 100]).toBeCloseTo(precision, 12);
    expect(curve.recall[at * 100]).toBeCloseTo(values.recall_every_100[at], 12);
  });
  expect(largestF(curve, 8)).toBeCloseTo(values['F8_F1/8'][0], 12);
  expect(largestF(curve, 1 / 8)).toBeCloseTo(values['F8_F1/8'][1], 12);
  expect(largestF(curve, 1)).toBeCloseTo(values.F1_pair[0], 12);
}

describe('the precision-recall curve of given clusters is that of the reference tool', () => {
  it.each(FIXTURES.filter((name) => name !== 'unequal'))('on %s', (name) =>
    expectReferenceValues(fixture(name)),
  );
});

describe.skipIf(!hasReference)(
  'the precision-recall curve is that of the reference tool (reference folder needed)',
  () => {
    it.each(REFERENCES)('on %s', (name) => {
      const set = referenceSet(name);
      expectReferenceValues(set);
      const section = set.golden.prd as {
        from_embedding_random_kmeans: { 'F8_F1/8_by_run': [number, number][] };
      };
      const runs = section.from_embedding_random_kmeans['F8_F1/8_by_run'];
      const found = prdCurve(set.samples, { runs: 3 });
      for (const [at, value] of [found.f8, found.fEighth].entries()) {
        const values = runs.map((run) => run[at]);
        expect(value).toBeGreaterThan(Math.min(...values) - 0.02);
        expect(value).toBeLessThan(Math.max(...values) + 0.02);
      }
    });
  },
);

describe('prdCurve', () => {
  it('is close to 1 for samples of one distribution, and 0 for sets apart', () => {
    const real = bell(400, 4);
    const same = prdCurve({ real, generated: bell(400, 4, { seed: 2 }) }, { runs: 2 });
    expect(Math.min(same.f8, same.fEighth)).toBeGreaterThan(0.9);
    const apart = prdCurve({ real, generated: bell(400, 4, { seed: 2, shift: 50 }) }, { runs: 2 });
    expect(Math.max(apart.f8, apart.fEighth)).toBeLessThan(1e-6);
  });

  it('loses recall, not precision, where the generator collapses', () => {
    const real = bell(400, 4);
    const half = bell(400, 4, { seed: 2 });
    const collapsed = {
      ...half,
      data: half.data.map((value, at) => (at % 4 === 0 ? Math.abs(value) : value)),
    };
    const { f8, fEighth } = prdCurve({ real, generated: collapsed }, { runs: 3 });
    expect(fEighth).toBeGreaterThan(0.85);
    expect(f8).toBeLessThan(fEighth - 0.15);
  });

  it('is the same for the same seed, and repeats its options', () => {
    const samples = { real: bell(60, 3), generated: bell(50, 3, { seed: 2 }) };
    const options = { clusters: 5, angles: 11, runs: 2, seed: 4 };
    const found = prdCurve(samples, options);
    expect(prdCurve(samples, options)).toEqual(found);
    expect(found).toMatchObject({ clusters: 5, runs: 2, seed: 4, n: { real: 60, generated: 50 } });
    expect(found.precision.length).toBe(11);
    expect(found.warnings.map(({ code }) => code)).toEqual(['SAMPLE_SIZES_DIFFER']);
  });

  it('refuses options that it cannot take', () => {
    const samples = { real: bell(6, 2), generated: bell(5, 2) };
    expect(() => prdCurve(samples, { clusters: 12 })).toThrow('from 1 to 11');
    expect(() => prdCurve(samples, { clusters: 2, runs: 0 })).toThrow('runs');
    expect(() => prdCurve(samples, { clusters: 2, angles: -1 })).toThrow('angles');
  });
});

describe('prdFromHistograms', () => {
  it('is 1 − total variation where precision equals recall', () => {
    const { precision, recall } = prdFromHistograms(
      { real: [0.5, 0.5, 0], generated: [0.2, 0.4, 0.4] },
      { angles: 1001 },
    );
    expect(precision[500]).toBeCloseTo(0.6, 12);
    expect(recall[500]).toBeCloseTo(0.6, 12);
  });

  it('refuses what is no pair of histograms', () => {
    expect(() => prdFromHistograms({ real: [1], generated: [0.5, 0.5] })).toThrow('1 bins');
    expect(() => prdFromHistograms({ real: [0.5, 0.4], generated: [0.5, 0.5] })).toThrow('sum to 1');
    expect(() => prdFromHistograms({ real: [2, -1], generated: [0.5, 0.5] })).toThrow('at least 0');
  });
});
