import type { RgbImage } from './image';
import { type ResizeTarget, tapsCache } from './resize-taps';

/**
 * Resizes with Pillow's antialiased bicubic filter on floats (mode F, `Image.BICUBIC`), channel by channel:
 * a Catmull-Rom kernel (a = −½), widened by the scale where the image shrinks, across and then down.
 * Sums run in float64 in Pillow's order and are stored as float32 after each pass, so every bit is Pillow's.
 * Results are not clipped: they may leave 0..255.
 *
 * @see Pillow, src/libImaging/Resample.c
 */
export function resizeBicubic(
  image: RgbImage,
  { width, height }: { width: number; height: number },
  { target, offset }: ResizeTarget,
): void {
  const across = bicubicTaps(image.width, width, 'bicubic');
  const down = bicubicTaps(image.height, height, 'bicubic');
  const rows = scratchOf(image.height * width * 3);
  for (let y = 0; y < image.height; y++) sumAcross(image, { y, taps: across }, rows);
  for (let y = 0; y < height; y++) sumDown(rows, { y, taps: down, rowLength: width * 3 }, { target, offset });
}

/** For each output pixel the first of its neighbors in the input, and `size` weights, the unused ones 0. */
interface BicubicTaps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Float64Array;
  readonly size: number;
}

export const bicubicTaps = tapsCache((inSize, outSize, _kind: 'bicubic'): BicubicTaps => {
  const scale = inSize / outSize;
  const filterScale = Math.max(scale, 1);
  const support = 2 * filterScale;
  const size = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Float64Array(outSize * size);
  for (let i = 0; i < outSize; i++) {
    const center = (i + 0.5) * scale;
    first[i] = Math.max(0, Math.trunc(center - support + 0.5));
    count[i] = Math.min(inSize, Math.trunc(center + support + 0.5)) - first[i];
    let sum = 0;
    for (let j = 0; j < count[i]; j++) {
      const weight = cubic((j + first[i] - center + 0.5) * (1 / filterScale));
      weights[i * size + j] = weight;
      sum += weight;
    }
    for (let j = 0; j < count[i]; j++) weights[i * size + j] /= sum;
  }
  return { first, count, weights, size };
});

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
}

function sumAcross(
  { width, data }: RgbImage,
  { y, taps }: { y: number; taps: BicubicTaps },
  rows: Float32Array,
): void {
  const { first, count, weights, size } = taps;
  for (let x = 0, o = y * count.length * 3; x < count.length; x++, o += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let i = (y * width + first[x]) * 3;
    const end = x * size + count[x];
    for (let k = x * size; k < end; k++, i += 3) {
      const weight = weights[k];
      red += data[i] * weight;
      green += data[i + 1] * weight;
      blue += data[i + 2] * weight;
    }
    rows[o] = red;
    rows[o + 1] = green;
    rows[o + 2] = blue;
  }
}

function sumDown(
  rows: Float32Array,
  { y, taps, rowLength }: { y: number; taps: BicubicTaps; rowLength: number },
  { target, offset }: ResizeTarget,
): void {
  const { first, count, weights, size } = taps;
  const from = y * size;
  const to = from + count[y];
  for (let x = 0, o = offset + y * rowLength; x < rowLength; x += 3, o += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let i = first[y] * rowLength + x;
    for (let k = from; k < to; k++, i += rowLength) {
      const weight = weights[k];
      red += rows[i] * weight;
      green += rows[i + 1] * weight;
      blue += rows[i + 2] * weight;
    }
    target[o] = red;
    target[o + 1] = green;
    target[o + 2] = blue;
  }
}

let scratch = new Float32Array(0);

/** Memory for the rows between the passes, kept from image to image. */
function scratchOf(length: number): Float32Array {
  if (scratch.length < length) scratch = new Float32Array(length);
  return scratch;
}
