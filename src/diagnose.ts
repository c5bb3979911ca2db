import { availableParallelism, totalmem } from 'node:os';
import { EMBEDDED_MODELS, findModel } from './models/find-model';
import { modelStore } from './models/model-store';
import type { StoredModel } from './models/store/stored-model';
import { findGpu, type GpuFinding } from './runtimes/find-gpu';
import { listRuntimes, type RuntimeInfo } from './runtimes/select';
import { version } from './version';

/** What is on this machine, as far as results and speed depend on it. */
export interface Diagnosis {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** sharp and the libvips inside it; an error message where it does not load. */
  readonly images: { readonly sharp: string; readonly libvips: string } | { readonly error: string };
  readonly runtimes: readonly RuntimeInfo[];
  /** What `device: 'gpu'` takes; null where it was not tried. */
  readonly gpu: GpuFinding | null;
  readonly embeddedModels: readonly { readonly id: string; readonly sha256: string }[];
  /** Models that can be downloaded, and whether they are in the cache. */
  readonly storedModels: readonly StoredModel[];
  readonly cacheFolder: string;
}

/**
 * Looks at versions, runtimes, devices, cache and models.
 *
 * @param options  gpu (false): try the GPUs, as what is installed does not tell whether there is one; without it no
 *   engine is loaded
 *
 * @example
 * import { diagnose } from 'gan-metrics';
 *
 * const { embeddedModels, runtimes } = await diagnose();
 * console.log(embeddedModels.map(({ id }) => id)); // [ 'cifar10-resnet' ]
 * console.log(runtimes.some(({ name }) => name === 'tfjs')); // true
 */
export async function diagnose({ gpu = false }: { gpu?: boolean } = {}): Promise<Diagnosis> {
  const store = modelStore();
  const embedded = await Promise.all(EMBEDDED_MODELS.map((id) => findModel(id)));
  return {
    version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    images: await imageVersions(),
    runtimes: listRuntimes(),
    gpu: gpu ? await findGpu() : null,
    embeddedModels: embedded.map(({ id, sha256 }) => ({ id, sha256 })),
    storedModels: await store.list(),
    cacheFolder: store.folder,
  };
}

async function imageVersions(): Promise<Diagnosis['images']> {
  try {
    const { versions } = (await import('sharp')).default;
    return { sharp: versions.sharp ?? 'unknown', libvips: versions.vips };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
