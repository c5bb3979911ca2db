import { invalidOption } from '../errors';
import type { Device, DeviceChoice, Runtime, RuntimeName } from './runtime';
import type { TfNamespace } from './tf-namespace';
import { initialiseBackend, tfjsRuntime } from './tfjs';
import { restoreUtil } from './tfjs-builds';

/** Backends of tfjs that mean a device, the best first. */
const BACKENDS: Record<Exclude<DeviceChoice, 'auto'>, readonly string[]> = {
  cpu: ['tensorflow', 'wasm', 'cpu'],
  webgpu: ['webgpu'],
  cuda: ['tensorflow'],
  gpu: ['webgpu', 'tensorflow'],
};

/**
 * A runtime on a tfjs build that the caller loaded. It runs in this thread, because a build cannot be handed
 * to a worker.
 *
 * @throws INVALID_OPTION where another runtime is named, or the build lacks a backend for the device
 */
export async function givenRuntime(
  tf: TfNamespace,
  { runtime, device }: { runtime: 'auto' | RuntimeName; device: DeviceChoice },
): Promise<Runtime> {
  if (runtime === 'onnxruntime') throw invalidOption('runtime', 'auto or tfjs, as tf is given,', runtime);
  if (tf.getBackend() === 'tensorflow') restoreUtil();
  await tf.ready();
  const backend = device === 'auto' ? tf.getBackend() : await backendFor(tf, device);
  if (backend === undefined) throw invalidOption('device', 'one that the given tf has a backend for', device);
  return tfjsRuntime({
    name: runtime === 'auto' ? 'tfjs' : runtime,
    device: device === 'auto' || device === 'gpu' ? deviceOf(tf, backend) : device,
    engine: `tfjs ${tf.version_core ?? ''} ${backend}`.replace('  ', ' '),
    threading: 'all',
    load: async () => ({ tf, backend }),
  });
}

async function backendFor(
  tf: TfNamespace,
  device: Exclude<DeviceChoice, 'auto'>,
): Promise<string | undefined> {
  // The TensorFlow library goes on without a GPU.
  const fits = (backend: string) => device === 'cpu' || deviceOf(tf, backend) !== 'cpu';
  const current = tf.getBackend();
  if (BACKENDS[device].includes(current) && fits(current)) return current;
  for (const backend of BACKENDS[device]) {
    if ((await initialiseBackend(tf, backend)) && fits(backend)) return backend;
  }
  return undefined;
}

function deviceOf(tf: TfNamespace, backend: string): Device {
  if (backend === 'tensorflow') {
    const { isUsingGpuDevice } = tf.findBackend(backend) as { isUsingGpuDevice?: boolean };
    return isUsingGpuDevice ? 'cuda' : 'cpu';
  }
  return backend === 'webgpu' ? 'webgpu' : 'cpu';
}
