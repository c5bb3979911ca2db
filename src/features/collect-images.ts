import { statSync } from 'node:fs';
import { GanMetricsError, invalidOption } from '../errors';
import { type BadImage, checkImages } from '../images/check-images';
import { type FoundImages, findImages, type ImageFile } from '../images/find-images';
import { imagesInArchive, isImageArchive } from '../images/image-archive';
import { imagesInArray } from '../images/image-array';
import { type Described, describeSource, type ImageSource } from '../images/image-source';
import { type ImageStream, streamImages } from '../images/image-stream';
import { sampleIndices } from '../math/random';

export interface CollectOptions {
  /** What the set is called. */
  readonly name: string;
  /** Take at most this many images, drawn without replacement. */
  readonly limit?: number | undefined;
  readonly seed: number;
  readonly onChecked?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The images that a run will read, and those that cannot be read, by their headers. */
export interface CollectedImages {
  /** A list, or a stream to be read once. */
  readonly files: readonly ImageFile[] | AsyncIterable<ImageFile>;
  /** null where only the end of the stream will tell. */
  readonly count: number | null;
  readonly bad: readonly BadImage[];
  /** To be called when the images are no longer needed. */
  release(): Promise<void>;
}

/**
 * Finds the images of a source and checks each one's structure. The draw for `limit` is made among the
 * readable images in the order of their names, so it depends on the set and the seed alone. What is in memory is
 * not looked at before it is its turn.
 *
 * @throws NO_IMAGES, INVALID_OPTION from the search, and what `imagesInArray` and `imagesInArchive` throw
 */
export async function collectImages(source: ImageSource, options: CollectOptions): Promise<CollectedImages> {
  const described = describeSource(source);
  return 'files' in described ? collectFiles(described, options) : collectStream(described, options);
}

async function collectFiles(
  source: Extract<Described, { files: unknown }>,
  { limit, seed, onChecked, signal }: CollectOptions,
): Promise<CollectedImages> {
  const { files: found, release } = await find(source, signal);
  try {
    const { good, bad } = await checkImages(found, { onProgress: onChecked, signal });
    const drawn = draw(good.length, { limit, seed });
    const files = drawn ? [...drawn].map((i) => good[i]) : good;
    return { files, count: files.length, bad, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function find(
  { files, range, layout }: Extract<Described, { files: unknown }>,
  signal: AbortSignal | undefined,
): Promise<FoundImages> {
  const isFile = typeof files === 'string' && statSync(files, { throwIfNoEntry: false })?.isFile();
  if (isFile && !(await isImageArchive(files))) return imagesInArray(files, { range, layout, signal });
  for (const [name, value] of Object.entries({ range, layout })) {
    if (value !== undefined)
      throw invalidOption(name, 'none of encoded images, which have their own,', value);
  }
  if (isFile) return imagesInArchive(files, signal);
  return { files: await findImages(files), release: async () => {} };
}

function collectStream(
  source: Extract<Described, { items: unknown }>,
  { name, limit, seed }: CollectOptions,
): CollectedImages {
  const stream = streamImages(source, name);
  if (limit !== undefined && stream.count === null) {
    throw invalidOption('limit', `none with ${name}, whose number nobody knows; say samples: n of it`, limit);
  }
  const drawn = draw(stream.count ?? 0, { limit, seed });
  const count = drawn ? drawn.size : stream.count;
  return { files: asFiles(stream, { name, drawn }), count, bad: [], release: async () => {} };
}

async function* asFiles(
  { images }: ImageStream,
  { name, drawn }: { name: string; drawn: ReadonlySet<number> | undefined },
): AsyncGenerator<ImageFile> {
  let i = 0;
  for await (const image of images) {
    const called = `${name}[${i}]`;
    if (!drawn || drawn.has(i)) yield { path: called, name: called, image };
    i++;
  }
}

/** In ascending order; undefined where all are taken. */
function draw(
  total: number,
  { limit, seed }: { limit: number | undefined; seed: number },
): ReadonlySet<number> | undefined {
  if (limit === undefined || limit >= total) return undefined;
  return new Set(sampleIndices(total, { count: limit, seed }));
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
