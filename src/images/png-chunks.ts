import { crc32 } from 'node:zlib';
import { checkDimensions, corruptImage } from './image-error';

/** What a PNG's IHDR chunk says. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly color: PngColor;
  readonly interlaced: boolean;
}

export type PngColor = 'gray' | 'rgb' | 'palette' | 'gray-alpha' | 'rgba';

/** The parts of a PNG that pixels are made of. */
export interface PngChunks {
  readonly header: PngHeader;
  /** Red, green, blue of each index. */
  readonly palette: Uint8Array;
  /** The compressed rows. */
  readonly data: Uint8Array;
}

/**
 * Takes a PNG file apart. Every chunk must be whole and its checksum right, up to IEND; what follows IEND
 * is no part of the image. Color profiles, gamma and transparency are passed over, as Pillow's
 * `convert('RGB')` does.
 *
 * @throws CORRUPT_FILE; UNSUPPORTED_IMAGE above the limit of pixels
 */
export function readPngChunks(bytes: Uint8Array, name: string): PngChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let palette: Uint8Array = new Uint8Array(0);
  let header: PngHeader | undefined;
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw corruptImage(name, 'truncated PNG (no IEND chunk)');
    const end = at + 8 + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end + 4 > bytes.length) throw corruptImage(name, `truncated PNG (in its ${inQuotes(type)} chunk)`);
    if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) {
      throw corruptImage(name, `damaged PNG (wrong checksum of its ${inQuotes(type)} chunk)`);
    }
    const content = bytes.subarray(at + 8, end);
    if (type === 'IEND') break;
    if (type === 'IHDR') header = readHeader(content, name);
    else if (type === 'PLTE') palette = content;
    else if (type === 'IDAT') data.push(content);
    at = end + 4;
  }
  if (!header) throw corruptImage(name, 'damaged PNG (no IHDR chunk)');
  return { header, palette, data: data.length === 1 ? data[0] : Buffer.concat(data) };
}

const COLORS: Readonly<Record<number, PngColor>> = {
  0: 'gray',
  2: 'rgb',
  3: 'palette',
  4: 'gray-alpha',
  6: 'rgba',
};
const DEPTHS: Readonly<Record<PngColor, readonly number[]>> = {
  gray: [1, 2, 4, 8, 16],
  palette: [1, 2, 4, 8],
  rgb: [8, 16],
  'gray-alpha': [8, 16],
  rgba: [8, 16],
};

function readHeader(content: Uint8Array, name: string): PngHeader {
  if (content.length !== 13) throw corruptImage(name, 'damaged PNG (IHDR chunk of a wrong size)');
  const view = new DataView(content.buffer, content.byteOffset);
  const [depth, colorType, compression, filter, interlace] = content.subarray(8);
  const color = COLORS[colorType];
  if (!color || !DEPTHS[color].includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) {
    throw corruptImage(name, `damaged PNG (depth ${depth}, color type ${colorType} in its header)`);
  }
  const header = { width: view.getUint32(0), height: view.getUint32(4), depth, color };
  checkDimensions(name, header);
  return { ...header, interlaced: interlace === 1 };
}

/** A damaged length leads anywhere: what is found there may be no name of a chunk. */
function inQuotes(type: string): string {
  return /^[A-Za-z]{4}$/.test(type) ? type : 'next';
}
