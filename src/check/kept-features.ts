import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type BaselineEntry, sortedKeys } from '../gate/baseline';
import type { Matrix } from '../math/matrix';
import type { Sample } from '../metrics/metric';
import { openStatisticsFile } from '../statistics/open-statistics-file';
import { matrixOf } from '../statistics/read-statistics';
import { writeFeatures } from '../statistics/write-statistics';

/**
 * Where the features of a baseline's images lie. The name follows from what they were made of and how, so that those of
 * another baseline are not found, instead of being taken for these.
 */
export function keptFeaturesFile(folder: string, entry: BaselineEntry): string {
  const { model, preprocessing, dims, input, compat, contents } = entry;
  const made = sortedKeys({ model, preprocessing, dims, input, compat, images: contents.generated });
  const key = createHash('sha256').update(JSON.stringify(made)).digest('hex').slice(0, 32);
  return path.join(folder, `${key}.npz`);
}

/** The features, and logits where there are, of the images of a baseline; undefined where they were not kept. */
export async function readKeptFeatures(
  folder: string,
  entry: BaselineEntry,
): Promise<{ features: Matrix; logits?: Matrix } | undefined> {
  const name = keptFeaturesFile(folder, entry);
  if (!existsSync(name)) return undefined;
  const file = await openStatisticsFile(name);
  const features = await matrixOf(file, 'features');
  return file.holds.has('logits') ? { features, logits: await matrixOf(file, 'logits') } : { features };
}

/** Keeps them, unless they are there already. */
export async function keepFeatures(
  folder: string,
  entry: BaselineEntry,
  { features, logits }: Partial<Sample>,
): Promise<void> {
  const name = keptFeaturesFile(folder, entry);
  if (!features || existsSync(name)) return;
  await mkdir(folder, { recursive: true });
  await writeFeatures(name, features, logits ? { logits } : {});
}
