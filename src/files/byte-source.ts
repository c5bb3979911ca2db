import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { GanMetricsError, invalidOption } from '../errors';
import { corruptFile } from './corrupt-file';

/** Bytes that are read in pieces, so that a file of gigabytes takes no memory but for what is wanted of it. */
export interface ByteSource {
  /** What messages call it. */
  readonly name: string;
  readonly size: number;
  /** `length` bytes from byte `at`, both within `size`; where it is memory already, a view. */
  read(at: number, length: number): Uint8Array;
}

export function memorySource(bytes: Uint8Array, name: string): ByteSource {
  return { name, size: bytes.byteLength, read: (at, length) => bytes.subarray(at, at + length) };
}

/**
 * Hands `body` a file opened for reading, and closes it.
 *
 * @throws INVALID_OPTION where there is no such file or it cannot be opened
 */
export async function withFileSource<Result>(
  file: string,
  body: (source: ByteSource) => Result | Promise<Result>,
): Promise<Result> {
  const handle = openForReading(file);
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) throw invalidOption('source', 'a file', file);
    const read = (at: number, length: number) => {
      const bytes = new Uint8Array(length);
      if (fillFrom(handle, bytes, at) < length) {
        throw corruptFile(file, `it became shorter than ${at + length} bytes while it was read`);
      }
      return bytes;
    };
    return await body({ name: file, size: stats.size, read });
  } finally {
    closeSync(handle);
  }
}

/** The most that one system call is asked for; some take no more than 2³¹ − 1. */
const LARGEST_READ = 2 ** 30;

function fillFrom(handle: number, bytes: Uint8Array, at: number): number {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(LARGEST_READ, bytes.length - done);
    const count = readSync(handle, bytes, done, length, at + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

function openForReading(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw invalidOption('source', 'a file that exists', file);
    throw new GanMetricsError('INVALID_OPTION', `Cannot open ${file} (${code}).`, { cause });
  }
}
