import type { Matrix } from './matrix';

/** The rows at these indices, in this order, as a matrix of its own. */
export function takeRows({ columns: d, data }: Matrix, indices: ArrayLike<number>): Matrix {
  const n = indices.length;
  const rows = data instanceof Float32Array ? new Float32Array(n * d) : new Float64Array(n * d);
  for (let i = 0; i < n; i++) rows.set(data.subarray(indices[i] * d, (indices[i] + 1) * d), i * d);
  return { rows: n, columns: d, data: rows };
}
