import { createReadStream, statSync } from 'node:fs';
import { mkdtemp, open as openFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { GanMetricsError } from '../errors';
import { type ByteSource, withFileSource } from '../files/byte-source';
import { corruptFile } from '../files/corrupt-file';
import { type NpyHeader, readNpyHeader, unsupportedArray } from '../files/npy-header';
import { openNpz } from '../files/npz';
import { cannotInflate, locateZipEntry, requireChecksum, STORED, type ZipEntry } from '../files/zip';
import type { ImageFile } from './find-images';

/** Images that lie side by side in one file. */
export interface ImageArray {
  readonly files: readonly ImageFile[];
  /** Removes what was unfolded on disk. To be called when the images are no longer needed. */
  release(): Promise<void>;
}

/** True for an existing file, as opposed to a folder of images. */
export function isImageArrayPath(source: string): boolean {
  return statSync(source, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * The images of a batch as ADM's tools write it: `arr_0` of an `.npz`, or an `.npy` file, n × height × width × 3
 * bytes. They are read from where they lie, one by one; a deflated batch is unfolded into the system's folder for
 * temporary files first. The checksum is verified here.
 *
 * @throws CORRUPT_FILE, UNSAFE_FILE; UNSUPPORTED_FILE for any other array; INVALID_OPTION where it does not fit the
 *   disk; ABORTED
 */
export async function imagesInArray(file: string, signal?: AbortSignal): Promise<ImageArray> {
  return withFileSource(file, async (source) => {
    const start = source.read(0, Math.min(source.size, 65_536));
    const zipped = start[0] === 0x50 && start[1] === 0x4b;
    if (!zipped) {
      const header = requireImages(readNpyHeader(start, { name: file, size: source.size }), file);
      return { files: itemsOf(header, { file, path: file, at: header.dataAt }), release: async () => {} };
    }
    const npz = openNpz(source);
    if (!npz.has(NAME)) throw unsupportedArray(file, `no ${NAME}, as batches of images have it`);
    const header = requireImages(npz.header(NAME), file);
    const entry = npz.entry(NAME);
    const { at, length } = locateZipEntry(source, entry);
    const packed = createReadStream(file, { start: at, end: at + length - 1 });
    if (entry.method === STORED) {
      await readThrough(packed, entry, { file, signal });
      return {
        files: itemsOf(header, { file, path: file, at: at + header.dataAt }),
        release: async () => {},
      };
    }
    return unfold(packed, entry, { source, header, signal });
  });
}

const NAME = 'arr_0';

function requireImages(header: NpyHeader, file: string): NpyHeader {
  const { descr, shape, fortran } = header;
  const sound = shape.length === 4 && shape[3] === 3 && descr === '|u1' && !fortran;
  if (sound && shape.every((length) => length > 0)) return header;
  throw new GanMetricsError(
    'UNSUPPORTED_FILE',
    `${file} holds ${shape.join(' × ')} values of type ${descr}${fortran ? ', column-major' : ''}, where images were expected: n × height × width × 3 bytes.`,
    { details: { file, shape, descr } },
  );
}

function itemsOf(
  { shape: [n, height, width] }: NpyHeader,
  { file, path: location, at }: { file: string; path: string; at: number },
): ImageFile[] {
  const bytes = height * width * 3;
  const name = path.basename(file);
  return Array.from({ length: n }, (_, i) => ({
    path: location,
    name: `${name}[${i}]`,
    pixels: { at: at + i * bytes, width, height },
  }));
}

async function unfold(
  packed: Readable,
  entry: ZipEntry,
  { source, header, signal }: { source: ByteSource; header: NpyHeader; signal: AbortSignal | undefined },
): Promise<ImageArray> {
  const file = source.name;
  await requireSpace(entry.bytes, file);
  const folder = await mkdtemp(path.join(tmpdir(), 'gan-metrics-images-'));
  const release = () => rm(folder, { recursive: true, force: true });
  const location = path.join(folder, 'pixels');
  try {
    const handle = await openFile(location, 'w');
    try {
      // The pipeline destroys both ends where one fails; what failed comes out of the loop.
      const inflated = pipeline(packed, createInflateRaw(), () => {});
      await readThrough(inflated, entry, { file, signal, onChunk: (chunk) => handle.appendFile(chunk) });
    } finally {
      await handle.close();
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { files: itemsOf(header, { file, path: location, at: header.dataAt }), release };
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
