import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { GanMetricsError, invalidOption } from './errors';
import { withFileSource } from './files/byte-source';
import { decodeNpy, type NdArray } from './files/npy';
import { openNpz } from './files/npz';
import { type FoundImages, findImages, type ImageFile } from './images/find-images';
import { imagesInArchive, isImageArchive } from './images/image-archive';
import { type Described, describeSource, type ImageSource } from './images/image-source';
import { streamImages } from './images/image-stream';
import { type PixelOptions, readPixels } from './images/read-pixels';
import type { Matrix } from './math/matrix';
import { parseCsv } from './statistics/csv';

/**
 * Where samples lie: an `.npy`, `.npz` or `.csv` file, or images: in a folder, an archive (`.zip`, `.tar`), a list of
 * files, or in memory. `#` begins what is wanted of a file: the array of an archive, rows, or both,
 * `train.npz#images[0:10000]`, `samples.npy#[500:]`.
 */
export type SampleSource = string | readonly string[] | Exclude<ImageSource, string | readonly string[]>;

/**
 * Samples as a matrix, a row each; arrays of more axes are flattened. Bytes, of arrays and of images, become x / 255
 * in float64; other numbers stay as they are.
 *
 * @param options  for images: size, gray
 * @throws INVALID_OPTION, NO_IMAGES, CORRUPT_FILE, UNSAFE_FILE, UNSUPPORTED_FILE, UNSUPPORTED_IMAGE, SHAPE_MISMATCH
 * @example
 * import { readSamples } from 'gan-metrics';
 *
 * // Rows of an array; images become rows of pixels in [0, 1].
 * const points = await readSamples('fixtures/kde/d2_test.npy#[0:10]');
 * console.log(points.rows, points.columns); // 10 2
 * const images = await readSamples('fixtures/real', { size: 8, gray: true });
 * console.log(images.rows, images.columns); // 160 64
 */
export async function readSamples(source: SampleSource, options: PixelOptions = {}): Promise<Matrix> {
  if (typeof source !== 'string') {
    const described = describeSource(source);
    if ('items' in described) return readPixels(await imagesInMemory(described), options);
    for (const [name, value] of Object.entries({ range: described.range, layout: described.layout })) {
      if (value !== undefined)
        throw invalidOption(name, 'none of files: their numbers stay as they are,', value);
    }
    if (typeof described.files !== 'string') return readPixels(await findImages(described.files), options);
    return readSamples(described.files, options);
  }
  const { path, array, rows } = parseSource(source);
  const found = await findIn(path);
  if (found) {
    try {
      if (array) throw invalidOption('source', 'no array of a folder or an archive of images', source);
      const range = rangeOf(rows, { count: found.files.length, source });
      return await readPixels(found.files.slice(...range), options);
    } finally {
      await found.release();
    }
  }
  const matrix = await readArray(path, array);
  const [start, end] = rangeOf(rows, { count: matrix.rows, source });
  const { columns, data } = matrix;
  return { rows: end - start, columns, data: scaled(data.subarray(start * columns, end * columns)) };
}

/** The images of a folder or an archive; undefined where the path is a file of numbers. */
async function findIn(path: string): Promise<FoundImages | undefined> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return { files: await findImages(path), release: async () => {} };
  return stats?.isFile() && (await isImageArchive(path)) ? imagesInArchive(path) : undefined;
}

async function imagesInMemory(source: Extract<Described, { items: unknown }>): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  for await (const image of streamImages(source, 'samples').images) {
    const name = `samples[${files.length}]`;
    files.push({ path: name, name, image });
  }
  return files;
}

interface ParsedSource {
  readonly path: string;
  readonly array: string | undefined;
  /** `start:end`, either of which may be empty. */
  readonly rows: string | undefined;
}

function parseSource(source: string): ParsedSource {
  const match = /^(.+)#([^#[\]]*)(?:\[(\d*:\d*)\])?$/.exec(source);
  // A file may have any name.
  if (!match || existsSync(source)) return { path: source, array: undefined, rows: undefined };
  return { path: match[1], array: match[2] || undefined, rows: match[3] };
}

function rangeOf(
  rows: string | undefined,
  { count, source }: { count: number; source: string },
): [start: number, end: number] {
  if (rows === undefined) return [0, count];
  const [start, end] = rows.split(':').map((text, k) => (text === '' ? [0, count][k] : Number(text)));
  if (start < end && end <= count) return [start, end];
  throw invalidOption('rows', `a range within the ${count} there are`, source);
}

interface Rows {
  readonly rows: number;
  readonly columns: number;
  readonly data: NdArray['data'];
}

async function readArray(path: string, array: string | undefined): Promise<Rows> {
  if (path.toLowerCase().endsWith('.csv')) {
    if (array) throw invalidOption('source', 'no array of a .csv file', array);
    return parseCsv(await readText(path), path);
  }
  return withFileSource(path, (file) => {
    const start = file.read(0, Math.min(2, file.size));
    // Archives of numpy are zip files, and begin with PK.
    if (start[0] !== 0x50 || start[1] !== 0x4b) {
      if (array) throw invalidOption('source', 'no array of a file that is not an .npz', array);
      return toRows(decodeNpy(file.read(0, file.size), path), path);
    }
    const npz = openNpz(file);
    const name = array ?? (npz.names.length === 1 ? npz.names[0] : undefined);
    if (name !== undefined && npz.has(name)) return toRows(npz.numbers(name), `${path}#${name}`);
    throw invalidOption(
      'source',
      `the name of an array (${path}#${npz.names[0] ?? 'name'}; it has ${npz.names.join(', ') || 'none'})`,
      array,
    );
  });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new GanMetricsError('INVALID_OPTION', `Cannot open ${path} (${code}).`, { cause });
  }
}

/** The first axis counts samples; a line of numbers is samples of one dimension. */
function toRows({ shape, data }: NdArray, name: string): Rows {
  if (shape.length === 0) {
    throw new GanMetricsError('SHAPE_MISMATCH', `Expected rows in ${name} but it is a single number.`);
  }
  return { rows: shape[0], columns: shape.slice(1).reduce((product, n) => product * n, 1), data };
}

function scaled(data: NdArray['data']): Float32Array | Float64Array {
  return data instanceof Uint8Array ? Float64Array.from(data, (byte) => byte / 255) : data;
}
