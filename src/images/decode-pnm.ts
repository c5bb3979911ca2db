import type { RgbImage } from './image';
import { checkDimensions, corruptImage } from './image-error';
import { expandIndexedRow } from './indexed-row';

/**
 * Decodes PBM, PGM and PPM, plain or binary (P1 to P6), up to 16 bits. Values are spread from 0..maxval to
 * 0..255 and rounded half to even; gray above 8 bits is spread to 0..65535 and clipped at 255, as in Pillow.
 *
 * @throws CORRUPT_FILE; UNSUPPORTED_IMAGE above the pixel limit
 * @see https://netpbm.sourceforge.net/doc/pnm.html
 */
export function decodePnm(bytes: Uint8Array, name: string): RgbImage {
  const header = readPnmHeader(bytes, name);
  const { kind, width, height, maxval, offset } = header;
  const count = width * height * (kind === 'color' ? 3 : 1);
  if (header.plain) return toRgb(header, readPlain(bytes, { header, count, name }));
  if (bytes.length < offset + pnmDataSize(header)) throw corruptImage(name, 'truncated PNM');
  if (kind === 'bits') return decodeBits(bytes, header);
  if (kind === 'color' && maxval === 255) return { width, height, data: bytes.slice(offset, offset + count) };
  return toRgb(header, readBinary(bytes, header, count));
}

/** What a PNM's first lines say. */
export interface PnmHeader {
  readonly kind: 'bits' | 'gray' | 'color';
  /** Numbers in ASCII. */
  readonly plain: boolean;
  readonly width: number;
  readonly height: number;
  /** The largest value; 1 for bits. */
  readonly maxval: number;
  /** Where the pixels begin. */
  readonly offset: number;
}

/**
 * Reads the magic number and the sizes, with comments in between.
 *
 * @throws CORRUPT_FILE where they are not numbers in their ranges; UNSUPPORTED_IMAGE above the pixel limit
 */
export function readPnmHeader(bytes: Uint8Array, name: string): PnmHeader {
  const digit = bytes[1] - 0x30;
  const kind = KINDS[(digit - 1) % 3];
  const cursor: Cursor = { at: 2 };
  const width = nextNumber(bytes, cursor);
  const height = nextNumber(bytes, cursor);
  const maxval = kind === 'bits' ? 1 : nextNumber(bytes, cursor);
  if (width === undefined || height === undefined || maxval === undefined) {
    throw corruptImage(name, 'damaged PNM (in its header)');
  }
  if (maxval < 1 || maxval > 65535) throw corruptImage(name, `damaged PNM (a largest value of ${maxval})`);
  checkDimensions(name, { width, height });
  return { kind, plain: digit <= 3, width, height, maxval, offset: cursor.at + 1 };
}

/** Bytes of the pixels of a binary PNM. */
export function pnmDataSize({ kind, width, height, maxval }: PnmHeader): number {
  if (kind === 'bits') return Math.ceil(width / 8) * height;
  return width * height * (kind === 'color' ? 3 : 1) * (maxval > 255 ? 2 : 1);
}

const KINDS = ['bits', 'gray', 'color'] as const;

interface Cursor {
  at: number;
}

/** The next number; the cursor then stands on the one white space behind it. */
function nextNumber(bytes: Uint8Array, cursor: Cursor): number | undefined {
  skipToToken(bytes, cursor);
  let value: number | undefined;
  for (; isDigit(bytes[cursor.at]); cursor.at++) value = (value ?? 0) * 10 + bytes[cursor.at] - 0x30;
  return value;
}

function skipToToken(bytes: Uint8Array, cursor: Cursor): void {
  for (; cursor.at < bytes.length; cursor.at++) {
    if (bytes[cursor.at] === HASH) {
      while (cursor.at < bytes.length && !isLineEnd(bytes[cursor.at])) cursor.at++;
    } else if (!isSpace(bytes[cursor.at])) return;
  }
}

const HASH = 0x23;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isLineEnd = (byte: number): boolean => byte === 10 || byte === 13;
const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

function readPlain(
  bytes: Uint8Array,
  { header, count, name }: { header: PnmHeader; count: number; name: string },
): Uint16Array {
  const values = new Uint16Array(count);
  const cursor: Cursor = { at: header.offset };
  for (let i = 0; i < count; i++) {
    let value: number | undefined;
    if (header.kind === 'bits') {
      // Bits need no space between them.
      skipToToken(bytes, cursor);
      value = bytes[cursor.at++] - 0x30;
    } else value = nextNumber(bytes, cursor);
    if (cursor.at > bytes.length || (value === undefined && cursor.at === bytes.length)) {
      throw corruptImage(name, 'truncated PNM');
    }
    if (value === undefined || !(value >= 0 && value <= header.maxval)) {
      throw corruptImage(name, 'damaged PNM (a value out of range)');
    }
    values[i] = header.kind === 'bits' ? 1 - value : value;
  }
  return values;
}

function decodeBits(bytes: Uint8Array, { width, height, offset }: PnmHeader): RgbImage {
  const data = new Uint8Array(width * height * 3);
  const stride = Math.ceil(width / 8);
  for (let y = 0; y < height; y++) {
    const to = { table: BLACK_IS_ONE, target: data, offset: y * width * 3 };
    expandIndexedRow(bytes, { start: offset + y * stride, width, bits: 1 }, to);
  }
  return { width, height, data };
}

const BLACK_IS_ONE = Uint8Array.of(255, 255, 255, 0, 0, 0);

function readBinary(
  bytes: Uint8Array,
  { offset, maxval }: PnmHeader,
  count: number,
): Uint8Array | Uint16Array {
  if (maxval < 256) return bytes.subarray(offset, offset + count);
  return Uint16Array.from(
    { length: count },
    (_, i) => (bytes[offset + 2 * i] << 8) | bytes[offset + 2 * i + 1],
  );
}

function toRgb({ kind, width, height, maxval }: PnmHeader, values: Uint8Array | Uint16Array): RgbImage {
  const data = new Uint8Array(width * height * 3);
  const top = kind === 'gray' && maxval > 255 ? 65535 : 255;
  // Values above the header's largest are white.
  const levels = new Uint8Array(maxval < 256 ? 256 : 65536).fill(255);
  for (let value = 0; value <= maxval; value++) {
    levels[value] = Math.min(255, roundHalfEven((value / maxval) * top));
  }
  const copies = kind === 'color' ? 1 : 3;
  for (let i = 0, o = 0; i < values.length; i++) {
    for (let copy = 0; copy < copies; copy++) data[o++] = levels[values[i]];
  }
  return { width, height, data };
}

function roundHalfEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
