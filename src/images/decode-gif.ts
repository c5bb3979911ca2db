import { expandLzw } from './gif-lzw';
import type { RgbImage } from './image';
import { checkDimensions, corruptImage } from './image-error';
import { type ColorTable, grayTable } from './indexed-row';

/**
 * Decodes the first frame of a GIF as Pillow's `convert('RGB')` does: transparent pixels keep the color of
 * their palette entry, and a canvas larger than the frame is filled with the transparent index, else with 0.
 *
 * @throws CORRUPT_FILE; UNSUPPORTED_IMAGE above the pixel limit
 * @see https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
export function decodeGif(bytes: Uint8Array, name: string): RgbImage {
  const frame = firstFrame(bytes, name);
  const { width, height } = frame.canvas;
  checkDimensions(name, frame.canvas);
  const indices = expandLzw(bytes, { start: frame.start, count: frame.width * frame.height });
  if (!indices) throw corruptImage(name, 'truncated or damaged GIF');
  const canvas = new Uint8Array(width * height).fill(frame.transparent ?? 0);
  const rows = frame.interlaced ? interlacedRows(frame.height) : undefined;
  for (let y = 0; y < frame.height; y++) {
    const row = indices.subarray(y * frame.width, (y + 1) * frame.width);
    canvas.set(row, (frame.top + (rows ? rows[y] : y)) * width + frame.left);
  }
  const data = new Uint8Array(width * height * 3);
  for (let i = 0, o = 0; i < canvas.length; i++, o += 3) {
    data[o] = frame.table[3 * canvas[i]];
    data[o + 1] = frame.table[3 * canvas[i] + 1];
    data[o + 2] = frame.table[3 * canvas[i] + 2];
  }
  return { width, height, data };
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly interlaced: boolean;
  readonly canvas: { readonly width: number; readonly height: number };
  readonly table: ColorTable;
  readonly transparent: number | undefined;
  /** Where the coded indices begin, at the byte that gives their size in bits. */
  readonly start: number;
}

function firstFrame(bytes: Uint8Array, name: string): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const table = grayTable();
  let transparent: number | undefined;
  let at = 13 + takePalette(bytes, { flags: bytes[10], at: 13 }, table);
  while (at + 10 < bytes.length && bytes[at] !== TRAILER) {
    if (bytes[at] === IMAGE) {
      const [left, top] = [view.getUint16(at + 1, true), view.getUint16(at + 3, true)];
      const [width, height] = [view.getUint16(at + 5, true), view.getUint16(at + 7, true)];
      const flags = bytes[at + 9];
      const start = at + 10 + takePalette(bytes, { flags, at: at + 10 }, table);
      const canvas = {
        width: Math.max(view.getUint16(6, true), left + width),
        height: Math.max(view.getUint16(8, true), top + height),
      };
      return { left, top, width, height, interlaced: (flags & 64) !== 0, canvas, table, transparent, start };
    }
    if (bytes[at] === EXTENSION) {
      if (bytes[at + 1] === GRAPHIC_CONTROL && bytes[at + 3] & 1) transparent = bytes[at + 6];
      for (at += 2; bytes[at] > 0; at += bytes[at] + 1);
    }
    at++;
  }
  throw corruptImage(name, 'truncated GIF (no image in it)');
}

const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;
const IMAGE = 0x2c;
const TRAILER = 0x3b;

/** Reads the palette that the flags announce, over the grays that stand for absent entries. */
function takePalette(
  bytes: Uint8Array,
  { flags, at }: { flags: number; at: number },
  table: ColorTable,
): number {
  if ((flags & 128) === 0) return 0;
  const size = 3 << ((flags & 7) + 1);
  table.set(grayTable());
  table.set(bytes.subarray(at, at + size));
  return size;
}

/** Rows 0, 8, 16, …, then 4, 12, …, then 2, 6, …, then the odd ones. */
function interlacedRows(height: number): number[] {
  const rows: number[] = [];
  for (const [first, step] of [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ]) {
    for (let y = first; y < height; y += step) rows.push(y);
  }
  return rows;
}
