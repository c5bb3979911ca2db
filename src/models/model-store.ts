import { createStore, type ModelStore } from './store/store';

/** The models in the user's cache folder: pull, import, list, verify and remove them. */
export function modelStore(): ModelStore {
  return createStore({
    // The readers of weight files are needed once in a model's life.
    convert: async (file, folder) => (await import('./inception-v3-file')).convertInceptionV3(file, folder),
  });
}
