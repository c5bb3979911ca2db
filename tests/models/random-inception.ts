import { buildInceptionV3, type InceptionV3 } from '../../src/models/inception-v3';
import { inceptionV3Shapes } from '../../src/models/inception-v3-weights';
import type { Tensor, Tensors } from '../../src/models/weights/tensor';

/**
 * The FID InceptionV3 with numbers in place of its weights that are a pure function of tensor name and
 * index, so that any program can make the same network without a file of 95 MB. Filters sum to zero, as
 * trained ones nearly do: images give different features, none of them dead.
 */
export function randomInceptionV3(): InceptionV3 {
  return buildInceptionV3(randomInceptionTensors());
}

/** Its tensors under the names of the released `.pth` files, in their order. */
export function randomInceptionTensors(): Tensors {
  return new Map([...inceptionV3Shapes()].map(([name, shape]) => [name, randomTensor(name, shape)]));
}

/**
 * With u in [−1, 1): kernels and the last weights a·u, a = √(9 / fan-in), each odd input channel minus the
 * one before it (√6 and no pairs where their number is odd); scales 1 + u / 4; variances 1 + u / 2; biases
 * and means u / 8.
 */
export function randomTensor(name: string, shape: readonly number[]): Tensor {
  const count = shape.reduce((product, n) => product * n, 1);
  const data = new Float32Array(count);
  const seed = fnv1a(name);
  if (name.endsWith('.conv.weight') || name === 'fc.weight') fillKernel(data, { seed, shape });
  else {
    const [center, spread] = name.endsWith('.bn.weight')
      ? [1, 1 / 4]
      : name.endsWith('.running_var')
        ? [1, 1 / 2]
        : [0, 1 / 8];
    for (let i = 0; i < count; i++) data[i] = center + spread * uniform(seed, i);
  }
  return { dtype: 'float32', shape, data };
}

function fillKernel(data: Float32Array, { seed, shape }: { seed: number; shape: readonly number[] }): void {
  const [, inChannels] = shape;
  const area = shape.slice(2).reduce((product, n) => product * n, 1);
  const paired = inChannels % 2 === 0;
  const scale = Math.fround(Math.sqrt((paired ? 9 : 6) / (inChannels * area)));
  for (let i = 0; i < data.length; i++) {
    const odd = paired && Math.floor(i / area) % 2 === 1;
    data[i] = odd ? -data[i - area] : scale * uniform(seed, i);
  }
}

/** In [−1, 1), a multiple of 2⁻²³: exact in float32. */
export function uniform(seed: number, i: number): number {
  let h = (seed + Math.imul(i, 0x9e3779b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  return ((h >>> 8) - 2 ** 23) / 2 ** 23;
}

/** FNV-1a, 32 bits, of the UTF-8 text. */
export function fnv1a(text: string): number {
  return Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
