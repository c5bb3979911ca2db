import { open, readFile } from 'node:fs/promises';
import { decodeImage } from './decode';
import type { ImageFile } from './find-images';
import type { RgbImage } from './image';
import { corruptImage } from './image-error';

/**
 * The pixels of one image of a set: decoded, or read from where they lie as they are.
 *
 * @throws what `decodeImage` throws, and what the file system does
 */
export async function readImage({ path, name, pixels }: ImageFile): Promise<RgbImage> {
  if (!pixels) return decodeImage(await readFile(path), name);
  const { at, width, height } = pixels;
  const data = new Uint8Array(width * height * 3);
  const file = await open(path, 'r');
  try {
    const { bytesRead } = await file.read(data, 0, data.length, at);
    if (bytesRead < data.length) throw corruptImage(name, 'the file became shorter while it was read');
  } finally {
    await file.close();
  }
  return { width, height, data };
}
