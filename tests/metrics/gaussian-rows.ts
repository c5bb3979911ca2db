import { createNumpyRandom } from '../../src/math/numpy-random';

/** Independent normal values: mean `shift`, standard deviation `spread`. */
export function gaussianRows(
  n: number,
  d: number,
  { seed, shift = 0, spread = 1 }: { seed: number; shift?: number; spread?: number },
) {
  const random = createNumpyRandom(seed);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const data = Float64Array.from({ length: n * d }, () => shift + spread * normal());
  return { rows: n, columns: d, data };
}
