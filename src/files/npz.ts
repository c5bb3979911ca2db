import type { ByteSource } from './byte-source';
import { memoryBudget } from './corrupt-file';
import { decodeNpy, decodeNpyText, type NdArray } from './npy';
import { type NpyHeader, readNpyHeader } from './npy-header';
import { peekZipEntry, readZipDirectory, readZipEntry, type ZipEntry } from './zip';

/** A numpy archive: a zip of `NAME.npy`. Arrays are read when they are asked for. */
export interface Npz {
  readonly file: string;
  /** Names of its arrays, in their order. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Type and shape, from the first bytes alone. */
  header(name: string): NpyHeader;
  numbers(name: string): NdArray;
  text(name: string): string;
  entry(name: string): ZipEntry;
}

/**
 * Opens a numpy archive. What its arrays unfold to is bounded by eight times its size, and 64 MiB.
 *
 * @throws CORRUPT_FILE; its methods also UNSAFE_FILE, UNSUPPORTED_FILE
 */
export function openNpz(archive: ByteSource): Npz {
  const entries = readZipDirectory(archive);
  const budget = memoryBudget(archive.name, archive.size);
  const entry = (name: string) => entries.get(name + EXTENSION)!;
  const called = (name: string) => `${archive.name} (${name})`;
  const header = (name: string) =>
    readNpyHeader(peekZipEntry(archive, entry(name)), { name: called(name), size: entry(name).bytes });
  // The header is judged before anything is unfolded.
  const content = (name: string) => header(name) && readZipEntry(archive, entry(name), budget);
  return {
    file: archive.name,
    names: [...entries.keys()]
      .filter((name) => name.endsWith(EXTENSION))
      .map((name) => name.slice(0, -EXTENSION.length)),
    has: (name) => entries.has(name + EXTENSION),
    entry,
    header,
    numbers: (name) => decodeNpy(content(name), called(name)),
    text: (name) => decodeNpyText(content(name), called(name)),
  };
}

const EXTENSION = '.npy';
