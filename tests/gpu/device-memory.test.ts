import { findBackend } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { graphBuilder } from '../../src/models/graph-builder';
import type { GraphModel } from '../../src/models/model';
import { fitBatches } from '../../src/runtimes/fit-batches';
import { requireGpuAdapter } from '../../src/runtimes/navigator-gpu';
import { selectRuntime } from '../../src/runtimes/select';
import { relativeDifference } from '../runtimes/contract';
import { onPlainTfjs } from '../runtimes/plain-tfjs';
import { randomTensor, randomValues } from '../runtimes/random-tensors';
import { withoutWebGpu } from '../runtimes/webgpu';

const missing = await withoutWebGpu();
const software = missing ? undefined : (await requireGpuAdapter()).info?.isFallbackAdapter;

describe.skipIf(missing)(`memory of a GPU${missing ? ` (${missing})` : ''}`, () => {
  describe('by tfjs', () => {
    const model = wideNetwork({ side: 16, channels: 16 });
    const count = 16;
    const batch = randomValues(count * 16 * 16 * 3, 7);
    const expected = onPlainTfjs(model, { node: 'features', batch, count }).values;
    // The map of an image is 16 × 16 × 16 values of 4 bytes: four of them fit.
    const room = 4 * 2 ** 14;

    afterEach(() => restore?.());

    test.each([
      ['beyond what a buffer may be', 2 ** 50],
      ['beyond what there is', 2 ** 30],
    ])('a batch %s is an error, not a batch of zeros', async (_, instead) => {
      const network = await openOnTfjs(model);
      giveOnly(room, instead);
      await expect(network.run(batch, count)).rejects.toMatchObject({
        code: 'RUNTIME_FAILED',
        details: { reason: 'out-of-memory' },
      });
      await network.dispose();
    });

    test('a batch that does not fit is halved until it does, and gives the same', async () => {
      const network = fitBatches(await openOnTfjs(model));
      giveOnly(room, 2 ** 50);
      for (let i = 0; i < 2; i++) {
        const { features } = await network.run(batch, count);
        expect(relativeDifference(features, expected)).toBeLessThan(1e-5);
      }
      expect(network.cut).toEqual({ from: count, to: 4 });
      await network.dispose();
    });

    test('what was refused once is not taken for memory later', async () => {
      const network = await openOnTfjs(model);
      giveOnly(room, 2 ** 50);
      await expect(network.run(batch, count)).rejects.toMatchObject({ code: 'RUNTIME_FAILED' });
      restore?.();
      const { features } = await network.run(batch, count);
      expect(relativeDifference(features, expected)).toBeLessThan(1e-5);
      await network.dispose();
    });
  });

  // A driver in software has little memory; of a card this would take all.
  test.skipIf(!software)(
    'by onnxruntime, a batch that does not fit is an error of its own kind',
    async () => {
      const model = wideNetwork({ side: 256, channels: 64 });
      const { runtime } = await selectRuntime({ runtime: 'onnxruntime', device: 'webgpu' });
      const network = await runtime.open(model, ['features']);
      const values = 256 * 256 * 3;
      const [count, few] = [130, 1];
      const refusal = { code: 'RUNTIME_FAILED', details: { reason: 'out-of-memory' } };
      await expect(network.run(new Float32Array(count * values), count)).rejects.toMatchObject(refusal);
      const batch = randomValues(few * values, 3);
      const { features } = await network.run(batch, few);
      const expected = onPlainTfjs(model, { node: 'features', batch, count: few }).values;
      expect(relativeDifference(features, expected)).toBeLessThan(1e-5);
      await network.dispose();
    },
  );
});

async function openOnTfjs(model: GraphModel) {
  return (await selectRuntime({ runtime: 'tfjs', device: 'webgpu' })).runtime.open(model, ['features']);
}

let restore: (() => void) | undefined;

/** Lets the device refuse buffers above `room` as it does of itself, by asking it for `instead` bytes in their place. */
function giveOnly(room: number, instead: number): void {
  const { device } = findBackend('webgpu') as unknown as { device: Device };
  const createBuffer = device.createBuffer;
  device.createBuffer = (descriptor) => {
    if (descriptor.size <= room) return createBuffer.call(device, descriptor);
    const refused = createBuffer.call(device, { ...descriptor, size: instead });
    // tfjs files buffers under their sizes.
    return Object.defineProperty(refused, 'size', { value: descriptor.size });
  };
  restore = () => {
    device.createBuffer = createBuffer;
  };
}

interface Device {
  createBuffer(descriptor: { size: number }): object;
}

/** A wide layer whose map is the largest part of it. */
function wideNetwork({ side, channels }: { side: number; channels: number }): GraphModel {
  const builder = graphBuilder();
  const images = builder.input('images', { width: side, height: side });
  const wide = builder.conv2d('wide', images, {
    kernel: randomTensor([1, 1, 3, channels], 1),
    bias: randomValues(channels, 2),
    activation: 'relu',
  });
  builder.mean('features', wide);
  return {
    id: 'wide',
    sha256: '0'.repeat(64),
    graph: builder.build(),
    input: { node: 'images', width: side, height: side },
    preprocessing: 'clean',
    outputs: { features: { node: 'features', size: channels } },
  };
}
