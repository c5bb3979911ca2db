import type { ModelInput } from '../models/model';

/** Images in the form of a network's input tensor. */
export interface InputBatch {
  readonly values: Float32Array;
  readonly shape: readonly [number, number, number, number];
  /** Images in it that were asked for; the rest fills up a batch of fixed size. */
  readonly count: number;
}

/**
 * Brings images, [count, height, width, 3], into the layout that a network takes, in batches of the size that it
 * fixes, the last of them filled up with zeros. Where it asks for nothing special they stay as they are.
 */
export function* inputBatches(
  images: Float32Array,
  count: number,
  { width, height, layout = 'nhwc', batch = count }: ModelInput,
): Generator<InputBatch> {
  const pixels = width * height;
  for (let start = 0; start < count; start += batch) {
    const taken = Math.min(batch, count - start);
    const part = images.subarray(start * pixels * 3, (start + taken) * pixels * 3);
    const filled = taken === batch ? part : filledUp(part, batch * pixels * 3);
    yield layout === 'nchw'
      ? { values: channelsFirst(filled, pixels), shape: [batch, 3, height, width], count: taken }
      : { values: filled, shape: [batch, height, width, 3], count: taken };
  }
}

function filledUp(values: Float32Array, length: number): Float32Array {
  const filled = new Float32Array(length);
  filled.set(values);
  return filled;
}

function channelsFirst(values: Float32Array, pixels: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let image = 0; image < values.length; image += pixels * 3) {
    for (let i = 0; i < pixels; i++) {
      const at = image + 3 * i;
      result[image + i] = values[at];
      result[image + pixels + i] = values[at + 1];
      result[image + 2 * pixels + i] = values[at + 2];
    }
  }
  return result;
}
