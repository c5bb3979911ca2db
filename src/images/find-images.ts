import { type Dirent, promises as fs, type Stats } from 'node:fs';
import path from 'node:path';
import { GanMetricsError, invalidOption } from '../errors';
import type { RgbImage } from './image';
import { IMAGE_EXTENSIONS } from './image-format';
import { inParallel } from './in-parallel';
import type { ValueForm } from './pixel-values';

/** One image of a set. */
export interface ImageFile {
  /** The path to open it by; what it is called where it is not on the disk. */
  readonly path: string;
  /** Its path inside the folder, with `/` on every system: it names the image in results and messages. */
  readonly name: string;
  /** Where its values lie in the file, and what they are: of a batch of images. */
  readonly pixels?: ValueForm & {
    readonly at: number;
    /** Type of the values, by numpy's name. */
    readonly descr: string;
    readonly itemBytes: number;
  };
  /** Where it lies in the file, encoded: of an archive. */
  readonly entry?: ArchiveEntry;
  /** Its pixels, in memory: the image's own, to be handed on to whoever works on it. */
  readonly image?: RgbImage;
}

/** A file inside an archive. */
export interface ArchiveEntry {
  readonly at: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly deflated: boolean;
  /** CRC-32 of the content; null where the archive has none. */
  readonly crc: number | null;
}

/** Images that lie together. */
export interface FoundImages {
  readonly files: readonly ImageFile[];
  /** Removes what was unfolded on disk. To be called when the images are no longer needed. */
  release(): Promise<void>;
}

/**
 * The images of a folder and its subfolders, or of a list of files.
 *
 * A folder is searched by extension ({@link IMAGE_EXTENSIONS}, in any case), through symbolic links, without
 * hidden entries and `__MACOSX`; the order is that of the names' code points, the same on all machines.
 * A list keeps its order; its names are relative to the deepest folder that contains all of them.
 *
 * @throws INVALID_OPTION where the folder or a listed file does not exist or is something else,
 *   NO_IMAGES where there are none, with what was found instead
 */
export async function findImages(source: string | readonly string[]): Promise<ImageFile[]> {
  return typeof source === 'string' ? imagesInFolder(source) : listedImages(source);
}

/** Compares by code points (as Python sorts), where `<` would compare UTF-16 units. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return aboveSurrogates(x) - aboveSurrogates(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above all others: they swap places with U+E000 to U+FFFF. */
function aboveSurrogates(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

async function imagesInFolder(folder: string): Promise<ImageFile[]> {
  const expected = 'a folder of images';
  const stats = await statOrUndefined(folder);
  if (!stats) throw invalidOption('source', `${expected} that exists`, folder);
  if (!stats.isDirectory()) throw invalidOption('source', `${expected} (or a list of files)`, folder);
  const walk: Walk = { images: [], others: new Map() };
  await visit(walk, { folder, prefix: '', above: [await fs.realpath(folder)] });
  if (walk.images.length === 0) throw noImages(folder, walk.others);
  return inOrder(walk.images);
}

/** What is left out of a folder or an archive, and everything in it. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX';
}

export function hasImageExtension(name: string): boolean {
  return IMAGE_EXTENSIONS.includes(extensionOf(name));
}

/** Counts a file that is no image, by its extension. */
export function countOther(others: Map<string, number>, name: string): void {
  others.set(extensionOf(name), (others.get(extensionOf(name)) ?? 0) + 1);
}

export function inOrder(images: ImageFile[]): ImageFile[] {
  return images.sort((a, b) => compareCodePoints(a.name, b.name));
}

/** @param others  what was found instead: extension → files */
export function noImages(folder: string, others: ReadonlyMap<string, number>): GanMetricsError {
  return new GanMetricsError('NO_IMAGES', `No images in ${folder}: found ${inWords(others)}.`, {
    details: { folder, found: Object.fromEntries(others) },
  });
}

function extensionOf(name: string): string {
  return path.extname(name).slice(1).toLowerCase();
}

interface Walk {
  readonly images: ImageFile[];
  /** Extension → number of files that are no images. */
  readonly others: Map<string, number>;
}

interface Folder {
  readonly folder: string;
  readonly prefix: string;
  /** Real paths of this folder and those it lies in: a link back to one of them is a loop. */
  readonly above: readonly string[];
}

async function visit(walk: Walk, { folder, prefix, above }: Folder): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    if (isHidden(entry.name)) continue;
    const location = path.join(folder, entry.name);
    const name = prefix + entry.name;
    const kind = await kindOf(entry, location);
    if (kind === 'folder') {
      const real = entry.isSymbolicLink()
        ? await fs.realpath(location)
        : path.join(above.at(-1)!, entry.name);
      if (above.includes(real)) continue;
      await visit(walk, { folder: location, prefix: `${name}/`, above: [...above, real] });
    } else if (kind === 'file') {
      if (hasImageExtension(name)) walk.images.push({ path: location, name });
      else countOther(walk.others, name);
    }
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await fs.readdir(folder, { withFileTypes: true });
  } catch (error) {
    // Leaving out what cannot be listed would give a number of other images, unseen.
    const code = (error as NodeJS.ErrnoException).code;
    throw new GanMetricsError('INVALID_OPTION', `Cannot list the folder ${folder} (${code}).`, {
      cause: error,
    });
  }
}

async function kindOf(entry: Dirent, location: string): Promise<'file' | 'folder' | 'other'> {
  // A dangling link counts as a file, so that the missing image is reported and not left out unseen.
  const kind = entry.isSymbolicLink() ? await statOrUndefined(location) : entry;
  if (!kind || kind.isFile()) return 'file';
  return kind.isDirectory() ? 'folder' : 'other';
}

async function listedImages(files: readonly string[]): Promise<ImageFile[]> {
  if (files.length === 0) throw new GanMetricsError('NO_IMAGES', 'No images: the list of files is empty.');
  await inParallel(files, async (file) => {
    const stats = await statOrUndefined(file);
    if (!stats) throw invalidOption('source', 'a list of files that exist', file);
    if (!stats.isFile()) throw invalidOption('source', 'a list of files (or one folder)', file);
  });
  const absolute = files.map((file) => path.resolve(file));
  const folder = commonFolder(absolute);
  return files.map((file, i) => ({
    path: file,
    name: path.relative(folder, absolute[i]).split(path.sep).join('/'),
  }));
}

function commonFolder(files: readonly string[]): string {
  let folder = path.dirname(files[0]);
  for (const file of files) {
    while (!file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)) {
      // Two drives of one machine have no folder in common.
      if (folder === path.dirname(folder)) return folder;
      folder = path.dirname(folder);
    }
  }
  return folder;
}

function inWords(others: ReadonlyMap<string, number>): string {
  if (others.size === 0) return 'no files at all';
  const counts = [...others].sort((a, b) => b[1] - a[1]).slice(0, 5);
  const parts = counts.map(
    ([extension, n]) => `${n} ${extension ? `.${extension}` : 'without an extension'}`,
  );
  const total = [...others.values()].reduce((sum, n) => sum + n, 0);
  return `${total} other ${total === 1 ? 'file' : 'files'} (${parts.join(', ')}${others.size > 5 ? ', …' : ''})`;
}

async function statOrUndefined(location: string): Promise<Stats | undefined> {
  try {
    return await fs.stat(location);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw error;
  }
}
