import { normalQuantile } from '../../../src/math/normal';
import { createRandom } from '../../../src/math/random';

/** Rows of independent standard normal numbers, float64. */
export function normalRows(rows: number, columns: number, seed: number) {
  const random = createRandom(seed);
  const data = Float64Array.from({ length: rows * columns }, () =>
    normalQuantile((random.next() + 0.5) / 2 ** 32),
  );
  return { rows, columns, data };
}
