import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readJson } from '../../files/atomic-file';
import type { PublishedModel } from './published-models';

/** One file of a converted model. */
export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What the cache says of a model: `manifest.json`, and with it the model, exists as a whole or not at all. */
export interface Manifest {
  readonly format: 1;
  readonly id: string;
  /** Name of the folder of the converted model, beside the manifest. */
  readonly folder: string;
  /** SHA-256 of `model.json` and the shards, in the order `model.json` names them: the model's identity. */
  readonly sha256: string;
  readonly files: readonly ManifestFile[];
  readonly conversion: number;
  /** The weight file it was made from. */
  readonly weights: {
    /** Address or path it came from. */
    readonly from: string;
    readonly sha256: string;
    readonly bytes: number;
    /** Whether its SHA-256 is the published one (and the one pinned before, if any). */
    readonly verified: boolean;
  };
  /** When it was converted, ISO 8601. */
  readonly date: string;
}

/** The first weight file of a model that was verified here; later ones have to be the same. */
export interface Pin {
  readonly sha256: string;
  readonly bytes: number;
  readonly from: string;
  readonly date: string;
}

/**
 * `ready` to use; `missing`; `damaged`: files are gone or have another size; `outdated`: made by an
 * earlier version's conversion.
 */
export type ModelState = 'ready' | 'missing' | 'damaged' | 'outdated';

/** The paths of a model in the cache. */
export function modelPaths(cache: string, id: string) {
  const root = path.join(cache, id);
  return {
    root,
    lock: path.join(cache, `${id}.lock`),
    manifest: path.join(root, 'manifest.json'),
    pin: path.join(root, 'pin.json'),
    downloads: path.join(root, 'download'),
  };
}

/** The manifest of a model, or null where there is none that this version can read. */
export async function readManifest(cache: string, id: string): Promise<Manifest | null> {
  const found = (await readJson(modelPaths(cache, id).manifest)) as Partial<Manifest> | null;
  const readable =
    found?.format === 1 &&
    found.id === id &&
    typeof found.folder === 'string' &&
    path.basename(found.folder) === found.folder &&
    Array.isArray(found.files) &&
    typeof found.weights === 'object';
  return readable ? (found as Manifest) : null;
}

/** The pinned weight file of a model, or null. */
export async function readPin(cache: string, id: string): Promise<Pin | null> {
  const found = (await readJson(modelPaths(cache, id).pin)) as Pin | null;
  return typeof found?.sha256 === 'string' ? found : null;
}

/** Whether a model can be used, by the sizes of its files. Hashing them is `verify`'s task. */
export async function modelState(
  cache: string,
  { model, manifest }: { model: PublishedModel; manifest: Manifest | null },
): Promise<ModelState> {
  if (manifest === null) return 'missing';
  const folder = path.join(modelPaths(cache, model.id).root, manifest.folder);
  const sizes = await Promise.all(
    manifest.files.map(({ name }) =>
      stat(path.join(folder, name)).then(
        ({ size }) => size,
        () => null,
      ),
    ),
  );
  if (manifest.files.some(({ bytes }, i) => sizes[i] !== bytes)) return 'damaged';
  return manifest.conversion === model.conversion ? 'ready' : 'outdated';
}
