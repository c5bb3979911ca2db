import { statSync } from 'node:fs';
import type { SharpConstructor } from 'sharp';
import { type FoundImages, findImages, type ImageFile } from '../images/find-images';
import { imagesInArchive, isImageArchive } from '../images/image-archive';
import { imagesInArray } from '../images/image-array';
import { readImage } from '../images/read-image';

/** Pixels of the longer side; smaller images stay as they are. */
const SIDE = 160;

/** Small copies of a set's images as data URIs, made one by one. */
export interface Thumbnails {
  /** null for an image that is not in the set or cannot be read: a page is not to fail by a picture. */
  of(name: string): Promise<string | null>;
  /** To be called when no more are needed. */
  release(): Promise<void>;
}

/**
 * Opens a set for thumbnails: a folder, a list of files, an archive, or a file of many. A set that cannot be opened, or holds no
 * images, has none.
 */
export async function openThumbnails(source: string | readonly string[]): Promise<Thumbnails> {
  const sharp = await import('sharp').then(
    (module) => module.default,
    () => null,
  );
  const { files, release } = await open(source);
  if (!sharp) return { of: async () => null, release };
  const byName = new Map(files.map((file) => [file.name, file]));
  return {
    async of(name) {
      const file = byName.get(name);
      return file ? shrink(sharp, file).catch(() => null) : null;
    },
    release,
  };
}

async function open(source: string | readonly string[]): Promise<FoundImages> {
  try {
    if (typeof source === 'string' && statSync(source).isFile()) {
      return (await isImageArchive(source)) ? await imagesInArchive(source) : await imagesInArray(source);
    }
    return { files: await findImages(source), release: async () => {} };
  } catch {
    return { files: [], release: async () => {} };
  }
}

/** Small ones keep every pixel; of larger ones, JPEG is a tenth of the bytes. */
async function shrink(sharp: SharpConstructor, file: ImageFile): Promise<string> {
  const { data, width, height } = await readImage(file);
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  if (Math.max(width, height) <= SIDE / 2) {
    return `data:image/png;base64,${(await image.png().toBuffer()).toString('base64')}`;
  }
  const small = image.resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true });
  return `data:image/jpeg;base64,${(await small.jpeg({ quality: 78 }).toBuffer()).toString('base64')}`;
}
