import { block, part, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { openKernels } from './kernels/open-kernels';
import type { Matrix } from './matrix';

/**
 * Mean and scatter of rows seen so far, in float64. Rows are gathered into blocks of a fixed size, so
 * the same rows give the same bits however they were cut into batches.
 */
export interface Moments {
  readonly dimensions: number;
  /** Rows in complete blocks, already in `mean` and `scatter`. */
  count: number;
  readonly mean: Float64Array;
  /** Σ (x − mean)(x − mean)ᵀ; only the upper triangle is kept up to date. */
  readonly scatter: Float64Array;
  /** The block being filled: `pendingCount` rows of `dimensions` values, and room for one more. */
  readonly pending: Float64Array;
  pendingCount: number;
  /** What holds the arrays and multiplies them. */
  readonly kernels: Kernels;
}

/** With the row that moves the mean, the depth of product that the kernels like best: 256. */
const BLOCK_ROWS = 255;

/**
 * @param kernels  by default some of their own, on one thread; given ones need room for {@link roomOfMoments}
 */
export function createMoments(dimensions: number, kernels = openKernels(roomOfMoments(dimensions))): Moments {
  const d = dimensions;
  return {
    dimensions,
    count: 0,
    mean: new Float64Array(d),
    scatter: kernels.allocate(d * d),
    pending: kernels.allocate((BLOCK_ROWS + 1) * d),
    pendingCount: 0,
    kernels,
  };
}

/** How many doubles moments of so many dimensions take. */
export function roomOfMoments(dimensions: number): number {
  return (dimensions + BLOCK_ROWS + 1) * dimensions + 8;
}

/** Adds rows (row-major, a multiple of `dimensions` values). */
export function addRows(moments: Moments, rows: Float32Array | Float64Array): void {
  const { dimensions, pending } = moments;
  for (let start = 0; start < rows.length; ) {
    const free = (BLOCK_ROWS - moments.pendingCount) * dimensions;
    const taken = rows.subarray(start, start + free);
    pending.set(taken, moments.pendingCount * dimensions);
    moments.pendingCount += taken.length / dimensions;
    start += taken.length;
    if (moments.pendingCount === BLOCK_ROWS) flushPending(moments);
  }
}

/** Mean and covariance of all rows added so far; `ddof` 1 divides by n − 1, 0 by n. */
export function finishMoments(
  moments: Moments,
  ddof: 0 | 1 = 1,
): { count: number; mu: Float64Array; sigma: Matrix<Float64Array> } {
  flushPending(moments);
  const { count, dimensions: d, mean, scatter } = moments;
  const sigma = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      sigma[i * d + j] = sigma[j * d + i] = scatter[i * d + j] / (count - ddof);
    }
  }
  return { count, mu: mean.slice(), sigma: { rows: d, columns: d, data: sigma } };
}

/**
 * Adds what `other` has seen to `moments`, as if its rows had been added (up to rounding).
 *
 * @see Chan, Golub, LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample variances"
 */
export function mergeMoments(moments: Moments, other: Moments): void {
  flushPending(moments);
  flushPending(other);
  const shift = moveMean(moments, other.mean, other.count);
  const d = moments.dimensions;
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) moments.scatter[i * d + j] += other.scatter[i * d + j] + shift[i] * shift[j];
  }
}

function flushPending(moments: Moments): void {
  const n = moments.pendingCount;
  if (n === 0) return;
  const { dimensions: d, pending, kernels, scatter } = moments;
  const mean = new Float64Array(d);
  for (let k = 0; k < n; k++) for (let j = 0; j < d; j++) mean[j] += pending[k * d + j];
  for (let j = 0; j < d; j++) mean[j] /= n;
  for (let k = 0; k < n; k++) for (let j = 0; j < d; j++) pending[k * d + j] -= mean[j];
  // What the means being different adds to the scatter has rank one: it is one more row.
  pending.set(moveMean(moments, mean, n), n * d);
  const rows = part(block(pending, BLOCK_ROWS + 1, d), { rows: n + 1 });
  kernels.dsyrk({ a: transposed(rows), c: block(scatter, d, d) });
  moments.pendingCount = 0;
}

/** Takes n more rows of this mean into count and mean; returns δ, where δδᵀ is to be added to the scatter. */
function moveMean(moments: Moments, mean: Float64Array, n: number): Float64Array {
  const total = moments.count + n;
  if (total === 0) return new Float64Array(mean.length);
  const weight = Math.sqrt((moments.count * n) / total);
  const shift = mean.map((value, j) => (value - moments.mean[j]) * weight);
  for (let j = 0; j < mean.length; j++) moments.mean[j] += ((mean[j] - moments.mean[j]) * n) / total;
  moments.count = total;
  return shift;
}
