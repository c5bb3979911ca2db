import type { Block } from './block';

/**
 * Pivoted Cholesky factorization, a[order, order] = UᵀU, in place of the upper triangle.
 *
 * @returns rank: how many rows of U there are; from there on `a` holds what was left to factor
 * @see Higham 1990, "Analysis of the Cholesky decomposition of a semi-definite matrix"
 */
export function dpstrf({ a, tolerance }: { a: Block; tolerance: number }): {
  rank: number;
  order: Int32Array;
} {
  const n = a.rows;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const { data } = a;
  const at = (i: number, j: number) => a.offset + i * a.rowStride + j;

  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (data[at(i, i)] > data[at(pivot, pivot)]) pivot = i;
    const value = data[at(pivot, pivot)];
    if (!(value > tolerance)) return { rank: k, order };
    if (pivot !== k) exchange(a, k, pivot, order);
    const row = data.subarray(at(k, k + 1), at(k, n));
    if (row.some((entry) => Math.abs(entry) > 2 * value)) return { rank: k, order };

    const root = Math.sqrt(value);
    data[at(k, k)] = root;
    for (let j = k + 1; j < n; j++) data[at(k, j)] /= root;
    for (let i = k + 1; i < n; i++) {
      for (let j = i; j < n; j++) data[at(i, j)] -= data[at(k, i)] * data[at(k, j)];
    }
  }
  return { rank: n, order };
}

/** Exchanges rows and columns k < q of the symmetric matrix, of which only the upper triangle is stored. */
function exchange(a: Block, k: number, q: number, order: Int32Array): void {
  const { data } = a;
  const at = (i: number, j: number) => a.offset + i * a.rowStride + j;
  const swap = (x: number, y: number) => {
    [data[x], data[y]] = [data[y], data[x]];
  };
  for (let p = 0; p < k; p++) swap(at(p, k), at(p, q));
  swap(at(k, k), at(q, q));
  for (let i = k + 1; i < q; i++) swap(at(k, i), at(i, q));
  for (let i = q + 1; i < a.rows; i++) swap(at(k, i), at(q, i));
  [order[k], order[q]] = [order[q], order[k]];
}
