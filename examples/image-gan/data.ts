import { existsSync } from 'node:fs';
import path from 'node:path';
import { type RawImage, readSamples } from '../../src/index';
import { projectFile, reference } from '../../tests/reference';

export const SIZE = 32;

/** Images of one size as bytes: count × SIZE × SIZE × channels. */
export interface TrainingImages {
  readonly name: string;
  readonly count: number;
  readonly channels: number;
  readonly pixels: Uint8Array;
}

const MNIST = reference('data/mnist/train.npz');
export const missingDigits = existsSync(MNIST)
  ? undefined
  : 'data/mnist/train.npz (array images) in the folder GAN_METRICS_REFERENCE';

/**
 * What is trained on: a folder of images, resized and in color; or `mnist`, its first digits, in gray.
 *
 * @param most  of the digits
 */
export async function readImages(
  source = projectFile('fixtures/real'),
  { most = 4000 } = {},
): Promise<TrainingImages> {
  if (source === 'mnist') {
    if (missingDigits) throw new Error(`MNIST needs ${missingDigits}.`);
    const { rows, data } = await readSamples(`${MNIST}#images[0:${most}]`);
    return {
      name: 'MNIST',
      count: rows,
      channels: 1,
      pixels: framed(toBytes(data), { count: rows, size: 28 }),
    };
  }
  const { rows, data } = await readSamples(source, { size: SIZE });
  return { name: path.relative('', source), count: rows, channels: 3, pixels: toBytes(data) };
}

/** One by one: what the samples are compared with is what the network was trained on. */
export function imagesOf({ count, channels, pixels }: TrainingImages): RawImage[] {
  const step = SIZE * SIZE * channels;
  return Array.from({ length: count }, (_, i) => ({
    data: pixels.subarray(i * step, (i + 1) * step),
    width: SIZE,
    height: SIZE,
  }));
}

function toBytes(values: ArrayLike<number>): Uint8Array {
  return Uint8Array.from(values, (value) => Math.round(value * 255));
}

/** Black around gray images that are smaller, so that they halve often enough. */
function framed(bytes: Uint8Array, { count, size }: { count: number; size: number }): Uint8Array {
  const [framed, edge] = [new Uint8Array(count * SIZE * SIZE), (SIZE - size) / 2];
  for (let row = 0; row < count * size; row++) {
    const [image, y] = [Math.floor(row / size), row % size];
    framed.set(bytes.subarray(row * size, (row + 1) * size), (image * SIZE + edge + y) * SIZE + edge);
  }
  return framed;
}
