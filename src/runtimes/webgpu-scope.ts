import type { GanMetricsError } from '../errors';
import { runFailure } from './failure-reason';

interface GpuError {
  readonly message: string;
}

interface GpuDevice {
  readonly lost: Promise<{ readonly reason?: string; readonly message: string }>;
  pushErrorScope(filter: string): void;
  popErrorScope(): Promise<GpuError | null>;
}

/** What is used of tfjs' WebGPU backend. */
interface WebgpuBackend {
  readonly device?: GpuDevice;
  readonly bufferManager?: {
    freeBuffers?: Map<string, { destroy(): void }[]>;
    numFreeBuffers?: number;
  };
}

/** Notices what a backend of tfjs keeps to itself. */
export interface ErrorScope {
  /** Does work on the device, from start to end at once. */
  run<T>(work: () => T): { readonly value: T; readonly check: () => Promise<void> };
  /** Takes back what the backend keeps for later, where memory has turned out scarce or some of it is no memory. */
  dropFreeMemory(): void;
}

/**
 * WebGPU reports errors beside the calls that make them, and tfjs does not listen: a run without memory, or on a lost
 * device, gives zeros.
 *
 * @param backend  tfjs' WebGPU backend; undefined where it is another one, and there is nothing to notice
 * @param engine  for messages
 */
export function errorScope(backend: unknown, engine: string): ErrorScope {
  const { device, bufferManager } = (backend ?? {}) as WebgpuBackend;
  if (!device) return NO_SCOPE;
  let lost: GanMetricsError | undefined;
  void device.lost.then(({ message }) => {
    lost = runFailure(`${engine} stopped`, `the device was lost: ${message || 'no reason is given'}.`);
  });
  return {
    run(work) {
      for (const filter of FILTERS) device.pushErrorScope(filter);
      let popped: Promise<(GpuError | null)[]> = Promise.resolve([]);
      try {
        const value = work();
        return { value, check };
      } finally {
        popped = Promise.all(FILTERS.map(() => device.popErrorScope().catch(() => null)));
      }

      async function check(): Promise<void> {
        const errors = await popped;
        if (lost) throw lost;
        // The first to be pushed is the last to be popped; the error of memory says more than what follows from it.
        const error = errors.reverse().find((each) => each !== null);
        if (error) throw runFailure(`${engine} could not use the device`, error.message);
      }
    },
    dropFreeMemory() {
      for (const buffers of bufferManager?.freeBuffers?.values() ?? []) {
        for (const buffer of buffers) buffer.destroy();
        if (bufferManager?.numFreeBuffers) bufferManager.numFreeBuffers -= buffers.length;
        buffers.length = 0;
      }
    },
  };
}

const FILTERS = ['out-of-memory', 'validation', 'internal'] as const;

const NO_SCOPE: ErrorScope = {
  run: (work) => ({ value: work(), check: async () => {} }),
  dropFreeMemory() {},
};
