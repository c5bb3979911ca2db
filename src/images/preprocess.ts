import { GanMetricsError, invalidOption } from '../errors';
import type { ImageSize, InputForm, Preprocessing, RgbImage, Scaling } from './image';
import { resizeBicubic } from './resize-bicubic';
import { resizeBilinear } from './resize-bilinear';
import type { ResizeTarget } from './resize-taps';

export interface PreprocessOptions extends InputForm {
  readonly preprocessing: Preprocessing;
}

/**
 * Writes an image as network input: resized to `height × width` (an image of that size stays as it is), then
 * scaled, NHWC, float32. The three ways, x being 0..255, each with its own scaling to about [−1, 1]:
 * - `tf1`: bilinear from corners, (x − 128) / 128
 * - `pytorch`: bilinear from centers on x / 255, 2x − 1
 * - `clean`: Pillow's bicubic on floats, clipped to 0..255, (x − 128) / 128
 *
 * With `crop` the shorter side is resized to that many pixels, the longer one in proportion (rounded down), and
 * the center is cut out, as torchvision's Resize and CenterCrop do. `scaling` takes the place of the
 * preprocessing's own.
 *
 * @param target  takes `height × width × 3` values from `offset` on, so that images fill a batch one by one
 * @throws INVALID_OPTION for sizes that are no positive integers, a crop smaller than the input, or an unknown
 *   preprocessing; SHAPE_MISMATCH where the image's data or `target` do not have the size they should
 */
export function preprocessInto(
  image: RgbImage,
  { preprocessing, width, height, crop, scaling }: PreprocessOptions,
  target: Float32Array,
  offset: number,
): void {
  checkSizes(image, { width, height }, { target, offset });
  const place = { target, offset };
  if (crop === undefined) resize(image, { preprocessing, width, height }, place);
  else resizeAndCrop(image, { preprocessing, width, height, crop }, place);
  const length = width * height * 3;
  if (scaling) spread(place, length, { ...scaling, top: preprocessing === 'pytorch' ? 1 : 255 });
  else if (preprocessing === 'pytorch') centerUnit(place, length);
  else centerBytes(place, length);
}

/** Gives values of 0..1 with `pytorch`, else 0..255, some of them beyond until they are clipped. */
function resize(
  image: RgbImage,
  { preprocessing, width, height }: PreprocessOptions,
  place: ResizeTarget,
): void {
  const size = { width, height };
  if (preprocessing === 'tf1') resizeBilinear(image, { ...size, align: 'corner', levels: BYTES }, place);
  else if (preprocessing === 'pytorch')
    resizeBilinear(image, { ...size, align: 'center', levels: UNIT }, place);
  else if (preprocessing !== 'clean')
    throw invalidOption('preprocessing', 'tf1, pytorch or clean', preprocessing);
  else if (image.width === width && image.height === height) place.target.set(image.data, place.offset);
  else resizeBicubic(image, size, place);
}

function resizeAndCrop(
  image: RgbImage,
  { preprocessing, ...form }: PreprocessOptions & { crop: number },
  { target, offset }: ResizeTarget,
): void {
  const { width: wide, height: high, left, top } = resizedFrame(image, form);
  const whole = new Float32Array(wide * high * 3);
  resize(image, { preprocessing, width: wide, height: high }, { target: whole, offset: 0 });
  const length = form.width * 3;
  for (let y = 0; y < form.height; y++) {
    const start = ((top + y) * wide + left) * 3;
    target.set(whole.subarray(start, start + length), offset + y * length);
  }
}

/** The size that an image is resized to, and where in that the network's input begins. */
export interface ResizedFrame extends ImageSize {
  readonly left: number;
  readonly top: number;
}

/** @throws INVALID_OPTION where the crop is smaller than the input */
export function resizedFrame(
  image: ImageSize,
  { width, height, crop }: Pick<InputForm, 'width' | 'height' | 'crop'>,
): ResizedFrame {
  if (crop === undefined) return { width, height, left: 0, top: 0 };
  if (!Number.isInteger(crop) || crop < Math.max(width, height)) {
    throw invalidOption(
      'crop',
      `a whole number of at least ${Math.max(width, height)}, the input's size,`,
      crop,
    );
  }
  const shorter = Math.min(image.width, image.height);
  const resized = {
    width: Math.floor((crop * image.width) / shorter),
    height: Math.floor((crop * image.height) / shorter),
  };
  return {
    ...resized,
    left: halfToEven(resized.width - width),
    top: halfToEven(resized.height - height),
  };
}

/** Half of a whole number, rounded as Python does it. */
function halfToEven(value: number): number {
  const lower = Math.floor(value / 2);
  return value % 2 === 0 || lower % 2 === 0 ? lower : lower + 1;
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

/** Spreads 0..top over the range, clipped as the bicubic kernel needs it; rounds once, at the end. */
function spread(
  { target, offset }: ResizeTarget,
  length: number,
  { range: [low, high], mean = [0, 0, 0], std = [1, 1, 1], top }: Scaling & { top: number },
): void {
  for (let channel = 0; channel < 3; channel++) {
    const [m, s] = [mean[channel], std[channel]];
    for (let i = offset + channel; i < offset + length; i += 3) {
      const value = target[i];
      const unit = value < 0 ? 0 : value > top ? 1 : value / top;
      target[i] = (low + unit * (high - low) - m) / s;
    }
  }
}

function checkSizes(image: RgbImage, { width, height }: ImageSize, { target, offset }: ResizeTarget): void {
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
