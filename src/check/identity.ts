import { createHash } from 'node:crypto';
import { createReadStream, promises as fs } from 'node:fs';
import path from 'node:path';
import { findImages } from '../images/find-images';
import { inParallel } from '../images/in-parallel';

/**
 * What set of images a source is, drawn from or not: a hash of the names and sizes of its images, which costs no reading
 * and is the same on every machine; of a file, of its bytes.
 *
 * Statistics would not do: their last bits differ between runtimes, and rounding only moves the border on which two
 * machines disagree.
 *
 * @param source  a folder or a file
 */
export async function referenceIdentity(source: string): Promise<string> {
  if (await isFile(source)) return hashFile(source);
  const images = await findImages(source);
  const sizes = await inParallel(images, async (image) => (await fs.stat(image.path)).size);
  const hash = createHash('sha256');
  for (const [i, { name }] of images.entries()) hash.update(`${name}\0${sizes[i]}\n`);
  return `sha256:${hash.digest('hex')}`;
}

/**
 * Which bytes went into a run: a hash of those of every image, in their order, with the folders that are their classes.
 * Equal ones leave nothing to chance. Names do not count.
 *
 * @param source   a folder or a file
 * @param options  names: of the images that were used; limit, seed: of the draw from a file
 */
export async function contentsIdentity(
  source: string,
  {
    names,
    limit,
    seed,
  }: { readonly names: readonly string[]; readonly limit: number | undefined; readonly seed: number },
): Promise<string> {
  if (await isFile(source)) {
    const whole = await hashFile(source);
    return limit === undefined ? whole : `${whole}, ${limit} drawn with seed ${seed}`;
  }
  const hashes = await inParallel(names, (name) => hashFile(path.join(source, name)), { limit: 8 });
  const hash = createHash('sha256');
  for (const [i, name] of names.entries()) hash.update(`${path.posix.dirname(name)}\0${hashes[i]}\n`);
  return `sha256:${hash.digest('hex')}`;
}

async function isFile(source: string): Promise<boolean> {
  return (await fs.stat(source)).isFile();
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return `sha256:${hash.digest('hex')}`;
}
