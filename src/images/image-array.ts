import { createReadStream } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { GanMetricsError } from '../errors';
import { type ByteSource, withFileSource } from '../files/byte-source';
import { corruptFile } from '../files/corrupt-file';
import { type ImageBlock, type ImageLayout, imageBlock, isImageArray } from '../files/image-block';
import { type NpyHeader, readNpyHeader, unsupportedArray } from '../files/npy-header';
import { openNpz } from '../files/npz';
import { temporaryFile } from '../files/temporary-file';
import { cannotInflate, locateZipEntry, requireChecksum, STORED, type ZipEntry } from '../files/zip';
import type { FoundImages, ImageFile } from './find-images';
import { requireRange, type ValueRange } from './pixel-values';

export interface ArrayOptions {
  /** What black and white are; floats need it. */
  readonly range?: ValueRange | undefined;
  /** Default: the one that fits the shape. */
  readonly layout?: ImageLayout | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The images of a batch: `arr_0` of an `.npz`, as ADM's tools write it, or an `.npy` file; n × height × width ×
 * channels, or channels first, bytes or floats of a stated range. They are read from where they lie, one by one; a
 * deflated batch is unfolded into the system's folder for temporary files first. The checksum is verified here.
 *
 * @throws CORRUPT_FILE, UNSAFE_FILE; UNSUPPORTED_FILE for any other array; INVALID_OPTION where it does not fit the
 *   disk, or floats come without a range; ABORTED
 */
export async function imagesInArray(
  file: string,
  { signal, ...form }: ArrayOptions = {},
): Promise<FoundImages> {
  return withFileSource(file, async (source) => {
    const start = source.read(0, Math.min(source.size, 65_536));
    const zipped = start[0] === 0x50 && start[1] === 0x4b;
    if (!zipped) {
      const images = requireImages(readNpyHeader(start, { name: file, size: source.size }), file, form);
      return { files: itemsOf(images, { file, path: file }), release: async () => {} };
    }
    const npz = openNpz(source);
    if (!npz.has(NAME)) throw unsupportedArray(file, `no ${NAME}, as batches of images have it`);
    const images = requireImages(npz.header(NAME), file, form);
    const entry = npz.entry(NAME);
    const { at, length } = locateZipEntry(source, entry);
    const packed = createReadStream(file, { start: at, end: at + length - 1 });
    if (entry.method === STORED) {
      await readThrough(packed, entry, { file, signal });
      return { files: itemsOf(images, { file, path: file, offset: at }), release: async () => {} };
    }
    return unfold(packed, entry, { source, images, signal });
  });
}

const NAME = 'arr_0';

/** An array's header, and how its values are images. */
interface ImagesOf {
  readonly header: NpyHeader;
  readonly block: ImageBlock;
  readonly range: ValueRange | undefined;
}

function requireImages(
  header: NpyHeader,
  file: string,
  { layout, range }: Pick<ArrayOptions, 'layout' | 'range'>,
): ImagesOf {
  const { descr, shape, fortran } = header;
  const block = isImageArray(header) ? imageBlock(shape, layout) : undefined;
  if (!block) {
    const wanted = layout === 'nchw' ? 'n × channels × height × width' : 'n × height × width × channels';
    throw new GanMetricsError(
      'UNSUPPORTED_FILE',
      `${file} holds ${shape.join(' × ')} values of type ${descr}${fortran ? ', column-major' : ''}, where images were expected: ${wanted}, bytes or floats.`,
      { details: { file, shape, descr } },
    );
  }
  return { header, block, range: requireRange(range, { integers: !descr.includes('f'), where: file }) };
}

function itemsOf(
  { header, block, range }: ImagesOf,
  { file, path: location, offset = 0 }: { file: string; path: string; offset?: number },
): ImageFile[] {
  const { count, ...form } = block;
  const { descr, itemBytes, dataAt } = header;
  const bytes = form.height * form.width * form.channels * itemBytes;
  const name = path.basename(file);
  return Array.from({ length: count }, (_, i) => ({
    path: location,
    name: `${name}[${i}]`,
    pixels: { ...form, range, descr, itemBytes, at: offset + dataAt + i * bytes },
  }));
}

async function unfold(
  packed: Readable,
  entry: ZipEntry,
  { source, images, signal }: { source: ByteSource; images: ImagesOf; signal: AbortSignal | undefined },
): Promise<FoundImages> {
  const file = source.name;
  await requireSpace(entry.bytes, file);
  const unfolded = await temporaryFile(async (handle) => {
    // The pipeline destroys both ends where one fails; what failed comes out of the loop.
    const inflated = pipeline(packed, createInflateRaw(), () => {});
    await readThrough(inflated, entry, { file, signal, onChunk: (chunk) => handle.appendFile(chunk) });
  });
  return { files: itemsOf(images, { file, path: unfolded.path }), release: unfolded.release };
}

/** Reads an entry to its end: it must be as long as it claims, and match its checksum. */
async function readThrough(
  content: Readable,
  entry: ZipEntry,
  {
    file,
    signal,
    onChunk,
  }: { file: string; signal: AbortSignal | undefined; onChunk?: (chunk: Buffer) => Promise<void> },
): Promise<void> {
  let bytes = 0;
  let crc = 0;
  try {
    for await (const chunk of content as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > entry.bytes) break;
      crc = crc32(chunk, crc);
      await onChunk?.(chunk);
    }
  } catch (cause) {
    if (signal?.aborted) throw new GanMetricsError('ABORTED', `Reading ${file} was stopped.`, { cause });
    const { code } = cause as NodeJS.ErrnoException;
    throw code?.startsWith('Z_') ? cannotInflate(entry, file, cause) : cause;
  }
  if (bytes !== entry.bytes) {
    const found = bytes > entry.bytes ? 'unfolds to more' : `has ${bytes}`;
    throw corruptFile(file, `its entry ${entry.name} claims ${entry.bytes} bytes but ${found}`);
  }
  requireChecksum(entry, crc, file);
}

async function requireSpace(bytes: number, file: string): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  if (bytes <= bavail * bsize) return;
  throw new GanMetricsError(
    'INVALID_OPTION',
    `${file} is deflated and unfolds to ${bytes} bytes, more than are free in ${tmpdir()}. Free space there, set TMPDIR to another folder, or save it uncompressed (numpy.savez).`,
    { details: { file, bytes } },
  );
}
