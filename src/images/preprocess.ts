import { GanMetricsError, invalidOption } from '../errors';
import type { Preprocessing, RgbImage } from './image';
import { resizeBicubic } from './resize-bicubic';
import { resizeBilinear } from './resize-bilinear';
import type { ResizeTarget } from './resize-taps';

export interface PreprocessOptions {
  readonly preprocessing: Preprocessing;
  /** The network's input size in pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * Writes an image as network input: resized to `height × width` (an image of that size stays as it is), then
 * scaled to about [−1, 1], NHWC, float32. The three ways, x being 0..255:
 * - `tf1`: bilinear from corners, (x − 128) / 128
 * - `pytorch`: bilinear from centers on x / 255, 2x − 1
 * - `clean`: Pillow's bicubic on floats, clipped to 0..255, (x − 128) / 128
 *
 * @param target  takes `height × width × 3` values from `offset` on, so that images fill a batch one by one
 * @throws INVALID_OPTION for sizes that are no positive integers or an unknown preprocessing, SHAPE_MISMATCH
 *   where the image's data or `target` do not have the size they should
 */
export function preprocessInto(
  image: RgbImage,
  { preprocessing, width, height }: PreprocessOptions,
  target: Float32Array,
  offset: number,
): void {
  checkSizes(image, { width, height }, { target, offset });
  const size = { width, height };
  const place = { target, offset };
  if (preprocessing === 'tf1') {
    resizeBilinear(image, { ...size, align: 'corner', levels: BYTES }, place);
    centerBytes(place, width * height * 3);
  } else if (preprocessing === 'pytorch') {
    resizeBilinear(image, { ...size, align: 'center', levels: UNIT }, place);
    centerUnit(place, width * height * 3);
  } else if (preprocessing === 'clean') {
    if (image.width === width && image.height === height) target.set(image.data, offset);
    else resizeBicubic(image, size, place);
    centerBytes(place, width * height * 3);
  } else throw invalidOption('preprocessing', 'tf1, pytorch or clean', preprocessing);
}

const BYTES = Float32Array.from({ length: 256 }, (_, byte) => byte);
const UNIT = BYTES.map((byte) => byte / 255);

/** Clips too: the bicubic kernel overshoots at edges. */
function centerBytes({ target, offset }: ResizeTarget, length: number): void {
  for (let i = offset; i < offset + length; i++) {
    const value = target[i];
    target[i] = ((value < 0 ? 0 : value > 255 ? 255 : value) - 128) / 128;
  }
}

function centerUnit({ target, offset }: ResizeTarget, length: number): void {
  for (let i = offset; i < offset + length; i++) target[i] = 2 * target[i] - 1;
}

function checkSizes(
  image: RgbImage,
  { width, height }: { width: number; height: number },
  { target, offset }: ResizeTarget,
): void {
  for (const [name, value] of Object.entries({ width, height })) {
    if (!Number.isInteger(value) || value < 1) throw invalidOption(name, 'a positive integer', value);
  }
  if (image.data.length !== image.width * image.height * 3 || image.data.length === 0) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${image.height} × ${image.width} × 3 bytes of an image but received ${image.data.length}.`,
    );
  }
  if (!(offset >= 0 && offset + width * height * 3 <= target.length)) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected room for ${height} × ${width} × 3 values from ${offset} on but received ${target.length}.`,
    );
  }
}
