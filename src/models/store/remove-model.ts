import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { lockedWork, type StoreContext } from './locked-work';
import { modelPaths, readManifest } from './manifest';
import type { PublishedModel } from './published-models';
import { folderBytes } from './stored-model';

/** How to remove. */
export interface RemoveOptions {
  /** Also forgets which weight file was verified first (false). */
  readonly forgetPin?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What was removed. */
export interface Removal {
  /** Whether there was a model. */
  readonly removed: boolean;
  /** Bytes set free, downloads included. */
  readonly bytes: number;
}

/** Deletes a model and what was downloaded of it; without `forgetPin` the pin of its weight file stays. */
export async function removeModel(
  context: StoreContext,
  model: PublishedModel,
  { forgetPin = false, signal }: RemoveOptions,
): Promise<Removal> {
  const { folder } = context;
  const { root, manifest } = modelPaths(folder, model.id);
  const work = async (): Promise<Removal> => {
    const removed = (await readManifest(folder, model.id)) !== null;
    const before = await folderBytes(root);
    // Without its manifest the rest is no model any more, whatever happens next.
    await rm(manifest, { force: true });
    for (const name of await readdir(root))
      if (name !== 'pin.json' || forgetPin) await rm(path.join(root, name), { recursive: true, force: true });
    return { removed, bytes: before - (await folderBytes(root)) };
  };
  return lockedWork(context, model, { work, signal });
}
