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
  /** The block being filled: `pendingCount` rows of `dimensions` values. */
  readonly pending: Float64Array;
  pendingCount: number;
}

const BLOCK_ROWS = 256;

export function createMoments(dimensions: number): Moments {
  return {
    dimensions,
    count: 0,
    mean: new Float64Array(dimensions),
    scatter: new Float64Array(dimensions * dimensions),
    pending: new Float64Array(BLOCK_ROWS * dimensions),
    pendingCount: 0,
  };
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
  combine(moments, other.count, other.mean, other.scatter);
}

function flushPending(moments: Moments): void {
  const n = moments.pendingCount;
  if (n === 0) return;
  const { dimensions: d, pending } = moments;
  const mean = new Float64Array(d);
  for (let k = 0; k < n; k++) for (let j = 0; j < d; j++) mean[j] += pending[k * d + j];
  for (let j = 0; j < d; j++) mean[j] /= n;

  // Columns become contiguous, so that every entry of the scatter is one dot product.
  const columns = new Float64Array(d * n);
  for (let k = 0; k < n; k++) for (let j = 0; j < d; j++) columns[j * n + k] = pending[k * d + j] - mean[j];
  const scatter = new Float64Array(d * d);
  for (let i = 0; i < d; i++) scatterRow(columns, n, d, i, scatter);

  moments.pendingCount = 0;
  combine(moments, n, mean, scatter);
}

/** Row i of the upper triangle, four entries at a time. */
function scatterRow(columns: Float64Array, n: number, d: number, i: number, scatter: Float64Array): void {
  const a = i * n;
  for (let j = i; j < d; j += 4) {
    const b0 = j * n;
    const b1 = Math.min(j + 1, d - 1) * n;
    const b2 = Math.min(j + 2, d - 1) * n;
    const b3 = Math.min(j + 3, d - 1) * n;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let k = 0; k < n; k++) {
      const x = columns[a + k];
      s0 += x * columns[b0 + k];
      s1 += x * columns[b1 + k];
      s2 += x * columns[b2 + k];
      s3 += x * columns[b3 + k];
    }
    const row = i * d;
    scatter[row + j] = s0;
    if (j + 1 < d) scatter[row + j + 1] = s1;
    if (j + 2 < d) scatter[row + j + 2] = s2;
    if (j + 3 < d) scatter[row + j + 3] = s3;
  }
}

function combine(moments: Moments, n: number, mean: Float64Array, scatter: Float64Array): void {
  if (n === 0) return;
  const d = moments.dimensions;
  const total = moments.count + n;
  const weight = (moments.count * n) / total;
  const delta = new Float64Array(d);
  for (let j = 0; j < d; j++) delta[j] = mean[j] - moments.mean[j];
  for (let i = 0; i < d; i++) {
    const scaled = delta[i] * weight;
    for (let j = i; j < d; j++) moments.scatter[i * d + j] += scatter[i * d + j] + scaled * delta[j];
  }
  for (let j = 0; j < d; j++) moments.mean[j] += (delta[j] * n) / total;
  moments.count = total;
}
