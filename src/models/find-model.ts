import { existsSync } from 'node:fs';
import path from 'node:path';
import { GanMetricsError } from '../errors';
import { readModel } from './graph-files';
import type { Model } from './model';
import { modelStore } from './model-store';
import { packageRoot } from './package-root';
import type { StoreCall } from './store/locked-work';
import { publishedModels } from './store/published-models';

/** Networks that come inside the package. */
export const EMBEDDED_MODELS: readonly string[] = ['cifar10-resnet'];

/**
 * A model by its name, or by the path of a `model.json` (or of its folder). A published one is downloaded
 * and converted on its first use.
 *
 * @throws MODEL_MISSING where there is none, MODEL_INVALID where it cannot be used, and what the download
 *   throws: DOWNLOAD_FAILED, CHECKSUM_MISMATCH, CACHE_UNUSABLE, ABORTED
 */
export async function findModel(idOrPath: string, call: StoreCall = {}): Promise<Model> {
  if (EMBEDDED_MODELS.includes(idOrPath)) return readModel(path.join(packageRoot(), 'models', idOrPath));
  const published = publishedModels.map(({ id }) => id);
  if (published.includes(idOrPath)) {
    const { modelFile } = await modelStore().pull(idOrPath, call);
    return readModel(modelFile!);
  }
  if (existsSync(idOrPath)) return readModel(idOrPath);
  throw new GanMetricsError(
    'MODEL_MISSING',
    `There is no model "${idOrPath}": expected ${[...published, ...EMBEDDED_MODELS].join(', ')} or the path of a tfjs model.json.`,
    { details: { model: idOrPath } },
  );
}
