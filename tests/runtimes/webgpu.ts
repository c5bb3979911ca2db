import { requireGpuAdapter } from '../../src/runtimes/navigator-gpu';

/** Why WebGPU cannot be used here: it takes the package `webgpu`, and a GPU or a Vulkan driver in software. */
export async function withoutWebGpu(): Promise<string | undefined> {
  return requireGpuAdapter().then(
    () => undefined,
    (error: Error) => error.message,
  );
}
