import { describe, expect, it } from 'vitest';
import { computeLogLikelihood, type LogLikelihoodOptions } from '../src/compute-log-likelihood';
import { GanMetricsError } from '../src/errors';
import { parzenLogLikelihood } from '../src/metrics/density/parzen-log-likelihood';
import { selectBandwidth } from '../src/metrics/density/select-bandwidth';
import { normalRows } from './metrics/density/normal-rows';
import { readMatrix } from './npy';
import { projectFile } from './reference';

const file = (name: string) => projectFile('fixtures', 'kde', name);
const [samples, test] = [readMatrix(file('d2_samples.npy')), readMatrix(file('d2_test.npy'))];

describe('computeLogLikelihood', () => {
  it('of files is parzenLogLikelihood of what they hold', async () => {
    const validation = { ...test, rows: 30, data: test.data.subarray(0, 60) };
    const result = await computeLogLikelihood(file('d2_samples.npy'), file('d2_test.npy'), {
      validation: `${file('d2_test.npy')}#[0:30]`,
    });
    expect(result).toEqual({ ...parzenLogLikelihood(samples, test, { validation }), method: 'validation' });
  });

  it.each(['loo', 'kfold', 'scott', 'silverman', 'isj'] as const)(
    'takes the bandwidth of %s',
    async (method) => {
      const result = await computeLogLikelihood(samples, test, { bandwidth: method, kernel: 'exponential' });
      const selected = selectBandwidth(samples, { method, kernel: 'exponential' });
      expect(result.bandwidth).toEqual(selected.bandwidth);
      expect(result.curve).toEqual(selected.curve);
      expect(result.value).toBe(
        parzenLogLikelihood(samples, test, { bandwidth: selected.bandwidth, kernel: 'exponential' }).value,
      );
    },
  );

  it('leaves one out where nothing else is said', async () => {
    expect((await computeLogLikelihood(samples, test)).method).toBe('loo');
  });

  it('has the same value by the fastest products as by its own', async () => {
    const [many, points] = [normalRows(1100, 500, 1), normalRows(1050, 500, 2)];
    const options = { bandwidth: 0.9 };
    const { value, standardError } = await computeLogLikelihood(many, points, { ...options, threads: 1 });
    const own = parzenLogLikelihood(many, points, options);
    expect(Math.abs(value / own.value - 1)).toBeLessThan(1e-12);
    expect(Math.abs(standardError! / own.standardError! - 1)).toBeLessThan(1e-10);
  });

  it('refuses options that the bandwidth leaves no use for', async () => {
    const code = (options: LogLikelihoodOptions) =>
      computeLogLikelihood(samples, test, options).then(
        () => 'no error',
        (error) => (error instanceof GanMetricsError ? error.code : error),
      );
    expect(await code({ bandwidth: 0.5, validation: test })).toBe('INVALID_OPTION');
    expect(await code({ bandwidth: 0.5, bandwidths: [1] })).toBe('INVALID_OPTION');
    expect(await code({ bandwidth: 0.5, shape: 'full' })).toBe('INVALID_OPTION');
    expect(await code({ bandwidth: 'validation' })).toBe('INVALID_OPTION');
    expect(await code({ bandwidth: 'loo', validation: test })).toBe('INVALID_OPTION');
    expect(await code({ bandwidth: 'scott', folds: 3 })).toBe('INVALID_OPTION');
  });
});
