import type { BmpHeader } from './bmp-header';
import { corruptImage } from './image-error';

/**
 * Expands run-length coded rows (RLE8, RLE4) to one byte per index, bottom row first.
 * Pixels that a delta, an end of line or the end of the bitmap passes over have index 0.
 *
 * @throws CORRUPT_FILE where the codes end before the bitmap does
 */
export function expandRle(bytes: Uint8Array, header: BmpHeader, name: string): Uint8Array {
  const { width, height, bits, offset } = header;
  const indices = new Uint8Array(width * height);
  let x = 0;
  let y = 0;
  const put = (index: number): void => {
    if (x < width) indices[y * width + x] = index;
    x++;
  };
  for (let at = offset; y < height; ) {
    if (at + 2 > bytes.length) throw corruptImage(name, 'truncated BMP');
    const count = bytes[at];
    const code = bytes[at + 1];
    at += 2;
    if (count > 0) {
      for (let i = 0; i < count; i++) put(nthIndex(code, i, bits));
    } else if (code === END_OF_LINE) {
      x = 0;
      y++;
    } else if (code === END_OF_BITMAP) break;
    else if (code === DELTA) {
      x += bytes[at] ?? 0;
      y += bytes[at + 1] ?? 0;
      at += 2;
    } else {
      const length = Math.ceil((code * bits) / 8);
      if (at + length > bytes.length) throw corruptImage(name, 'truncated BMP');
      for (let i = 0; i < code; i++) put(nthIndex(bytes[at + Math.floor((i * bits) / 8)], i, bits));
      at += length + (length & 1);
    }
  }
  return indices;
}

const END_OF_LINE = 0;
const END_OF_BITMAP = 1;
const DELTA = 2;

/** Of four bits, two indices share a byte, the first in the high half. */
function nthIndex(byte: number, i: number, bits: number): number {
  if (bits === 8) return byte;
  return i % 2 === 0 ? byte >> 4 : byte & 15;
}
