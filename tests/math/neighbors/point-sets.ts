import type { Matrix } from '../../../src/math/matrix';
import { createRandom } from '../../../src/math/random';

/** Sums of four uniform numbers: like normal ones, and the same on every machine. */
export function bell(
  rows: number,
  columns: number,
  { seed = 1, shift = 0, scale = 1 }: { seed?: number; shift?: number; scale?: number } = {},
): Matrix<Float32Array> {
  const random = createRandom(seed);
  const uniform = () => random.next() / 2 ** 31 - 1;
  const data = Float32Array.from(
    { length: rows * columns },
    () => shift + scale * (uniform() + uniform() + uniform() + uniform()),
  );
  return { rows, columns, data };
}

/** Small integers times a scale: many exact ties, many copies. */
export function lattice(
  rows: number,
  columns: number,
  { seed = 1, side = 3, scale = 1 } = {},
): Matrix<Float32Array> {
  const random = createRandom(seed);
  const data = Float32Array.from({ length: rows * columns }, () => scale * random.integer(side));
  return { rows, columns, data };
}

/** Two tight clusters far apart: centered rows are long, distances within a cluster are short. */
export function twoClusters(
  rows: number,
  columns: number,
  { seed = 1, apart = 1e4 } = {},
): Matrix<Float32Array> {
  const set = bell(rows, columns, { seed });
  for (let i = 0; i < rows; i += 2) for (let k = 0; k < columns; k++) set.data[i * columns + k] += apart;
  return set;
}

/** Pairs of sets on which float32 distances go wrong in one way or another. */
export const ADVERSARIAL: [string, { x: Matrix; y: Matrix }][] = [
  ['ordinary', { x: bell(60, 7), y: bell(41, 7, { seed: 2 }) }],
  ['equal', { x: bell(50, 5), y: bell(50, 5) }],
  ['lattice', { x: lattice(80, 3), y: lattice(70, 3, { seed: 2 }) }],
  ['all points one', { x: lattice(30, 4, { side: 1 }), y: lattice(20, 4, { side: 1 }) }],
  ['times 1e4', { x: bell(50, 6, { scale: 1e4 }), y: bell(50, 6, { scale: 1e4, seed: 2 }) }],
  ['times 1e-4', { x: bell(50, 6, { scale: 1e-4 }), y: bell(50, 6, { scale: 1e-4, seed: 2 }) }],
  ['times 1e-30', { x: bell(50, 6, { scale: 1e-30 }), y: bell(50, 6, { scale: 1e-30, seed: 2 }) }],
  ['far from zero', { x: bell(50, 6, { shift: 3e5 }), y: bell(50, 6, { shift: 3e5, seed: 2 }) }],
  ['two clusters', { x: twoClusters(50, 6), y: twoClusters(40, 6, { seed: 2 }) }],
  ['one column', { x: lattice(90, 1, { side: 40 }), y: bell(80, 1, { seed: 2, scale: 20 }) }],
];

/** Squared distances, by the definition. */
export function squaredDistances(x: Matrix, y: Matrix): number[][] {
  const d = x.columns;
  return Array.from({ length: x.rows }, (_, i) =>
    Array.from({ length: y.rows }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (x.data[i * d + k] - y.data[j * d + k]) ** 2;
      return sum;
    }),
  );
}
