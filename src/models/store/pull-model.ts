import { download } from './download';
import { sweep } from './install-model';
import { installLocked, lockedWork, type StoreCall, type StoreContext } from './locked-work';
import { modelPaths, readPin } from './manifest';
import { type PublishedModel, sourcesOf } from './published-models';
import { type StoredModel, storedModel } from './stored-model';
import { objectionTo } from './verify-model';

/** How to pull. */
export interface PullOptions extends StoreCall {
  /** Downloads and converts also what is there (false). */
  readonly force?: boolean;
}

/** The model, downloaded and converted where it is not ready in the cache. */
export async function pullModel(
  context: StoreContext,
  model: PublishedModel,
  { force = false, signal, onProgress }: PullOptions,
): Promise<StoredModel> {
  const { folder, env } = context;
  const sources = sourcesOf(model, env);
  const before = await storedModel(folder, model);
  if (before.state === 'ready' && !force) return before;

  const work = async (held: AbortSignal): Promise<StoredModel> => {
    // The process that was waited for may have done it.
    const now = await storedModel(folder, model);
    if (now.state === 'ready' && !force) return now;
    await sweep(folder, { id: model.id, keep: now.manifest?.folder ?? null });
    const pin = await readPin(folder, model.id);
    const weights = await download(sources, {
      ...context.download,
      model,
      folder: modelPaths(folder, model.id).downloads,
      objection: (digest) => objectionTo(digest, { model, pin }),
      env,
      signal: held,
      onProgress: onProgress ?? (() => {}),
    });
    return installLocked(context, model, { weights: { ...weights, verified: true }, held, onProgress });
  };
  return lockedWork(context, model, { work, signal, onProgress });
}
