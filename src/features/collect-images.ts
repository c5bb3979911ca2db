import { GanMetricsError } from '../errors';
import { type BadImage, checkImages } from '../images/check-images';
import { findImages, type ImageFile } from '../images/find-images';
import { type ImageArray, imagesInArray, isImageArrayPath } from '../images/image-array';
import { sampleIndices } from '../math/random';

/**
 * Where images come from: a folder, searched recursively, a list of files, or a file of many (`.npz`, `.npy`). Where
 * numbers are made of them a file of statistics or features does as well.
 */
export type ImageSource = string | readonly string[];

export interface CollectOptions {
  /** Take at most this many images, drawn without replacement. */
  readonly limit?: number | undefined;
  readonly seed: number;
  readonly onChecked?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The images that a run will read, and those that cannot be read, by their headers. */
export interface CollectedImages {
  readonly files: readonly ImageFile[];
  readonly bad: readonly BadImage[];
  /** To be called when the images are no longer needed. */
  release(): Promise<void>;
}

/**
 * Finds the images of a source and checks each one's structure. The draw for `limit` is made among the
 * readable images in the order of their names, so it depends on the set and the seed alone.
 *
 * @throws NO_IMAGES, INVALID_OPTION from the search, and what `imagesInArray` throws
 */
export async function collectImages(
  source: ImageSource,
  { limit, seed, onChecked, signal }: CollectOptions,
): Promise<CollectedImages> {
  const found = await find(source, signal);
  const { release } = found;
  try {
    const { good, bad } = await checkImages(found.files, { onProgress: onChecked, signal });
    if (limit === undefined || limit >= good.length) return { files: good, bad, release };
    const files = sampleIndices(good.length, { count: limit, seed }).map((i) => good[i]);
    return { files, bad, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function find(source: ImageSource, signal: AbortSignal | undefined): Promise<ImageArray> {
  if (typeof source === 'string' && isImageArrayPath(source)) return imagesInArray(source, signal);
  return { files: await findImages(source), release: async () => {} };
}

/** One error for all unreadable images of a run, so that they can be mended in one go. */
export function unreadableImages(failures: readonly BadImage[]): GanMetricsError {
  const shown = failures.slice(0, LISTED).map(({ path, reason }) => `  ${path}: ${reason}`);
  if (failures.length > LISTED) shown.push(`  … and ${failures.length - LISTED} more`);
  const count = failures.length === 1 ? '1 image' : `${failures.length} images`;
  return new GanMetricsError(
    'UNREADABLE_IMAGES',
    `${count} cannot be read:\n${shown.join('\n')}\nRepair or remove them, or go on without them (--skip-bad, skipBad: true).`,
    { details: { failures } },
  );
}

const LISTED = 20;
