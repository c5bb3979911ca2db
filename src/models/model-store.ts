import { createStore, type ModelStore } from './store/store';

/**
 * The models in the user's cache folder: pull, import, list, verify and remove them.
 *
 * @example
 * import { modelStore } from 'gan-metrics';
 *
 * const models = await modelStore().list();
 * console.log(models.map(({ id }) => id)); // [ 'inception-v3' ]
 */
export function modelStore(): ModelStore {
  return createStore({
    // The readers of weight files are needed once in a model's life.
    convert: async (file, folder) => (await import('./inception-v3-file')).convertInceptionV3(file, folder),
  });
}
