import { GanMetricsError } from '../errors';
import type { Device, RuntimeName } from './runtime';
import { selectRuntime } from './select';

/** The GPU that `device: 'gpu'` takes here, or why there is none. */
export type GpuFinding =
  | {
      readonly runtime: { readonly name: RuntimeName; readonly device: Device; readonly engine: string };
      readonly notes: readonly string[];
    }
  | { readonly missing: string };

/** Tries every GPU there may be, the fastest first: this loads engines, and runs a small network on them. */
export async function findGpu(): Promise<GpuFinding> {
  try {
    const { runtime, notes } = await selectRuntime({ device: 'gpu' });
    const { name, device, engine } = runtime;
    return { runtime: { name, device, engine }, notes };
  } catch (error) {
    if (error instanceof GanMetricsError && error.code === 'RUNTIME_MISSING')
      return { missing: error.message };
    throw error;
  }
}
