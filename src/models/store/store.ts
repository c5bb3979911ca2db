import { invalidOption } from '../../errors';
import { cacheFolder, type Environment } from './cache-folder';
import type { DownloadOptions } from './download';
import { type ImportOptions, importModel } from './import-model';
import type { Convert } from './install-model';
import type { LockOptions } from './lock';
import { readManifest } from './manifest';
import { type PublishedModel, publishedModels } from './published-models';
import { type PullOptions, pullModel } from './pull-model';
import { type Removal, type RemoveOptions, removeModel } from './remove-model';
import { modelMissing } from './store-error';
import { type StoredModel, storedModel } from './stored-model';
import { type Verification, verifyModel } from './verify-model';

/** What a store is made of; only the conversion has no default. */
export interface StoreOptions {
  /** Makes `model.json` and its shards of a weight file. */
  readonly convert: Convert;
  /** Names the cache folder, the mirror and proxies (`process.env`). */
  readonly env?: Environment;
  /** The cache (`cacheFolder(env)`). */
  readonly folder?: string;
  /** What can be pulled (InceptionV3). */
  readonly models?: readonly PublishedModel[];
  readonly download?: DownloadOptions;
  readonly lock?: Pick<LockOptions, 'staleMs' | 'pollMs'>;
}

/** The models in the user's cache folder, safe to use from several processes at once. */
export interface ModelStore {
  readonly folder: string;
  /**
   * The model, downloaded and converted where it is not in the cache yet. Costs a few file look-ups where
   * it is, so it is also what the first use of a model calls.
   *
   * @throws DOWNLOAD_FAILED, CHECKSUM_MISMATCH, CACHE_UNUSABLE, ABORTED, INVALID_OPTION
   */
  pull(id: string, options?: PullOptions): Promise<StoredModel>;
  /**
   * The model made from a weight file of this machine.
   *
   * @param options  `id` (inception-v3) and those of the import
   * @throws CHECKSUM_MISMATCH, INVALID_OPTION if the file cannot be read, CACHE_UNUSABLE, ABORTED
   */
  importFile(file: string, options?: ImportOptions & { readonly id?: string }): Promise<StoredModel>;
  /** Every model that can be pulled, in the cache or not. Looks at sizes, does not hash. */
  list(): Promise<readonly StoredModel[]>;
  /**
   * The path of a model's `model.json`.
   *
   * @throws MODEL_MISSING where it is not ready to use
   */
  path(id: string): Promise<string>;
  /**
   * Hashes a model's files again.
   *
   * @throws MODEL_MISSING where there is none
   */
  verify(id: string): Promise<Verification>;
  /**
   * Deletes a model and what was downloaded of it.
   *
   * @throws CACHE_UNUSABLE, ABORTED
   */
  remove(id: string, options?: RemoveOptions): Promise<Removal>;
}

/** A store over a cache folder, which need not exist yet. */
export function createStore({
  convert,
  env = process.env,
  folder = cacheFolder(env),
  models = publishedModels,
  download = {},
  lock = {},
}: StoreOptions): ModelStore {
  const context = { convert, env, folder, download, lock };
  return {
    folder,
    pull: async (id, options = {}) => pullModel(context, modelNamed(id, models), options),
    importFile: async (file, { id = 'inception-v3', ...options } = {}) =>
      importModel(context, modelNamed(id, models), { ...options, file }),
    list: () => Promise.all(models.map((model) => storedModel(folder, model))),
    remove: async (id, options = {}) => removeModel(context, modelNamed(id, models), options),

    async path(id) {
      const model = modelNamed(id, models);
      const { state, modelFile } = await storedModel(folder, model);
      if (state !== 'ready' || modelFile === null) throw modelMissing(model, { folder, why: `is ${state}` });
      return modelFile;
    },

    async verify(id) {
      const model = modelNamed(id, models);
      const manifest = await readManifest(folder, id);
      if (manifest === null) throw modelMissing(model, { folder, why: 'is missing' });
      return verifyModel(folder, manifest);
    },
  };
}

function modelNamed(id: string, models: readonly PublishedModel[]): PublishedModel {
  const model = models.find((candidate) => candidate.id === id);
  if (model !== undefined) return model;
  throw invalidOption('model', `one of ${models.map((candidate) => candidate.id).join(', ')}`, id);
}
