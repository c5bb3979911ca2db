import path from 'node:path';
import util from 'node:util';
import { GanMetricsError } from '../errors';
import { requireGpuAdapter } from './navigator-gpu';
import { importPackage, type Package } from './packages';
import type { TfNamespace } from './tf-namespace';
import { initialiseBackend, type TfBuild } from './tfjs';

/** tfjs on WebAssembly: comes with this package and runs everywhere, on one thread. */
export async function loadTfjsWasm(wasm: Package): Promise<TfBuild> {
  const tf = await loadCore();
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // Its default is the folder of the script, which a bundle changes; and only before it is up can it be told.
  if (!tf.findBackend('wasm')) setWasmPaths(path.join(wasm.folder, 'dist') + path.sep);
  return keepingListeners(() => requireBackend(tf, 'wasm', 'it needs WebAssembly'));
}

/** tfjs on a GPU through WebGPU, of `navigator.gpu` or the package that brings it to Node. */
export async function loadTfjsWebgpu(webgpu: Package): Promise<TfBuild> {
  // First: the backend enters itself when it is loaded, and only where it sees a GPU.
  await requireGpuAdapter();
  const tf = await loadCore();
  await importPackage(webgpu);
  return requireBackend(tf, 'webgpu', 'its device could not be opened');
}

/** tfjs on the TensorFlow library, on CPUs or CUDA. */
export async function loadTfjsNode(installed: Package): Promise<TfBuild> {
  restoreUtil();
  const module = await importPackage<TfNamespace & { default?: TfNamespace }>(installed);
  const tf = module.default ?? module;
  return requireBackend(tf, 'tensorflow', 'the TensorFlow library did not start');
}

/**
 * Gives back to `node:util` what tfjs-node 4.22 calls in almost every operation: `isNullOrUndefined`, which Node removed in
 * version 23, and `isArray`, which is deprecated and may follow. Nothing is replaced.
 */
export function restoreUtil(): void {
  const legacy: { isNullOrUndefined?: unknown; isArray?: unknown } = util;
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray ??= Array.isArray;
}

async function loadCore(): Promise<TfNamespace> {
  const [core, converter] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-converter'),
  ]);
  return { ...core, loadGraphModelSync: converter.loadGraphModelSync } as unknown as TfNamespace;
}

/**
 * Takes back what the compiled module does to the process when it starts: it listens for uncaught errors and
 * throws them again, which changes how a program ends.
 */
async function keepingListeners<T>(work: () => Promise<T>): Promise<T> {
  const events: NodeJS.EventEmitter = process;
  const before = LISTENED.map((event) => events.listeners(event));
  try {
    return await work();
  } finally {
    for (const [i, event] of LISTENED.entries()) {
      for (const listener of events.listeners(event)) {
        // Someone else may have started to listen meanwhile; the module's own are told by what they do.
        const its = !before[i].includes(listener) && /ExitStatus|throw reason/.test(String(listener));
        if (its) events.off(event, listener as () => void);
      }
    }
  }
}

const LISTENED = ['uncaughtException', 'unhandledRejection'] as const;

async function requireBackend(tf: TfNamespace, backend: string, reason: string): Promise<TfBuild> {
  if (await initialiseBackend(tf, backend)) return { tf, backend };
  throw new GanMetricsError(
    'RUNTIME_MISSING',
    `The ${backend} backend of tfjs cannot be used here: ${reason}.`,
  );
}
