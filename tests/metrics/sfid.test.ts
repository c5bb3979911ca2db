import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random';
import { featureStatistics } from '../../src/math/statistics';
import { frechetDistance } from '../../src/metrics';
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
});
