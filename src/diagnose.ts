import { availableParallelism, totalmem } from 'node:os';
import { EMBEDDED_MODELS, findModel } from './models/find-model';
import { cacheFolder } from './models/store/cache-folder';
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
  readonly models: readonly { readonly id: string; readonly sha256: string; readonly where: 'embedded' }[];
  readonly cacheFolder: string;
}

/** Looks at versions, runtimes, devices, cache and models; loads no engine. */
export async function diagnose(): Promise<Diagnosis> {
  const models = await Promise.all(EMBEDDED_MODELS.map((id) => findModel(id)));
  return {
    version,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    images: await imageVersions(),
    runtimes: listRuntimes(),
    models: models.map(({ id, sha256 }) => ({ id, sha256, where: 'embedded' })),
    cacheFolder: cacheFolder(),
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
