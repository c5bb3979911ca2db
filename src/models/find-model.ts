import { existsSync } from 'node:fs';
import path from 'node:path';
import { GanMetricsError, invalidOption } from '../errors';
import { readModel } from './graph-files';
import type { UnmeasuredModel } from './model';
import { modelStore } from './model-store';
import { type ModelInfoOption, readOwnModel } from './own/own-model';
import { packageRoot } from './package-root';
import type { StoreCall } from './store/locked-work';
import { publishedModels } from './store/published-models';

/** Networks that come inside the package. */
export const EMBEDDED_MODELS: readonly string[] = ['cifar10-resnet'];

/** Whether this names a model of gan-metrics (the default one, where it names none), and not one's own. */
export function isKnownModel(name: string | undefined): boolean {
  return (
    name === undefined || EMBEDDED_MODELS.includes(name) || publishedModels.some(({ id }) => id === name)
  );
}

/**
 * A model by its name, or one's own by its path: a tfjs `model.json` (or its folder) or an `.onnx` file. A published
 * one is downloaded and converted on its first use.
 *
 * @param call  info: what one's own network is, beyond what lies beside it; the rest is for the download
 * @throws MODEL_MISSING where there is none, MODEL_INVALID where it cannot be used, INVALID_OPTION for `info` of a
 *   network that needs none, and what the download throws: DOWNLOAD_FAILED, CHECKSUM_MISMATCH, CACHE_UNUSABLE,
 *   ABORTED
 */
export async function findModel(
  idOrPath: string,
  { info, ...call }: StoreCall & { readonly info?: ModelInfoOption | undefined } = {},
): Promise<UnmeasuredModel> {
  const published = publishedModels.map(({ id }) => id);
  const known = [...published, ...EMBEDDED_MODELS];
  if (known.includes(idOrPath) && info !== undefined) {
    throw invalidOption('modelInfo', `none for ${idOrPath}, which is known,`, info);
  }
  if (EMBEDDED_MODELS.includes(idOrPath)) return readModel(path.join(packageRoot(), 'models', idOrPath));
  if (published.includes(idOrPath)) {
    const { modelFile, manifest } = await modelStore().pull(idOrPath, call);
    const model = await readModel(modelFile!);
    const { verified, sha256 } = manifest!.weights;
    return verified ? model : { ...model, unverifiedWeights: sha256 };
  }
  if (existsSync(idOrPath)) return readOwnModel(idOrPath, { info, taken: known });
  throw new GanMetricsError(
    'MODEL_MISSING',
    `There is no model "${idOrPath}": expected ${known.join(', ')}, or the path of a tfjs model.json or an .onnx file.`,
    { details: { model: idOrPath } },
  );
}
