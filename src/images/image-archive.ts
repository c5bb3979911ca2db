import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GanMetricsError } from '../errors';
import { type ByteSource, withFileSource } from '../files/byte-source';
import { corruptFile } from '../files/corrupt-file';
import { readTarDirectory } from '../files/tar';
import { type TemporaryFile, temporaryFile } from '../files/temporary-file';
import { DEFLATED, locateZipEntry, readZipDirectory } from '../files/zip';
import {
  countOther,
  type FoundImages,
  hasImageExtension,
  type ImageFile,
  inOrder,
  isHidden,
  noImages,
} from './find-images';

/** Whether a file is an archive of files, and not one of arrays: told by its content, but for gzip by its name. */
export async function isImageArchive(file: string): Promise<boolean> {
  return withFileSource(file, (source) => {
    const start = Buffer.from(source.read(0, Math.min(source.size, TAR_MAGIC_AT + 5))).toString('latin1');
    if (start.startsWith('\x1f\x8b')) return /\.(tgz|tar\.gz)$/i.test(file);
    if (!start.startsWith('PK')) return start.startsWith('ustar', TAR_MAGIC_AT);
    return ![...readZipDirectory(source).keys()].some((name) => name.endsWith('.npy'));
  });
}

const TAR_MAGIC_AT = 257;

/**
 * The images of a `.zip` or `.tar` archive, chosen, named and ordered as those of a folder. They are read from where
 * they lie; a gzipped tar is unfolded into the system's folder for temporary files first.
 *
 * @throws CORRUPT_FILE, NO_IMAGES, ABORTED, INVALID_OPTION where there is no such file
 */
export async function imagesInArchive(file: string, signal?: AbortSignal): Promise<FoundImages> {
  const gzipped = await withFileSource(file, (source) => source.size > 0 && source.read(0, 1)[0] === 0x1f);
  if (!gzipped) return { files: await filesIn(file, file), release: async () => {} };
  const unfolded = await gunzip(file, signal);
  try {
    return { files: await filesIn(unfolded.path, file), release: unfolded.release };
  } catch (error) {
    await unfolded.release();
    throw error;
  }
}

/** @param archive  what messages call it */
async function filesIn(path: string, archive: string): Promise<ImageFile[]> {
  return withFileSource(path, (opened) => {
    const source = { ...opened, name: archive };
    const zipped = source.size > 1 && source.read(0, 2)[0] === 0x50;
    const images: ImageFile[] = [];
    const others = new Map<string, number>();
    for (const { name, entry } of zipped ? zipEntries(source) : tarEntries(source)) {
      // Some write "./a.png".
      const inside = name.replace(/^(\.\/)+/, '');
      if (inside === '' || inside.endsWith('/') || inside.split('/').some(isHidden)) continue;
      if (hasImageExtension(inside)) images.push({ path, name: inside, entry });
      else countOther(others, inside);
    }
    if (images.length === 0) throw noImages(archive, others);
    return inOrder(images);
  });
}

type Listed = { readonly name: string; readonly entry: NonNullable<ImageFile['entry']> };

function zipEntries(source: ByteSource): Listed[] {
  return [...readZipDirectory(source).values()].map((each) => ({
    name: each.name,
    entry: {
      at: locateZipEntry(source, each).at,
      packedBytes: each.compressedBytes,
      bytes: each.bytes,
      deflated: each.method === DEFLATED,
      // Writers that skip checksums leave the field 0.
      crc: each.crc || null,
    },
  }));
}

function tarEntries(source: ByteSource): Listed[] {
  return readTarDirectory(source).map(({ name, at, bytes }) => ({
    name,
    entry: { at, packedBytes: bytes, bytes, deflated: false, crc: null },
  }));
}

async function gunzip(file: string, signal: AbortSignal | undefined): Promise<TemporaryFile> {
  return temporaryFile(async (handle) => {
    try {
      // The pipeline destroys both ends where one fails; what failed comes out of the loop.
      const unfolded = pipeline(createReadStream(file), createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
      for await (const chunk of unfolded as AsyncIterable<Buffer>) {
        signal?.throwIfAborted();
        await handle.appendFile(chunk);
      }
    } catch (cause) {
      if (signal?.aborted) throw new GanMetricsError('ABORTED', `Reading ${file} was stopped.`, { cause });
      const { code } = cause as NodeJS.ErrnoException;
      throw code?.startsWith('Z_')
        ? corruptFile(file, 'its gzip stream is damaged or ends early', cause)
        : cause;
    }
  });
}

const CHUNK_BYTES = 2 ** 20;
