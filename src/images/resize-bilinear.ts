import type { RgbImage } from './image';
import { type ResizeTarget, tapsCache } from './resize-taps';

export interface BilinearOptions {
  readonly width: number;
  readonly height: number;
  /**
   * Where output pixel i lies in the input, with scale = input size / output size:
   * `corner` at i · scale, as TensorFlow 1 has it; `center` at (i + ½) · scale − ½, as PyTorch.
   */
  readonly align: 'corner' | 'center';
  /** The value of each byte, 256 of them. */
  readonly levels: Float32Array;
}

/**
 * Resizes bilinearly without antialiasing: each value is mixed of its four neighbors, across and then down,
 * first + (second − first) · weight. Everything is float32 where the peers have it so: with exact source
 * positions a value would move by up to 5e-3 of 255 at 500 pixels.
 *
 * @see torch-fidelity, interpolate_bilinear_2d_like_tensorflow1x (equal in every bit); PyTorch,
 *   upsample_bilinear2d (equal to the last bit)
 */
export function resizeBilinear(
  image: RgbImage,
  { width, height, align, levels }: BilinearOptions,
  { target, offset }: ResizeTarget,
): void {
  const across = bilinearTaps(image.width, width, align);
  const down = bilinearTaps(image.height, height, align);
  const rowLength = width * 3;
  // The two rows of the input at hand, resized across: output rows next to each other share them.
  let upper: Row = { y: -1, values: new Float32Array(rowLength) };
  let lower: Row = { y: -1, values: new Float32Array(rowLength) };
  for (let y = 0; y < height; y++) {
    if (down.first[y] === lower.y) [upper, lower] = [lower, upper];
    if (down.first[y] !== upper.y) mixAcross(image, { y: down.first[y], taps: across, levels }, upper);
    if (down.second[y] !== lower.y) mixAcross(image, { y: down.second[y], taps: across, levels }, lower);
    mixDown(upper.values, lower.values, { weight: down.weight[y], target, offset: offset + y * rowLength });
  }
}

const { fround } = Math;

interface Row {
  y: number;
  readonly values: Float32Array;
}

/** For each output pixel its two neighbors in the input and the weight of the second. */
interface BilinearTaps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float32Array;
}

export const bilinearTaps = tapsCache((inSize, outSize, align: 'corner' | 'center'): BilinearTaps => {
  const first = new Int32Array(outSize);
  const second = new Int32Array(outSize);
  const weight = new Float32Array(outSize);
  const scale = fround(inSize / outSize);
  for (let i = 0; i < outSize; i++) {
    // TensorFlow 1 rounds the position to float32; PyTorch's compiled kernel does so with the weight only.
    const position = align === 'corner' ? fround(i * scale) : Math.max(0, (i + 0.5) * scale - 0.5);
    first[i] = Math.min(Math.floor(position), inSize - 1);
    second[i] = Math.min(first[i] + 1, inSize - 1);
    weight[i] = position - first[i];
  }
  return { first, second, weight };
});

function mixAcross(
  { width, data }: RgbImage,
  { y, taps, levels }: { y: number; taps: BilinearTaps; levels: Float32Array },
  row: Row,
): void {
  const { first, second, weight } = taps;
  const { values } = row;
  const start = y * width * 3;
  for (let x = 0, o = 0; x < weight.length; x++, o += 3) {
    const left = start + 3 * first[x];
    const right = start + 3 * second[x];
    const w = weight[x];
    const red = levels[data[left]];
    const green = levels[data[left + 1]];
    const blue = levels[data[left + 2]];
    values[o] = red + fround(fround(levels[data[right]] - red) * w);
    values[o + 1] = green + fround(fround(levels[data[right + 1]] - green) * w);
    values[o + 2] = blue + fround(fround(levels[data[right + 2]] - blue) * w);
  }
  row.y = y;
}

function mixDown(
  upper: Float32Array,
  lower: Float32Array,
  { weight, target, offset }: ResizeTarget & { weight: number },
): void {
  for (let i = 0; i < upper.length; i++) {
    const a = upper[i];
    target[offset + i] = a + fround(fround(lower[i] - a) * weight);
  }
}
