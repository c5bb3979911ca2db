import { close as closeFile, open as openFile, read as readBytes, stat as statFile } from 'node:fs';
import { promisify } from 'node:util';
import { GanMetricsError, invalidOption } from '../errors';
import type { ImageFile } from './find-images';
import { inParallel } from './in-parallel';
import { readEncoded } from './read-image';
import { structureProblem, UNSURE } from './structure-problem';

/** An image that cannot be read, and why, in a few words for people. */
export interface BadImage extends ImageFile {
  readonly reason: string;
}

export interface CheckOptions {
  /** Files open at a time, 32 unless told. */
  readonly concurrency?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Looks at the first and the last bytes of every file, before any work is done with them: is it an image of
 * a known format, of sane dimensions, and not cut off? No pixels are decoded, so a file that passes may still
 * turn out damaged; but none is named bad that `decodeImage` reads. Only where the ends of a file leave
 * doubt all of it is read.
 *
 * @returns both lists in the order of `files`
 * @throws ABORTED, INVALID_OPTION
 */
export async function checkImages(
  files: readonly ImageFile[],
  { concurrency = 32, onProgress, signal }: CheckOptions = {},
): Promise<{ good: ImageFile[]; bad: BadImage[] }> {
  if (!(Number.isInteger(concurrency) && concurrency > 0)) {
    throw invalidOption('concurrency', 'a positive integer', concurrency);
  }
  let done = 0;
  const problems = await inParallel(
    files,
    async (file) => {
      if (signal?.aborted) {
        throw new GanMetricsError('ABORTED', 'The check of the images was stopped.', {
          cause: signal.reason,
        });
      }
      // Pixels as they are have no structure of their own.
      const problem = file.pixels ? undefined : await problemOf(file);
      onProgress?.(++done, files.length);
      return problem;
    },
    { limit: concurrency },
  );
  const bad = files.flatMap((file, i) => {
    const reason = problems[i];
    return reason === undefined ? [] : [{ ...file, reason }];
  });
  return { good: files.filter((_, i) => problems[i] === undefined), bad };
}

const HEAD_BYTES = 16_384;
const TAIL_BYTES = 4096;

// File handles of node:fs/promises cost as much as all the reading.
const open = promisify(openFile);
const read = promisify(readBytes);
const close = promisify(closeFile);
const stat = promisify(statFile);

async function problemOf(image: ImageFile): Promise<string | undefined> {
  try {
    // What is packed has no ends to look at.
    const problem = image.entry?.deflated ? UNSURE : structureProblem(await readEnds(image));
    if (problem !== UNSURE) return problem;
    const bytes = await readEncoded(image);
    return structureProblem({ size: bytes.length, head: bytes, tail: bytes });
  } catch (error) {
    if (error instanceof GanMetricsError && typeof error.details.reason === 'string')
      return error.details.reason;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined || error instanceof GanMetricsError) throw error;
    return code === 'ENOENT' ? 'missing file' : `cannot be opened (${code})`;
  }
}

async function readEnds({
  path,
  entry,
}: ImageFile): Promise<{ size: number; head: Uint8Array; tail: Uint8Array }> {
  const start = entry?.at ?? 0;
  const file = await open(path, 'r');
  try {
    const wanted = Math.min(HEAD_BYTES, entry?.bytes ?? HEAD_BYTES);
    const first = await read(file, Buffer.allocUnsafe(wanted), 0, wanted, start);
    const head = first.buffer.subarray(0, first.bytesRead);
    if (first.bytesRead < HEAD_BYTES) return { size: head.length, head, tail: head };
    const size = entry?.bytes ?? (await stat(path)).size;
    const tailAt = Math.max(0, size - TAIL_BYTES);
    const last = await read(
      file,
      Buffer.allocUnsafe(TAIL_BYTES),
      0,
      Math.min(TAIL_BYTES, size - tailAt),
      start + tailAt,
    );
    return { size, head, tail: last.buffer.subarray(0, last.bytesRead) };
  } finally {
    await close(file);
  }
}
