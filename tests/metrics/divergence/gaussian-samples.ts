import { createRandom } from '../../../src/math/random';

/** n × d standard normal numbers, shifted and scaled. */
export function gaussianSamples(
  rows: number,
  columns: number,
  { seed, shift = 0, scale = 1 }: { seed: number; shift?: number; scale?: number },
) {
  const random = createRandom(seed);
  const data = Float64Array.from({ length: rows * columns }, () => shift + scale * random.normal());
  return { rows, columns, data };
}
