import path from 'node:path';
import { GanMetricsError } from '../../errors';
import { hashFile } from './hash-file';
import { sweep } from './install-model';
import { installLocked, lockedWork, type StoreCall, type StoreContext } from './locked-work';
import { readManifest, readPin } from './manifest';
import type { PublishedModel } from './published-models';
import type { StoredModel } from './stored-model';
import { objectionTo } from './verify-model';

/** How to import. */
export interface ImportOptions extends StoreCall {
  /** Takes a file other than the published one, and says so in the manifest (false). */
  readonly allowUnverified?: boolean;
}

/** The model, made from a weight file of this machine, which is only read. */
export async function importModel(
  context: StoreContext,
  model: PublishedModel,
  { file, allowUnverified = false, signal, onProgress }: ImportOptions & { readonly file: string },
): Promise<StoredModel> {
  const { folder } = context;
  const from = path.resolve(file);
  const digest = await hashFile(from).catch((cause: Error) => {
    throw new GanMetricsError('INVALID_OPTION', `The weight file cannot be read: ${cause.message}.`, {
      details: { file: from },
      cause,
    });
  });

  const work = async (held: AbortSignal): Promise<StoredModel> => {
    const objection = objectionTo(digest, { model, pin: await readPin(folder, model.id) });
    if (objection !== null && !allowUnverified)
      throw new GanMetricsError(
        'CHECKSUM_MISMATCH',
        `${from} ${objection}. If you mean another file than the published one, allow it by ` +
          '--allow-unverified (allowUnverified: true); values made with it compare only with each other.',
        { details: { file: from, sha256: digest.sha256, published: model.sha256 } },
      );
    await sweep(folder, { id: model.id, keep: (await readManifest(folder, model.id))?.folder ?? null });
    const weights = { file: from, from, ...digest, verified: objection === null };
    return installLocked(context, model, { weights, held, onProgress });
  };
  return lockedWork(context, model, { work, signal, onProgress });
}
