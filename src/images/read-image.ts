import { open, readFile } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { decodeNumbers } from '../files/npy';
import { decodeImage } from './decode';
import type { ArchiveEntry, ImageFile } from './find-images';
import type { RgbImage } from './image';
import { corruptImage } from './image-error';
import { requireInRange, toRgb } from './pixel-values';

/**
 * The pixels of one image of a set: decoded, or made of the values that lie in memory or in a file.
 *
 * @throws what `decodeImage` throws, and what the file system does; VALUES_OUT_OF_RANGE, NOT_FINITE of values
 */
export async function readImage(file: ImageFile): Promise<RgbImage> {
  const { path, name, pixels, image } = file;
  if (image) return image;
  if (!pixels) return decodeImage(await readEncoded(file), name);
  const { at, descr, itemBytes, ...form } = pixels;
  const count = form.width * form.height * form.channels;
  const values = decodeNumbers(
    await readPart(path, { at, length: count * itemBytes, name }),
    { descr, count, itemBytes },
    name,
  );
  if (form.range) requireInRange(values, form.range, name);
  return toRgb(values, form);
}

/**
 * The bytes of an encoded image, wherever it lies.
 *
 * @throws CORRUPT_FILE where an archive's entry is damaged, and what the file system throws
 */
export async function readEncoded({ path, name, entry }: ImageFile): Promise<Uint8Array> {
  if (!entry) return readFile(path);
  const packed = await readPart(path, { at: entry.at, length: entry.packedBytes, name });
  const bytes = entry.deflated ? inflate(packed, entry, name) : packed;
  if (bytes.length !== entry.bytes || (entry.crc !== null && crc32(bytes) !== entry.crc)) {
    throw corruptImage(name, 'damaged in its archive (its size or checksum is wrong)');
  }
  return bytes;
}

function inflate(packed: Uint8Array, { bytes }: ArchiveEntry, name: string): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
  } catch (cause) {
    throw corruptImage(name, 'damaged in its archive (it cannot be decompressed)', cause);
  }
}

async function readPart(
  path: string,
  { at, length, name }: { at: number; length: number; name: string },
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const file = await open(path, 'r');
  try {
    const { bytesRead } = await file.read(bytes, 0, length, at);
    if (bytesRead < length) throw corruptImage(name, 'the file became shorter while it was read');
  } finally {
    await file.close();
  }
  return bytes;
}
