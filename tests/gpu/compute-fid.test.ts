import { beforeAll, describe, expect, it } from 'vitest';
import { computeFID } from '../../src/compute-metric';
import { extractFeatures } from '../../src/extract-features';
import { findImages } from '../../src/images/find-images';
import { noise } from '../images/pixels';
import { projectFile } from '../reference';
import { relativeDifference } from '../runtimes/contract';
import { withoutWebGpu } from '../runtimes/webgpu';

const missing = await withoutWebGpu();

// A driver in software takes a second an image, and more on a busy machine.
describe.skipIf(missing)(`a metric on a GPU${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  const onCpu = { model: 'cifar10-resnet', workers: 1, device: 'cpu' } as const;
  let real: string[];
  let generated: string[];
  let expected: Awaited<ReturnType<typeof computeFID>>;
  beforeAll(async () => {
    const some = async (name: string) =>
      (await findImages(projectFile('fixtures', name))).slice(0, 5).map((file) => file.path);
    [real, generated] = [await some('real'), await some('fake')];
    expected = await computeFID(real, generated, onCpu);
  });

  describe.each(['onnxruntime', 'tfjs'] as const)('by %s', (runtime) => {
    // Three batches of a set, the last one smaller: two are on the device at a time.
    const onGpu = { ...onCpu, runtime, device: 'gpu', batchSize: 2 } as const;

    it('is the one of the CPU, and says what it ran on', async () => {
      const found = await computeFID(real, generated, onGpu);
      // Features differ by 1e-5 at most, and the covariance of few images is singular: its root halves the digits.
      expect(Math.abs(found.value / expected.value - 1)).toBeLessThan(1e-4);
      expect(found.runtime).toMatchObject({ name: runtime, device: 'webgpu' });
      expect(found.warnings).toEqual(expected.warnings);
    });

    it('comes from the features of the CPU, in the order of the files', async () => {
      const some = real.slice(0, 3);
      const ofCpu = await extractFeatures(some, onCpu);
      const found = await extractFeatures(some, { ...onGpu, batchSize: 1 });
      expect(relativeDifference(found.outputs.features.data, ofCpu.outputs.features.data)).toBeLessThan(1e-5);
      expect(found.files).toEqual(ofCpu.files);
    });
  });

  it.each(['clean', 'pytorch'] as const)(
    'resizes images of one size by itself (%s)',
    async (preprocessing) => {
      const images = [0, 1].map((seed) => noise({ width: 40, height: 24 }, seed));
      const ofCpu = await extractFeatures(images, { ...onCpu, preprocessing });
      const found = await extractFeatures(images, { ...onCpu, device: 'gpu', preprocessing });
      expect(relativeDifference(found.outputs.features.data, ofCpu.outputs.features.data)).toBeLessThan(1e-5);
    },
  );

  it('without a runtime named, takes the first GPU that works', async () => {
    const notes: string[] = [];
    const onNote = (note: string) => notes.push(note);
    const { outputs, runtime } = await extractFeatures(real.slice(0, 2), { ...onCpu, device: 'gpu', onNote });
    expect(outputs.features.rows).toBe(2);
    expect(runtime.device).not.toBe('cpu');
    expect(notes[0]).toBe(`Running on ${runtime.engine} (${runtime.device}).`);
  });
});
