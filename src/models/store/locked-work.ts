import { mkdir, rm } from 'node:fs/promises';
import { GanMetricsError } from '../../errors';
import { writeJsonAtomically } from '../../files/atomic-file';
import type { Environment } from './cache-folder';
import type { DownloadOptions, DownloadProgress } from './download';
import { type Convert, installModel, sweep } from './install-model';
import { type LockOptions, withLock } from './lock';
import { type Manifest, modelPaths, type Pin, readPin } from './manifest';
import type { PublishedModel } from './published-models';
import { abortedError, cacheError } from './store-error';
import { type StoredModel, storedModel } from './stored-model';

/** A step of a pull or an import, for who shows it. */
export type StoreProgress =
  | DownloadProgress
  /** Another process is at work on the same model; null where it cannot be told which. */
  | { readonly stage: 'waiting'; readonly pid: number | null; readonly machine: string | null }
  | { readonly stage: 'converting'; readonly file: string };

/** How a call reports, and how it is stopped. */
export interface StoreCall {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: StoreProgress) => void) | undefined;
}

/** What all work on a cache needs to know. */
export interface StoreContext {
  readonly folder: string;
  readonly convert: Convert;
  readonly env: Environment;
  readonly download: DownloadOptions;
  readonly lock: Pick<LockOptions, 'staleMs' | 'pollMs'>;
}

/**
 * Does work on a model's part of the cache while no other process does.
 *
 * @param work  gets a signal: the caller's, joined with the loss of the lock
 * @throws CACHE_UNUSABLE where the folder refuses, ABORTED, and whatever `work` throws
 */
export async function lockedWork<T>(
  { folder, lock }: StoreContext,
  { id }: PublishedModel,
  { work, signal, onProgress }: StoreCall & { work: (held: AbortSignal) => Promise<T> },
): Promise<T> {
  const paths = modelPaths(folder, id);
  try {
    await mkdir(paths.root, { recursive: true });
    return await withLock(paths.lock, work, {
      ...lock,
      signal,
      onWait: (owner) =>
        onProgress?.({ stage: 'waiting', pid: owner?.pid ?? null, machine: owner?.machine ?? null }),
    });
  } catch (error) {
    if (signal?.aborted && !(error instanceof GanMetricsError)) throw abortedError('The work', signal);
    throw cacheError(error, folder);
  }
}

/** Converts a weight file, pins it if it is the first verified one, and deletes what it replaces. */
export async function installLocked(
  { folder, convert }: StoreContext,
  model: PublishedModel,
  {
    weights,
    held,
    onProgress,
  }: {
    weights: { readonly file: string } & Manifest['weights'];
    held: AbortSignal;
    onProgress: StoreCall['onProgress'];
  },
): Promise<StoredModel> {
  const { pin: pinFile, downloads } = modelPaths(folder, model.id);
  onProgress?.({ stage: 'converting', file: weights.file });
  const manifest = await installModel(folder, { model, weights, convert, signal: held });
  if (weights.verified && (await readPin(folder, model.id)) === null) {
    const { sha256, bytes, from } = weights;
    const pin: Pin = { sha256, bytes, from, date: manifest.date };
    await writeJsonAtomically(pinFile, pin);
  }
  await rm(downloads, { recursive: true, force: true });
  await sweep(folder, { id: model.id, keep: manifest.folder });
  return storedModel(folder, model);
}
