import type { ModelInput } from '../models/model';

/** Images in the form of a network's input tensor. */
export interface InputBatch {
  readonly values: Float32Array;
  readonly shape: readonly [number, number, number, number];
  /** Images in it that were asked for; the rest fills up a batch of fixed size. */
  readonly count: number;
}

/**
 * Brings images, [count, height, width, channels], into the layout that a network takes, in batches of the size that it
 * fixes, the last of them filled up with zeros. Where it asks for nothing special they stay as they are.
 */
export function* inputBatches(images: Float32Array, count: number, input: ModelInput): Generator<InputBatch> {
  const { width, height, channels = 3, batch = count } = input;
  const size = width * height * channels;
  for (let start = 0; start < count; start += batch) {
    const taken = Math.min(batch, count - start);
    const part = images.subarray(start * size, (start + taken) * size);
    const filled = taken === batch ? part : filledUp(part, batch * size);
    const values = putsChannelsFirst(input) ? channelsFirst(filled, width * height) : filled;
    yield { values, shape: inputShape(input, batch), count: taken };
  }
}

/** The shape of a network's input tensor; pixels of one value have no order of channels. */
export function inputShape<Count>(
  input: ModelInput,
  images: Count,
): readonly [Count, number, number, number] {
  const { width, height, channels = 3 } = input;
  return putsChannelsFirst(input) ? [images, channels, height, width] : [images, height, width, channels];
}

function putsChannelsFirst({ layout, channels = 3 }: ModelInput): boolean {
  return layout === 'nchw' && channels > 1;
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
