import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { createRandom } from '../../src/math/random';
import { featureStatistics } from '../../src/math/statistics';
import { fidInterval, frechetDistance } from '../../src/metrics';
import type { Sample } from '../../src/metrics/metric';
import { sfidMetric } from '../../src/metrics/sfid';
import { population } from './gaussian-population';

describe('sfid', () => {
  const random = createRandom(1);
  const [r, g] = [population(5, { seed: 1 }), population(5, { seed: 2, shift: 1 })];
  const [real, generated] = [r.draw(50, random), g.draw(40, random)].map((m) => featureStatistics(m));

  it('is the Fréchet distance of the spatial statistics, and asks for nothing else', () => {
    expect(sfidMetric.needs).toEqual(['spatialStatistics']);
    const result = sfidMetric.compute({
      real: { spatialStatistics: real },
      generated: { spatialStatistics: generated },
    });
    expect(result).toEqual(frechetDistance(real, generated));
  });

  it('of a set with itself is rounding', () => {
    const side = { spatialStatistics: real };
    expect(sfidMetric.compute({ real: side, generated: side }).value).toBeLessThan(1e-12);
  });

  it('has the interval of fid, of the spatial features', () => {
    const [x, y] = [r.draw(50, random), g.draw(40, random)];
    const sampleOf = (spatialFeatures: Matrix) =>
      ({ spatialFeatures, spatialStatistics: featureStatistics(spatialFeatures) }) as unknown as Sample;
    const { interval } = sfidMetric;
    if (!interval || !('compute' in interval)) throw new Error('Expected an interval of the samples.');
    const sets = { real: sampleOf(x), generated: sampleOf(y) };
    const { value } = interval.compute(sets, { confidence: 0.9 });
    const expected = fidInterval({ real: x, generated: y }, { confidence: 0.9 });
    expect(interval.needs).toEqual(['spatialFeatures']);
    expect(value.standardError).toBeCloseTo(expected.standardError, 9);
    expect(value.low).toBeCloseTo(expected.low, 9);
    expect(value.of).toBe(expected.of);
  });

  it('has a narrower interval where only statistics of the real images are known, and says so', () => {
    const x = g.draw(40, random);
    const { interval } = sfidMetric;
    if (!interval || !('compute' in interval)) throw new Error('Expected an interval of the samples.');
    const spatial = { spatialFeatures: x, spatialStatistics: featureStatistics(x) } as unknown as Sample;
    const fixed = { spatialStatistics: real } as unknown as Sample;
    const { value } = interval.compute({ real: fixed, generated: spatial }, { confidence: 0.95 });
    expect(value.of).toContain('taken as fixed');
    expect(value.standardError).toBeGreaterThan(0);
  });
});
