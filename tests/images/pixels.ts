import { createHash } from 'node:crypto';
import type { ImageSize, RgbImage } from '../../src/images/image';
import { randomValues } from '../runtimes/random-tensors';

export function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** A picture with no two rows, columns or channels alike. */
export function picture(width: number, height: number): { width: number; height: number; data: Uint8Array } {
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => (i * i * 7 + (i % 3) * 41 + i) % 256,
  );
  return { width, height, data };
}

/** Noise, the same for the same seed. */
export function noise({ width, height }: ImageSize, seed: number): RgbImage {
  const values = randomValues(width * height * 3, seed);
  return { width, height, data: Uint8Array.from(values, (value) => Math.round((value + 1) * 127.5)) };
}
