import { constants, crc32, inflateRawSync } from 'node:zlib';
import type { ByteSource } from './byte-source';
import { corruptFile, type MemoryBudget } from './corrupt-file';

/** A file inside a zip archive, as the archive's central directory describes it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  /** Where its local header begins. */
  readonly at: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const END_64_BYTES = 56;
const LOCATOR_BYTES = 20;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const ENCRYPTED = 1;
export const STORED = 0;
export const DEFLATED = 8;

/** A directory larger than this lists half a million files and more: no checkpoint and no array archive. */
const LARGEST_DIRECTORY = 64 * 2 ** 20;

/**
 * The entries of a zip archive (zip64 too), from its central directory, by name.
 *
 * @throws CORRUPT_FILE where the directory is missing, cut short or names a file twice
 * @see APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16
 */
export function readZipDirectory(archive: ByteSource): Map<string, ZipEntry> {
  const file = archive.name;
  const directory = locateDirectory(archive);
  const { length } = directory;
  if (!(length >= 0 && length <= LARGEST_DIRECTORY)) {
    throw corruptFile(file, `its zip directory claims to begin at byte ${directory.at}`);
  }
  const bytes = archive.read(directory.at, length);
  const view = viewOf(bytes);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < directory.entries; i++) {
    if (at + CENTRAL_BYTES > length || view.getUint32(at, true) !== CENTRAL) {
      throw corruptFile(
        file,
        `entry ${i} of ${directory.entries} of the zip directory is missing at byte ${directory.at + at}`,
      );
    }
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const end = at + CENTRAL_BYTES + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (end > length) throw corruptFile(file, `the zip directory ends early at byte ${directory.at + at}`);
    const nameAt = at + CENTRAL_BYTES;
    const name = Buffer.from(bytes.subarray(nameAt, nameAt + nameBytes)).toString('utf8');
    if (entries.has(name)) throw corruptFile(file, `the zip directory names ${name} twice`);
    const extra = { from: nameAt + nameBytes, to: nameAt + nameBytes + extraBytes };
    entries.set(name, centralEntry(view, at, { name, extra, file }));
    at = end;
  }
  return entries;
}

/**
 * Where the content of an entry lies in the archive, as it is packed.
 *
 * @throws CORRUPT_FILE where it reaches outside the archive
 */
export function locateZipEntry(archive: ByteSource, entry: ZipEntry): { at: number; length: number } {
  const { at, name, compressedBytes } = entry;
  const header = at + LOCAL_BYTES <= archive.size ? viewOf(archive.read(at, LOCAL_BYTES)) : undefined;
  if (header?.getUint32(0, true) !== LOCAL) {
    throw corruptFile(archive.name, `the zip entry ${name} is missing at byte ${at}`);
  }
  // The local header's lengths may differ from the directory's: alignment padding lives in its extra field.
  const from = at + LOCAL_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
  if (from + compressedBytes > archive.size) {
    throw corruptFile(archive.name, `the zip entry ${name} reaches beyond the end of the file`);
  }
  return { at: from, length: compressedBytes };
}

/**
 * The bytes of an entry, checked against its CRC; a stored entry of an archive in memory is a view, not a copy.
 *
 * @throws CORRUPT_FILE where it reaches outside the archive, fails its CRC, or unfolds to more than it claims or
 *   `budget` allows
 */
export function readZipEntry(archive: ByteSource, entry: ZipEntry, budget: MemoryBudget): Uint8Array {
  const file = archive.name;
  const { name } = entry;
  const { at, length } = locateZipEntry(archive, entry);
  if (entry.method === DEFLATED) budget(entry.bytes);
  const packed = archive.read(at, length);
  const content = entry.method === STORED ? packed : inflate(packed, entry, file);
  if (content.byteLength !== entry.bytes) {
    throw corruptFile(
      file,
      `the zip entry ${name} has ${content.byteLength} bytes instead of ${entry.bytes}`,
    );
  }
  requireChecksum(entry, crc32(content), file);
  return content;
}

/** Throws unless `crc` is the entry's. Writers that skip checksums leave the field 0. */
export function requireChecksum({ crc, name }: ZipEntry, actual: number, file: string): void {
  if (crc === 0 || crc === actual) return;
  throw corruptFile(file, `the checksum of the zip entry ${name} does not match its content`);
}

/** How much of a deflated entry is looked at for its beginning: it unfolds to 4 MiB at the most. */
const PEEKED_BYTES = 4096;

/** The first bytes of an entry, a few thousand unless it is shorter, with nothing checked. */
export function peekZipEntry(archive: ByteSource, entry: ZipEntry): Uint8Array {
  const { at, length } = locateZipEntry(archive, entry);
  const packed = archive.read(at, Math.min(length, PEEKED_BYTES));
  if (entry.method === STORED) return packed;
  try {
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    throw cannotInflate(entry, archive.name, cause);
  }
}

function inflate(packed: Uint8Array, entry: ZipEntry, file: string): Uint8Array {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.bytes) });
  } catch (cause) {
    throw cannotInflate(entry, file, cause);
  }
}

/** A deflated entry that is damaged, or unfolds to more than it claims. */
export function cannotInflate({ name }: ZipEntry, file: string, cause: unknown) {
  return corruptFile(file, `the zip entry ${name} cannot be decompressed`, cause);
}

function centralEntry(
  view: DataView,
  at: number,
  { name, extra, file }: { name: string; extra: { from: number; to: number }; file: string },
): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  if (flags & ENCRYPTED || (method !== STORED && method !== DEFLATED)) {
    throw corruptFile(file, `the zip entry ${name} is encrypted or uses compression method ${method}`);
  }
  const wide = zip64Fields(view, extra);
  const field = (value: number) => (value === 0xffffffff ? (wide.shift() ?? value) : value);
  // The zip64 field lists only those that do not fit 32 bits, in this order.
  const bytes = field(view.getUint32(at + 24, true));
  const compressedBytes = field(view.getUint32(at + 20, true));
  const localAt = field(view.getUint32(at + 42, true));
  return { name, method, crc: view.getUint32(at + 16, true), compressedBytes, bytes, at: localAt };
}

function zip64Fields(view: DataView, { from, to }: { from: number; to: number }): number[] {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = Math.min(to, at + 4 + view.getUint16(at + 2, true));
    const fields: number[] = [];
    for (let i = at + 4; i + 8 <= end; i += 8) fields.push(Number(view.getBigUint64(i, true)));
    return fields;
  }
  return [];
}

function locateDirectory(archive: ByteSource): { entries: number; at: number; length: number } {
  // The end record is followed by nothing but a comment of at most 65535 bytes.
  const start = Math.max(0, archive.size - END_BYTES - 0xffff - LOCATOR_BYTES);
  const view = viewOf(archive.read(start, archive.size - start));
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const locator = at - LOCATOR_BYTES;
    if (locator >= 0 && view.getUint32(locator, true) === END_64_LOCATOR) {
      const wideAt = Number(view.getBigUint64(locator + 8, true));
      const wide =
        wideAt + END_64_BYTES <= archive.size ? viewOf(archive.read(wideAt, END_64_BYTES)) : undefined;
      if (wide?.getUint32(0, true) === END_64) {
        const directoryAt = Number(wide.getBigUint64(48, true));
        const entries = Number(wide.getBigUint64(32, true));
        return { entries, at: directoryAt, length: wideAt - directoryAt };
      }
    }
    const directoryAt = view.getUint32(at + 16, true);
    return { entries: view.getUint16(at + 10, true), at: directoryAt, length: start + at - directoryAt };
  }
  throw corruptFile(
    archive.name,
    'the directory at the end of the zip archive is missing, so the file ends early',
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
