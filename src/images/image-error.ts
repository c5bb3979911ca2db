import { GanMetricsError } from '../errors';

/** A file that is damaged: "Cannot decode a/b.png: truncated PNG (no IEND chunk)." */
export function corruptImage(name: string, reason: string, cause?: unknown): GanMetricsError {
  return new GanMetricsError('CORRUPT_FILE', `Cannot decode ${name}: ${reason}.`, {
    details: { name, reason },
    cause,
  });
}

/** A file that may be fine, but is not an image this library reads. */
export function unsupportedImage(name: string, reason: string, cause?: unknown): GanMetricsError {
  return new GanMetricsError('UNSUPPORTED_IMAGE', `Cannot decode ${name}: ${reason}.`, {
    details: { name, reason },
    cause,
  });
}

/** The most pixels decoded, the number above which Pillow refuses an image as a decompression bomb. */
export const MAX_PIXELS = 178_956_970;

/** The longest side decoded, the most that JPEG allows: it bounds the memory of a resize. */
const MAX_SIDE = 65_535;

/**
 * Checks what a header says before any memory is taken for it.
 *
 * @throws CORRUPT_FILE for no pixels at all, UNSUPPORTED_IMAGE for more than {@link MAX_PIXELS} or a
 *   side of more than 65 535
 */
export function checkDimensions(name: string, { width, height }: { width: number; height: number }): void {
  if (!(width > 0 && height > 0)) throw corruptImage(name, `a header that says ${width} × ${height} pixels`);
  if (width * height > MAX_PIXELS || Math.max(width, height) > MAX_SIDE) {
    const limit = `${MAX_PIXELS} pixels and ${MAX_SIDE} a side`;
    throw unsupportedImage(name, `${width} × ${height} pixels are above the limit of ${limit}`);
  }
}
