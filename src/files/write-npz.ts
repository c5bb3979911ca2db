import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { writeAtomically } from './atomic-file';
import { DEFLATED, STORED } from './zip';

/** The pieces of an encoded array, in their order. */
export type Pieces = readonly Uint8Array[];

/**
 * Writes encoded arrays as a numpy archive, atomically; a file that was there is replaced. Equal arrays give equal
 * bytes.
 *
 * @param compress  deflate, as `numpy.savez_compressed` does; features and statistics shrink by little
 */
export async function writeNpz(
  file: string,
  arrays: Readonly<Record<string, Pieces>>,
  { compress = false }: { compress?: boolean | undefined } = {},
): Promise<void> {
  await writeAtomically(file, async (handle) => {
    const directory: Buffer[] = [];
    let at = 0;
    for (const [name, pieces] of Object.entries(arrays)) {
      const path = Buffer.from(`${name}.npy`);
      const bytes = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
      const wide = bytes > LARGEST_NARROW;
      const contentAt = at + 30 + path.length + (wide ? 20 : 0);
      const content = compress ? Readable.from(pieces).pipe(createDeflateRaw()) : pieces;
      let end = contentAt;
      for await (const chunk of content) end = await writeAt(handle, chunk as Uint8Array, end);
      const packed = end - contentAt;
      const crc = pieces.reduce((value, piece) => crc32(piece, value), 0);
      const facts = [compress ? DEFLATED : STORED, ...TIME, crc] as const;
      await writeAt(handle, localHeader(path, facts, { bytes, packed, wide }), at);
      directory.push(centralHeader(path, facts, { bytes, packed, at }));
      at = end;
    }
    await writeAt(handle, directoryEnd(directory, at), at);
  });
}

/** Sizes up to here go without the 64-bit fields, with room for what deflate may add. */
const LARGEST_NARROW = 0xf0000000;

/** 1980-01-01: archives of equal arrays are equal. */
const TIME = [0, 0x21] as const;

type Facts = readonly [method: number, time: number, date: number, crc: number];

function localHeader(
  path: Buffer,
  [method, time, date, crc]: Facts,
  { bytes, packed, wide }: { bytes: number; packed: number; wide: boolean },
): Buffer {
  const sizes = wide ? [u32(NARROW), u32(NARROW)] : [u32(packed), u32(bytes)];
  const extra = wide ? [u16(1), u16(16), u64(bytes), u64(packed)] : [];
  const fields = [u16(method), u16(time), u16(date), u32(crc), ...sizes];
  const version = u16(wide ? 45 : 20);
  return Buffer.concat([
    u32(0x04034b50),
    version,
    u16(0),
    ...fields,
    u16(path.length),
    u16(wide ? 20 : 0),
    path,
    ...extra,
  ]);
}

function centralHeader(
  path: Buffer,
  [method, time, date, crc]: Facts,
  { bytes, packed, at }: { bytes: number; packed: number; at: number },
): Buffer {
  const wide = Math.max(bytes, packed, at) > LARGEST_NARROW;
  const sizes = wide ? [NARROW, NARROW] : [packed, bytes];
  const extra = wide ? Buffer.concat([u16(1), u16(24), u64(bytes), u64(packed), u64(at)]) : Buffer.alloc(0);
  const version = u16(wide ? 45 : 20);
  return Buffer.concat([
    u32(0x02014b50),
    version,
    version,
    u16(0),
    u16(method),
    u16(time),
    u16(date),
    u32(crc),
    ...sizes.map(u32),
    u16(path.length),
    u16(extra.length),
    u16(0),
    u16(0),
    u16(0),
    u32(0),
    u32(wide ? NARROW : at),
    path,
    extra,
  ]);
}

function directoryEnd(directory: readonly Buffer[], at: number): Buffer {
  const central = Buffer.concat(directory);
  const count = directory.length;
  const wide = at > LARGEST_NARROW;
  const end64 = [
    u32(0x06064b50),
    u64(44),
    u16(45),
    u16(45),
    u32(0),
    u32(0),
    u64(count),
    u64(count),
    u64(central.length),
    u64(at),
    u32(0x07064b50),
    u32(0),
    u64(at + central.length),
    u32(1),
  ];
  const place = [u32(central.length), u32(wide ? NARROW : at)];
  const end = [u32(0x06054b50), u16(0), u16(0), u16(count), u16(count), ...place, u16(0)];
  return Buffer.concat([central, ...(wide ? end64 : []), ...end]);
}

/** Says that a value stands in the 64-bit fields. */
const NARROW = 0xffffffff;

/** The most that one system call is given. */
const LARGEST_WRITE = 2 ** 30;

async function writeAt(handle: FileHandle, bytes: Uint8Array, at: number): Promise<number> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(LARGEST_WRITE, bytes.length - done);
    const { bytesWritten } = await handle.write(bytes, done, length, at + done);
    done += bytesWritten;
  }
  return at + bytes.length;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
