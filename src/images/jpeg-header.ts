/** What a JPEG's frame header says. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** 1 gray, 3 color, 4 CMYK or YCCK. */
  readonly components: number;
  /** Position behind the header of the first scan, where the coded image begins. */
  readonly scanStart: number;
}

/**
 * Finds the frame header (SOF) of a JPEG among its segments, as far as the bytes given reach.
 *
 * @param bytes  the file's beginning, or all of it
 * @returns undefined where the bytes end, or another marker of an image's end comes, before the first scan
 * @see ITU-T T.81, annex B
 */
export function jpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  let frame: Omit<JpegHeader, 'scanStart'> | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    // Between segments libjpeg skips whatever is no marker, and so does this.
    if (bytes[at] !== 0xff || bytes[at + 1] === 0xff || bytes[at + 1] === 0) {
      at++;
      continue;
    }
    const marker = bytes[at + 1];
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
    if (marker === EOI) return undefined;
    if (marker === SOS) return frame && { ...frame, scanStart: end };
    if (isFrameHeader(marker)) {
      if (at + 10 > bytes.length) return undefined;
      const height = (bytes[at + 5] << 8) | bytes[at + 6];
      frame = { width: (bytes[at + 7] << 8) | bytes[at + 8], height, components: bytes[at + 9] };
    }
    at = STANDALONE.has(marker) ? at + 2 : end;
  }
  return undefined;
}

/** Whether an end-of-image marker lies in the bytes from `start` on. */
export function hasEndOfImage(bytes: Uint8Array, start: number): boolean {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === EOI) return true;
  }
  return false;
}

const EOI = 0xd9;
const SOS = 0xda;
/** Markers without a length: TEM, RST0 to RST7, SOI. */
const STANDALONE = new Set([0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8]);

/** SOF0 to SOF15 without DHT, JPG and DAC, which lie among them. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
