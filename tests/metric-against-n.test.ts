import { describe, expect, it } from 'vitest';
import { createRandom } from '../src/math/random';
import { featureStatistics } from '../src/math/statistics';
import { metricAgainstN } from '../src/metric-against-n';
import type { Metric } from '../src/metrics/metric';
import { metrics } from '../src/metrics/registry';

function rows(n: number, { d = 4, shift = 0, seed }: { d?: number; shift?: number; seed: number }) {
  const random = createRandom(seed);
  const data = Float32Array.from({ length: n * d }, () => random.normal() + shift);
  return { features: { rows: n, columns: d, data } };
}

const samples = { real: rows(400, { seed: 1 }), generated: rows(400, { seed: 2, shift: 0.1 }) };
const metric = (id: keyof typeof metrics) => metrics[id] as unknown as Metric;

describe('metricAgainstN', () => {
  it('ends with the value of all images', async () => {
    const points = await metricAgainstN(metric('fid'), samples);
    const [real, generated] = [samples.real, samples.generated].map(({ features }) => ({
      statistics: featureStatistics(features),
    }));
    expect(points.map(({ n }) => n)).toEqual([50, 100, 200, 400]);
    expect(points[3].values.value).toBeCloseTo(metrics.fid.compute({ real, generated }).value, 10);
  });

  it('shows the bias of FID, and that of KID to be none', async () => {
    const [fid, kid] = await Promise.all(
      (['fid', 'kid'] as const).map((id) =>
        metricAgainstN(metric(id), samples, {
          sizes: [25, 400],
          settings: id === 'kid' ? { subsetSize: 25 } : {},
        }),
      ),
    );
    expect(fid[0].values.value).toBeGreaterThan(3 * fid[1].values.value);
    expect(Math.abs(kid[0].values.value - kid[1].values.value)).toBeLessThan(0.3);
  });

  it('is the same for the same seed, and another for another', async () => {
    const at = async (seed: number) =>
      (await metricAgainstN(metric('fid'), samples, { sizes: [100], seed }))[0].values.value;
    expect(await at(1)).toBe(await at(1));
    expect(await at(1)).not.toBe(await at(2));
  });

  it('leaves out numbers that are too few for the metric', async () => {
    const points = await metricAgainstN(metric('prdc'), samples, { sizes: [3, 50] });
    expect(points.map(({ n }) => n)).toEqual([50]);
    expect(Object.keys(points[0].values)).toEqual(Object.keys(metric('prdc').values));
  });

  it('refuses a metric whose needs do not follow from rows', async () => {
    await expect(metricAgainstN(metric('sfid'), samples)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
