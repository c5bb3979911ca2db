import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { computeFID } from '../../src/compute-metric';
import { extractFeatures } from '../../src/extract-features';
import { findImages } from '../../src/images/find-images';
import type { Runtime } from '../../src/runtimes/runtime';
import * as select from '../../src/runtimes/select';
import { projectFile } from '../reference';
import { type FakeDevice, fakeGpu } from '../runtimes/fake-device';

const options = { model: 'cifar10-resnet', workers: 1, batchSize: 16 } as const;

let runtime: Runtime;
let real: string[];
let generated: string[];

beforeAll(async () => {
  runtime = (await select.selectRuntime({ runtime: 'tfjs' })).runtime;
  const some = async (name: string) =>
    (await findImages(projectFile('fixtures', name))).slice(0, 40).map((file) => file.path);
  [real, generated] = [await some('real'), await some('fake')];
});
afterEach(() => {
  vi.restoreAllMocks();
});

function on(device: FakeDevice): void {
  vi.spyOn(select, 'selectRuntime').mockResolvedValue({ runtime: fakeGpu(runtime, device), notes: [] });
}

describe('a device without memory for a batch', () => {
  it('costs time and one warning, and moves no bit', async () => {
    const expected = await computeFID(real, generated, { ...options, runtime: 'tfjs' });
    on({ most: 5 });
    const found = await computeFID(real, generated, options);
    expect(found.value).toBe(expected.value);
    const codes = found.warnings.map(({ code }) => code);
    expect(codes.filter((code) => code === 'BATCH_HALVED')).toHaveLength(1);
    expect(found.warnings.find(({ code }) => code === 'BATCH_HALVED')!.message).toContain('--batch-size 4');
    expect(expected.warnings.map(({ code }) => code)).toEqual(
      codes.filter((code) => code !== 'BATCH_HALVED'),
    );
  });

  it('is told of with features too, and not where all fits', async () => {
    on({ most: 8 });
    const codes = async () => (await extractFeatures(real, options)).warnings.map(({ code }) => code);
    expect(await codes()).toEqual(['BATCH_HALVED']);
    on({ most: 16 });
    expect(await codes()).toEqual([]);
  });
});

describe('a device that is lost', () => {
  it('ends the run, and the error says how far it came and what to do', async () => {
    on({ lostAfter: 40 + 20 });
    await expect(computeFID(real, generated, options)).rejects.toMatchObject({
      code: 'RUNTIME_FAILED',
      message: expect.stringMatching(
        /Device was lost.*run again.* 16 of 40 images \(generated\) were done\.$/,
      ),
      details: { reason: 'device-lost', progress: { source: 'generated', done: 16, total: 40 } },
    });
  });
});
