/** The colors of an indexed row: 256 entries of red, green, blue. */
export type ColorTable = Uint8Array;

/** A table in which every index is the gray of its own number; with `levels` 2, 4, 16 spread over 0..255. */
export function grayTable(levels = 256): ColorTable {
  return Uint8Array.from({ length: 768 }, (_, i) =>
    levels === 256 ? Math.floor(i / 3) : (Math.floor(i / 3) % levels) * (255 / (levels - 1)),
  );
}

/** Where a row begins in its array, and of how many pixels it is. */
export interface RowPlace {
  readonly start: number;
  readonly width: number;
  /** Bits per index: 1, 2, 4 or 8, the first pixel in the highest bits. */
  readonly bits: number;
}

/** Writes one row of indices as RGB to `target` from `offset` on. */
export function expandIndexedRow(
  bytes: Uint8Array,
  { start, width, bits }: RowPlace,
  { table, target, offset }: { table: ColorTable; target: Uint8Array; offset: number },
): void {
  const mask = (1 << bits) - 1;
  for (let x = 0, o = offset; x < width; x++, o += 3) {
    const bit = x * bits;
    const index = (bytes[start + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
    target[o] = table[3 * index];
    target[o + 1] = table[3 * index + 1];
    target[o + 2] = table[3 * index + 2];
  }
}
