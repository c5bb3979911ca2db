import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Matrix } from '../../src/math/matrix';
import { featureStatistics } from '../../src/math/statistics';
import { openMeasuring } from '../../src/measuring/open-measuring';
import type { Metric, Samples } from '../../src/metrics/metric';
import { type MetricId, metrics } from '../../src/metrics/registry';
import * as entries from '../../src/worker-entry';
import { randomValues } from '../runtimes/random-tensors';

afterEach(() => {
  vi.restoreAllMocks();
});

const options = {
  settings: {},
  n: { real: 500, generated: 500 },
  label: 'label',
  compat: undefined,
  confidence: undefined,
  floor: false,
  seed: 0,
  threads: 1,
};

function features(rows: number, columns: number, seed: number): Matrix<Float32Array> {
  const data = new Float32Array(new SharedArrayBuffer(rows * columns * 4));
  data.set(randomValues(rows * columns, seed));
  return { rows, columns, data };
}

/** 1.6 MB of them, which are measured on a thread, unless told otherwise. */
function samples(rows = 500, columns = 400): Samples {
  const [real, generated] = [1, 2].map((seed) => {
    const rowsOfSet = features(rows, columns, seed);
    return { features: rowsOfSet, statistics: featureStatistics(rowsOfSet) };
  });
  return { real, generated } as Samples;
}

async function measured(given: Samples, id: MetricId, own: Partial<typeof options> = {}) {
  const measuring = openMeasuring(given, undefined);
  try {
    return await measuring.measure(id, { ...options, ...own });
  } finally {
    await measuring.close();
  }
}

describe('metrics of large samples', () => {
  it.each([
    ['fid', {}],
    ['kid', { subsets: 20, subsetSize: 100 }],
    ['prdc', { neighbors: 3 }],
    ['vendi', { q: 2 }],
    ['fid-infinity', {}],
  ] as const)('%s is what it is on this thread, to the last bit', async (id, settings) => {
    const given = samples();
    const { result } = await measured(given, id, { settings });
    const { warnings: _, ...expected } = (metrics[id] as unknown as Metric).compute(given, settings);
    expect(result).toMatchObject({ metric: 'label', ...expected });
  });

  it('come from a thread, those of small ones from this', async () => {
    const entry = vi.spyOn(entries, 'workerEntry');
    await measured(samples(40, 30), 'kid');
    expect(entry).not.toHaveBeenCalled();
    await measured(samples(), 'kid');
    expect(entry).toHaveBeenCalledOnce();
  });

  it('leave this thread free, which can stop them', async () => {
    const controller = new AbortController();
    const measuring = openMeasuring(samples(1500, 900), controller.signal);
    const stopped = measuring.measure('fid-infinity', { ...options, confidence: 0.95 });
    // Were this thread taken, the timer would come when all is computed.
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    await measuring.close();
  });

  it('are not begun for a signal that is aborted already', async () => {
    const measuring = openMeasuring(samples(), AbortSignal.abort());
    await expect(measuring.measure('kid', options)).rejects.toMatchObject({ code: 'ABORTED' });
    await measuring.close();
  });

  it('give why they are not defined, with its code and details', async () => {
    const given = samples();
    given.generated.features.data.fill(0, 800, 1200);
    const { result, error } = await measured(given, 'vendi');
    expect(result).toBeUndefined();
    expect(error).toMatchObject({ name: 'GanMetricsError', code: 'ZERO_ROW', details: { row: 2 } });
  });

  it('are computed here where their options cannot be handed to a thread', async () => {
    const settings = { subsets: 3, subsetSize: 20, own: () => 1 };
    const { result } = await measured(samples(), 'kid', { settings });
    expect(result).toMatchObject({ value: metrics.kid.compute(samples(), settings).value });
  });

  it.each([
    ['ends', 'process.exit(3)', /exit code 3/],
    ['cannot start', 'throw new Error("no such thing")', /no such thing/],
  ])('say so where their thread %s', async (_, script, message) => {
    vi.spyOn(entries, 'workerEntry').mockReturnValue(new URL(`data:text/javascript,${script}`));
    const measuring = openMeasuring(samples(), undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (let i = 0; i < 2; i++) {
      await expect(measuring.measure('kid', options)).rejects.toMatchObject({
        code: 'RUNTIME_FAILED',
        message: expect.stringMatching(message),
      });
    }
    await measuring.close();
  });
});
