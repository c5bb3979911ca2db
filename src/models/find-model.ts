import { existsSync } from 'node:fs';
import path from 'node:path';
import { GanMetricsError } from '../errors';
import { readModel } from './graph-files';
import type { Model } from './model';
import { packageRoot } from './package-root';

/** Networks that come inside the package. */
export const EMBEDDED_MODELS = ['cifar10-resnet'] as const;

/**
 * A model by its name, or by the path of a `model.json` (or of its folder).
 *
 * @throws MODEL_MISSING where there is none, MODEL_INVALID where it cannot be used
 */
export async function findModel(idOrPath: string): Promise<Model> {
  if ((EMBEDDED_MODELS as readonly string[]).includes(idOrPath)) {
    return readModel(path.join(packageRoot(), 'models', idOrPath));
  }
  if (existsSync(idOrPath)) return readModel(idOrPath);
  throw new GanMetricsError(
    'MODEL_MISSING',
    `There is no model "${idOrPath}": expected ${EMBEDDED_MODELS.map((id) => `"${id}"`).join(', ')} or the path of a tfjs model.json.`,
    { details: { model: idOrPath } },
  );
}
