import { findBackend } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { selectRuntime } from '../../src/runtimes/select';
import { randomValues } from '../runtimes/random-tensors';
import { PIXELS, residualNetwork } from '../runtimes/small-networks';
import { withoutWebGpu } from '../runtimes/webgpu';

const missing = await withoutWebGpu();

// In a file of its own: the device is gone for the rest of the process.
test.skipIf(missing)(
  'a lost device is an error that says so, in the run it happens in and after',
  async () => {
    const { runtime } = await selectRuntime({ runtime: 'tfjs', device: 'webgpu' });
    const network = await runtime.open(residualNetwork(), ['features']);
    const batch = randomValues(2 * PIXELS, 3);
    await network.run(batch, 2);
    const lost = {
      code: 'RUNTIME_FAILED',
      message: expect.stringContaining('run again'),
      details: { reason: 'device-lost' },
    };
    const running = network.run(batch, 2);
    (findBackend('webgpu') as unknown as { device: { destroy(): void } }).device.destroy();
    await expect(running).rejects.toMatchObject(lost);
    await expect(network.run(batch, 2)).rejects.toMatchObject(lost);
  },
);
