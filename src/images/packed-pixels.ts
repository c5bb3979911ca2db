import type { RgbImage } from './image';

/**
 * Writes an image as one number a pixel, 65536 red + 256 green + blue, which float32 holds exactly. Every engine takes it
 * (tfjs has no tensors of bytes), and it is a third of a float for each value.
 *
 * @param target  takes `height × width` numbers from `offset` on
 */
export function packPixels({ data }: RgbImage, target: Float32Array, offset: number): void {
  for (let i = 0, o = offset; i < data.length; i += 3, o++) {
    target[o] = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
  }
}
