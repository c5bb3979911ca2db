import { crc32, inflateRawSync } from 'node:zlib';
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
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

/**
 * The entries of a zip archive (zip64 too), from its central directory, by name.
 *
 * @param archive  the whole file
 * @throws CORRUPT_FILE where the directory is missing, cut short or names a file twice
 * @see APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16
 */
export function readZipDirectory(archive: Uint8Array, file: string): Map<string, ZipEntry> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const directory = locateDirectory(view, file);
  const entries = new Map<string, ZipEntry>();
  let at = directory.at;
  for (let i = 0; i < directory.entries; i++) {
    if (at + CENTRAL_BYTES > view.byteLength || view.getUint32(at, true) !== CENTRAL) {
      throw corruptFile(
        file,
        `entry ${i} of ${directory.entries} of the zip directory is missing at byte ${at}`,
      );
    }
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const end = at + CENTRAL_BYTES + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (end > view.byteLength) throw corruptFile(file, `the zip directory ends early at byte ${at}`);
    const nameAt = at + CENTRAL_BYTES;
    const name = Buffer.from(archive.subarray(nameAt, nameAt + nameBytes)).toString('utf8');
    if (entries.has(name)) throw corruptFile(file, `the zip directory names ${name} twice`);
    const extra = { from: nameAt + nameBytes, to: nameAt + nameBytes + extraBytes };
    entries.set(name, centralEntry(view, at, { name, extra, file }));
    at = end;
  }
  return entries;
}

/**
 * The bytes of an entry, checked against its CRC; a stored entry is a view into the archive, not a copy.
 *
 * @throws CORRUPT_FILE where it reaches outside the archive, fails its CRC, or is packed in a way that
 *   PyTorch never writes
 */
export function readZipEntry(
  archive: Uint8Array,
  entry: ZipEntry,
  { file, budget }: { file: string; budget: MemoryBudget },
): Uint8Array {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const { at, name } = entry;
  if (at + LOCAL_BYTES > view.byteLength || view.getUint32(at, true) !== LOCAL) {
    throw corruptFile(file, `the zip entry ${name} is missing at byte ${at}`);
  }
  // The local header's lengths may differ from the directory's: alignment padding lives in its extra field.
  const from = at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (from + entry.compressedBytes > view.byteLength) {
    throw corruptFile(file, `the zip entry ${name} reaches beyond the end of the file`);
  }
  const packed = archive.subarray(from, from + entry.compressedBytes);
  const content = entry.method === STORED ? packed : inflate(packed, entry, { file, budget });
  if (content.byteLength !== entry.bytes) {
    throw corruptFile(
      file,
      `the zip entry ${name} has ${content.byteLength} bytes instead of ${entry.bytes}`,
    );
  }
  // Writers that skip checksums leave the field 0.
  if (entry.crc !== 0 && crc32(content) !== entry.crc) {
    throw corruptFile(file, `the checksum of the zip entry ${name} does not match its content`);
  }
  return content;
}

function inflate(
  packed: Uint8Array,
  entry: ZipEntry,
  { file, budget }: { file: string; budget: MemoryBudget },
): Uint8Array {
  budget(entry.bytes);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.bytes) });
  } catch (cause) {
    throw corruptFile(file, `the zip entry ${entry.name} cannot be decompressed`, cause);
  }
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

function locateDirectory(view: DataView, file: string): { entries: number; at: number } {
  const earliest = Math.max(0, view.byteLength - END_BYTES - 0xffff);
  for (let at = view.byteLength - END_BYTES; at >= earliest; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const locator = at - 20;
    if (locator >= 0 && view.getUint32(locator, true) === END_64_LOCATOR) {
      const wide = Number(view.getBigUint64(locator + 8, true));
      if (wide + 56 <= view.byteLength && view.getUint32(wide, true) === END_64) {
        return {
          entries: Number(view.getBigUint64(wide + 32, true)),
          at: Number(view.getBigUint64(wide + 48, true)),
        };
      }
    }
    return { entries: view.getUint16(at + 10, true), at: view.getUint32(at + 16, true) };
  }
  throw corruptFile(file, 'the directory at the end of the zip archive is missing, so the file ends early');
}
