import { type BmpHeader, bmpDataSize, bmpRowBytes, readBmpHeader } from './bmp-header';
import { expandRle } from './bmp-rle';
import type { RgbImage } from './image';
import { corruptImage } from './image-error';
import { expandIndexedRow, grayTable } from './indexed-row';

/**
 * Decodes a Windows or OS/2 bitmap: 1, 4, 8, 16, 24 and 32 bits, RLE and bit fields, either row order.
 * A fourth channel is dropped; indices beyond the palette are grays of their own number, as in Pillow.
 *
 * @throws CORRUPT_FILE for missing data; UNSUPPORTED_IMAGE for JPEG or PNG inside, or above the pixel limit
 * @see https://learn.microsoft.com/windows/win32/gdi/bitmap-storage
 */
export function decodeBmp(bytes: Uint8Array, name: string): RgbImage {
  const header = readBmpHeader(bytes, name);
  const { width, height, bits, offset: pixels } = header;
  if (bytes.length < pixels + bmpDataSize(header)) throw corruptImage(name, 'truncated BMP');
  const data = new Uint8Array(width * height * 3);
  const coded = header.compression === 'rle';
  const source = coded ? expandRle(bytes, header, name) : bytes.subarray(pixels);
  const rowBytes = coded ? width : bmpRowBytes(width, bits);
  const table = colorTable(bytes, header);
  for (let y = 0; y < height; y++) {
    const start = rowBytes * (header.topDown ? y : height - 1 - y);
    const to = { target: data, offset: y * width * 3 };
    if (bits <= 8) expandIndexedRow(source, { start, width, bits: coded ? 8 : bits }, { table, ...to });
    else if (bits === 24) swapRow(source, { start, width, ...to });
    else maskRow(source, { start, ...to }, header);
  }
  return { width, height, data };
}

function colorTable(bytes: Uint8Array, { palette }: BmpHeader): Uint8Array {
  const table = grayTable();
  const entries = Math.min(256, palette.entries, Math.floor((bytes.length - palette.start) / palette.step));
  for (let i = 0, at = palette.start; i < entries; i++, at += palette.step) {
    table.set([bytes[at + 2], bytes[at + 1], bytes[at]], 3 * i);
  }
  return table;
}

interface Row {
  readonly start: number;
  readonly target: Uint8Array;
  readonly offset: number;
}

function swapRow(source: Uint8Array, { start, width, target, offset }: Row & { width: number }): void {
  for (let i = start, o = offset; o < offset + 3 * width; i += 3, o += 3) {
    target[o] = source[i + 2];
    target[o + 1] = source[i + 1];
    target[o + 2] = source[i];
  }
}

function maskRow(
  source: Uint8Array,
  { start, target, offset }: Row,
  { width, bits, masks }: BmpHeader,
): void {
  const channels = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, max: mask >>> shift };
  });
  const step = bits >> 3;
  for (let x = 0, i = start, o = offset; x < width; x++, i += step) {
    let pixel = source[i] | (source[i + 1] << 8);
    if (step === 4) pixel |= (source[i + 2] << 16) | (source[i + 3] << 24);
    for (const { mask, shift, max } of channels) {
      // Spread over 0..255 and rounded down, as Pillow does for 5 and 6 bits; 8 bits stay as they are.
      target[o++] = max === 0 ? 0 : Math.floor((((pixel & mask) >>> shift) * 255) / max);
    }
  }
}
