import { checkDimensions, corruptImage, unsupportedImage } from './image-error';

/** What a bitmap's headers say. */
export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  readonly compression: 'none' | 'rle';
  /** Where the pixels begin. */
  readonly offset: number;
  /** Blue, green, red and padding, `step` bytes an entry. */
  readonly palette: { readonly start: number; readonly entries: number; readonly step: 3 | 4 };
  /** Red, green and blue bits of a pixel of 16 or 32 bits. */
  readonly masks: readonly [number, number, number];
}

/**
 * Reads the file header and the information header of any version.
 *
 * @param bytes  the file's beginning, at least 66 bytes or all of it
 * @throws CORRUPT_FILE, UNSUPPORTED_IMAGE
 */
export function readBmpHeader(bytes: Uint8Array, name: string): BmpHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26 || bytes.length < 14 + view.getUint32(14, true)) {
    throw corruptImage(name, 'truncated BMP (in its header)');
  }
  const size = view.getUint32(14, true);
  const old = size === 12;
  const signedHeight = old ? view.getUint16(20, true) : view.getInt32(22, true);
  const width = old ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = Math.abs(signedHeight);
  checkDimensions(name, { width, height });
  const bits = view.getUint16(old ? 24 : 28, true);
  const compression = old ? 0 : view.getUint32(30, true);
  const step = old ? 3 : 4;
  const entries = (old ? 0 : view.getUint32(46, true)) || 1 << Math.min(bits, 8);
  // In a header of 40 bytes the masks stand behind it, in longer ones at the same place inside.
  const start = 14 + size + (size === 40 && compression === BIT_FIELDS ? 12 : 0);
  const masks = compression === BIT_FIELDS ? readMasks(view, name) : (DEFAULT_MASKS[bits] ?? [0, 0, 0]);
  if (!isReadable(bits, compression)) {
    throw unsupportedImage(name, `BMP with ${bits} bits and compression ${compression} is not supported`);
  }
  const declared = view.getUint32(10, true);
  // Some writers forget the palette in the offset of the pixels.
  const offset = bits <= 8 && declared === 14 + size ? start + entries * step : declared || start;
  return {
    ...{ width, height, topDown: signedHeight < 0, bits, masks, offset },
    compression: compression === RLE8 || compression === RLE4 ? 'rle' : 'none',
    palette: { start, entries: bits <= 8 ? entries : 0, step },
  };
}

/** Bytes of the pixels, of run-length codes at least; the padding of the last row may be missing. */
export function bmpDataSize({ width, height, bits, compression }: BmpHeader): number {
  if (compression === 'rle') return 2;
  return bmpRowBytes(width, bits) * (height - 1) + Math.ceil((width * bits) / 8);
}

/** Rows are padded to four bytes. */
export function bmpRowBytes(width: number, bits: number): number {
  return Math.ceil((width * bits) / 32) * 4;
}

const RLE8 = 1;
const RLE4 = 2;
const BIT_FIELDS = 3;
const DEFAULT_MASKS: Readonly<Record<number, readonly [number, number, number]>> = {
  16: [0x7c00, 0x3e0, 0x1f],
  32: [0xff0000, 0xff00, 0xff],
};

function isReadable(bits: number, compression: number): bits is BmpHeader['bits'] {
  if (compression === RLE8) return bits === 8;
  if (compression === RLE4) return bits === 4;
  if (compression === BIT_FIELDS) return bits === 16 || bits === 32;
  return compression === 0 && [1, 4, 8, 16, 24, 32].includes(bits);
}

function readMasks(view: DataView, name: string): [number, number, number] {
  if (view.byteLength < 66) throw corruptImage(name, 'truncated BMP (in its header)');
  return [view.getUint32(54, true), view.getUint32(58, true), view.getUint32(62, true)];
}
