import { describe, expect, it } from 'vitest';
import { compute } from '../../src/math/computation';
import { defaultProduct } from '../../src/math/default-product';
import type { Matrix } from '../../src/math/matrix';
import { createRandom } from '../../src/math/random';
import { featureStatistics } from '../../src/math/statistics';
import { type Metric, metrics, type Sample } from '../../src/metrics';
import { compareEstimates, type NumberComparison } from '../../src/metrics/compare-estimates';
import { type Population, population } from './gaussian-population';

const DIMENSIONS = 4;
const SAMPLES = 60;

const real = population(DIMENSIONS, { seed: 1 });
const shifted = (shift: number) => population(DIMENSIONS, { seed: 2, shift });

const sampleOf = (features: Matrix) =>
  ({ features, statistics: featureStatistics(features) }) as unknown as Sample;

/** Comparisons of fresh samples of these populations, with fresh real ones. */
function repeated(
  metric: Metric,
  populations: Readonly<Record<string, Population>>,
  { times, seed, adjust = 'holm' }: { times: number; seed: number; adjust?: 'holm' | 'none' },
): NumberComparison[] {
  const random = createRandom(seed);
  return Array.from({ length: times }, () => {
    const reference = sampleOf(real.draw(SAMPLES, random));
    const sets = Object.entries(populations).map(([name, { draw }]) => {
      const samples = { real: reference, generated: sampleOf(draw(SAMPLES, random)) };
      return [name, compute(metric.difference!.estimate(samples), defaultProduct)];
    });
    return compareEstimates(Object.fromEntries(sets), metric, { confidence: 0.95, adjust }).value;
  });
}

const decided = ({ differences }: NumberComparison) =>
  differences.filter(({ verdict }) => verdict !== 'undecided').length;

describe.each([metrics.fid, metrics.kid] as unknown as Metric[])('verdicts by $id, simulated', (metric) => {
  const equal = { a: shifted(2), b: shifted(2), c: shifted(2), d: shifted(2) };

  it('are false of equal generators as often as they may be: together with Holm, one by one without', () => {
    const runs = repeated(metric, equal, { times: 60, seed: 5 });
    // Of 60 at 5 % more than 8 have a probability of 0.5 %.
    expect(runs.filter((run) => decided(run) > 0).length).toBeLessThanOrEqual(8);
    const alone = runs.flatMap(({ differences }) => differences.map(({ p }) => p.value <= 0.05));
    const share = alone.filter(Boolean).length / alone.length;
    // 360 pairs, six of each run dependent: 5 % to about 1.7 %.
    expect(share).toBeLessThan(0.095);
    expect(share).toBeGreaterThan(0.01);
    // Without adjustment one of six false ones is what must be expected in every fifth run.
    const anyAlone = runs.filter(({ differences }) => differences.some(({ p }) => p.value <= 0.05));
    expect(anyAlone.length).toBeGreaterThan(8);
  });

  it('are false less often still of generators that equal the real distribution', () => {
    const runs = repeated(metric, { a: real, b: real, c: real }, { times: 30, seed: 7, adjust: 'none' });
    expect(runs.filter((run) => decided(run) > 0)).toHaveLength(0);
  });

  it('find a shift of 2.6 for worse than one of 2 in nearly all of 40 runs, and never take it for better', () => {
    const runs = repeated(metric, { near: shifted(2), far: shifted(2.6) }, { times: 40, seed: 9 });
    expect(runs.filter(({ winner }) => winner === 'far')).toHaveLength(0);
    // 95 % of 100 runs in a longer simulation: fewer than 33 of 40 have a probability of 0.3 %.
    expect(runs.filter(({ winner }) => winner === 'near').length).toBeGreaterThanOrEqual(33);
  });
});

describe('compareEstimates', () => {
  const random = createRandom(3);
  const samples = {
    real: sampleOf(real.draw(SAMPLES, random)),
    generated: sampleOf(shifted(1).draw(SAMPLES, random)),
  };
  const metric = metrics.fid as unknown as Metric;
  const estimates = compute(metric.difference!.estimate(samples), defaultProduct);

  it('has values of sets of which only those are known, and no ranks then', () => {
    const { value } = compareEstimates({ a: estimates, b: { value: 3 } }, metric, {
      confidence: 0.9,
      adjust: 'holm',
    });
    expect(value).toMatchObject({ better: 'lower', differences: [], ranks: null, winner: null });
    expect(value.values.b).toEqual({ value: 3, interval: null });
    expect(value.values.a.value).toBe(estimates.numbers.value.value);
    expect(value.values.a.interval).toMatchObject({ confidence: 0.9, method: 'influence function' });
  });

  it('cuts intervals where the number cannot be', () => {
    const near = { real: samples.real, generated: samples.real };
    const { value } = compareEstimates(
      { a: estimates, b: compute(metric.difference!.estimate(near), defaultProduct) },
      metric,
      { confidence: 0.95, adjust: 'none' },
    );
    expect(value.values.b.interval!.low).toBe(0);
    expect(value.winner).toBe('b');
  });
});
