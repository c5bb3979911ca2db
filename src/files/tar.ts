import type { ByteSource } from './byte-source';
import { corruptFile } from './corrupt-file';

export const BLOCK_BYTES = 512;

/** What a header block says of what follows it. */
export interface TarHeader {
  readonly name: string;
  readonly bytes: number;
  readonly type: 'file' | 'long name' | 'attributes' | 'other';
}

/** A file inside an uncompressed tar archive. */
export interface TarEntry {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
}

/** Attributes and names are a few kilobytes at the most. */
const LONGEST_TEXT = 2 ** 20;

/**
 * The regular files of a tar archive: ustar, with long names of GNU tar and pax.
 *
 * @throws CORRUPT_FILE where it is no tar archive or is cut short
 * @see POSIX.1-2017, pax, ustar interchange format
 */
export function readTarDirectory(archive: ByteSource): TarEntry[] {
  const { name: file, size } = archive;
  const entries: TarEntry[] = [];
  let attributes: { path?: string; size?: number } = {};
  for (let at = 0; at + BLOCK_BYTES <= size; ) {
    const header = tarHeader(archive.read(at, BLOCK_BYTES), file);
    if (!header) break;
    const { type } = header;
    // Those of a file hold for it, and not for their own header.
    const bytes = type === 'file' ? (attributes.size ?? header.bytes) : header.bytes;
    at += BLOCK_BYTES;
    if (at + bytes > size) throw corruptFile(file, `it ends inside ${attributes.path ?? header.name}`);
    if (type === 'long name' || type === 'attributes') {
      if (bytes > LONGEST_TEXT) throw corruptFile(file, `a name in it claims ${bytes} bytes`);
      const text = Buffer.from(archive.read(at, bytes)).toString('utf8');
      attributes =
        type === 'attributes'
          ? { ...attributes, ...parseAttributes(text) }
          : { path: text.replace(/\0.*$/s, '') };
    } else {
      if (type === 'file') entries.push({ name: attributes.path ?? header.name, at, bytes });
      attributes = {};
    }
    at += Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  return entries;
}

/**
 * One header block; undefined for the empty blocks at the end.
 *
 * @throws CORRUPT_FILE where its checksum or size is wrong
 */
export function tarHeader(block: Uint8Array, file: string): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const field = (from: number, to: number) => {
    const text = Buffer.from(block.subarray(from, to)).toString('utf8');
    return text.split('\0', 1)[0];
  };
  const octal = (from: number, to: number) => Number.parseInt(field(from, to).trim() || '0', 8);
  // The checksum counts its own field as spaces.
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  const bytes = octal(124, 136);
  if (octal(148, 156) !== sum || !(bytes >= 0)) {
    throw corruptFile(file, 'it is no tar archive, or is damaged');
  }
  const prefix = field(257, 262) === 'ustar' && block[262] === 0 ? field(345, 500) : '';
  const name = prefix ? `${prefix}/${field(0, 100)}` : field(0, 100);
  return { name, bytes, type: TYPES[String.fromCharCode(block[156])] ?? 'other' };
}

const TYPES: Readonly<Record<string, TarHeader['type']>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  L: 'long name',
  x: 'attributes',
};

/** Lines of "length key=value". */
function parseAttributes(text: string): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (const [, key, value] of text.matchAll(/\d+ ([^=\n]+)=([^\n]*)\n/g)) {
    if (key === 'path') found.path = value;
    if (key === 'size') found.size = Number(value);
  }
  return found;
}
