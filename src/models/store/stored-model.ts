import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Manifest, type ModelState, modelPaths, modelState, readManifest } from './manifest';
import type { PublishedModel } from './published-models';

/** A model as the cache has it. */
export interface StoredModel {
  readonly id: string;
  readonly state: ModelState;
  /** The path of `model.json`; null where the model is missing. */
  readonly modelFile: string | null;
  /** Size of the converted model, 0 where it is missing. */
  readonly bytes: number;
  /** Bytes of a download that was begun and can be resumed. */
  readonly partialBytes: number;
  readonly manifest: Manifest | null;
}

/** Looks a model up in the cache; sizes are checked, hashes are not. */
export async function storedModel(cache: string, model: PublishedModel): Promise<StoredModel> {
  const { root, downloads } = modelPaths(cache, model.id);
  const manifest = await readManifest(cache, model.id);
  return {
    id: model.id,
    state: await modelState(cache, { model, manifest }),
    modelFile: manifest && path.join(root, manifest.folder, 'model.json'),
    bytes: manifest?.files.reduce((sum, file) => sum + file.bytes, 0) ?? 0,
    partialBytes: await folderBytes(downloads),
    manifest,
  };
}

/** Size of all files in a folder and its folders, 0 where there is none. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const sizes = files.map((entry) => stat(path.join(entry.parentPath, entry.name)).catch(() => null));
  return (await Promise.all(sizes)).reduce((sum, found) => sum + (found?.size ?? 0), 0);
}
