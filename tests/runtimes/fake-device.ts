import { GanMetricsError } from '../../src/errors';
import { runFailure } from '../../src/runtimes/failure-reason';
import type { Network, Runtime } from '../../src/runtimes/runtime';

/** How a device behaves that is not there. */
export interface FakeDevice {
  /** Images that it has memory for. */
  readonly most?: number;
  /** Images that it runs before it is lost. */
  readonly lostAfter?: number;
  /** Told the size of every batch that ran. */
  readonly onRun?: (count: number) => void;
}

/** A network that fails as GPUs do, and otherwise computes what `network` does. */
export function onFakeDevice(
  network: Network,
  { most = Number.POSITIVE_INFINITY, lostAfter = Number.POSITIVE_INFINITY, onRun }: FakeDevice,
): Network {
  let ran = 0;
  return {
    async run(batch, count) {
      if (ran + count > lostAfter) throw runFailure('engine could not run', 'Device was lost: it was reset.');
      if (count > most) throw runFailure('engine could not run', 'CUDA failure 2: out of memory');
      ran += count;
      onRun?.(count);
      return network.run(batch, count);
    },
    dispose: network.dispose,
  };
}

/** A runtime on a GPU that is not there, in this thread. */
export function fakeGpu(runtime: Runtime, device: FakeDevice): Runtime {
  return {
    name: runtime.name,
    engine: runtime.engine,
    device: 'webgpu',
    threading: 'all',
    open: async (model, outputs) => onFakeDevice(await runtime.open(model, outputs), device),
  };
}

/** A network whose one output is the sum of each image; images have two values. */
export function sums(): Network {
  return {
    async run(batch, count) {
      if (batch.length !== count * 2) throw new GanMetricsError('SHAPE_MISMATCH', 'wrong batch');
      return { sum: Float32Array.from({ length: count }, (_, i) => batch[2 * i] + batch[2 * i + 1]) };
    },
    async dispose() {},
  };
}
