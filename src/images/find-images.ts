import { type Dirent, promises as fs, type Stats } from 'node:fs';
import path from 'node:path';
import { GanMetricsError, invalidOption } from '../errors';
import { IMAGE_EXTENSIONS } from './image-format';
import { inParallel } from './in-parallel';

/** One image of a set. */
export interface ImageFile {
  /** The path to open it by. */
  readonly path: string;
  /** Its path inside the folder, with `/` on every system: it names the image in results and messages. */
  readonly name: string;
  /** Where its pixels lie in the file, 8-bit RGB: of a batch of images. Absent: the file is the image, encoded. */
  readonly pixels?: { readonly at: number; readonly width: number; readonly height: number };
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
  if (walk.images.length === 0) {
    throw new GanMetricsError('NO_IMAGES', `No images in ${folder}: found ${inWords(walk.others)}.`, {
      details: { folder, found: Object.fromEntries(walk.others) },
    });
  }
  return walk.images.sort((a, b) => compareCodePoints(a.name, b.name));
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
    if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue;
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
      const extension = path.extname(name).slice(1).toLowerCase();
      if (IMAGE_EXTENSIONS.includes(extension)) walk.images.push({ path: location, name });
      else walk.others.set(extension, (walk.others.get(extension) ?? 0) + 1);
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
