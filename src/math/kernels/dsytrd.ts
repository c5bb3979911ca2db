import type { Block } from './block';

/**
 * Tridiagonalization by Householder reflections: row by row, H = I − τ v vᵀ makes row k zero right of its
 * second entry, and H A H = A − v wᵀ − w vᵀ is all that happens to the rest.
 *
 * @param a  symmetric; only the upper triangle is read, and destroyed
 * @param d  n values: the diagonal of the result
 * @param e  n − 1 values beside it
 * @see Golub, Van Loan 2013, "Matrix Computations", section 8.3.1
 */
export function dsytrd({ a }: { a: Block }, { d, e }: { d: Float64Array; e: Float64Array }): void {
  const n = a.rows;
  const at = (i: number, j: number) => a.offset + Math.min(i, j) * a.rowStride + Math.max(i, j);
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    d[k] = a.data[at(k, k)];
    if (k === n - 1) return;
    for (let i = k + 1; i < n; i++) v[i] = a.data[at(k, i)];
    const { beta, tau } = reflect(v.subarray(k + 1));
    e[k] = beta;

    let product = 0;
    for (let i = k + 1; i < n; i++) {
      w[i] = 0;
      for (let j = k + 1; j < n; j++) w[i] += tau * a.data[at(i, j)] * v[j];
      product += w[i] * v[i];
    }
    for (let i = k + 1; i < n; i++) w[i] -= 0.5 * tau * product * v[i];
    for (let i = k + 1; i < n; i++) {
      for (let j = i; j < n; j++) a.data[at(i, j)] -= v[i] * w[j] + w[i] * v[j];
    }
  }
}

/** Turns x into v with v[0] = 1 and (I − τ v vᵀ) x = β e₁. */
function reflect(x: Float64Array): { beta: number; tau: number } {
  const alpha = x[0];
  const below = x.subarray(1).reduce((sum, value) => sum + value * value, 0);
  x[0] = 1;
  if (below === 0) return { beta: alpha, tau: 0 };
  // Away from alpha, so that alpha − beta does not cancel.
  const norm = Math.sqrt(alpha * alpha + below);
  const beta = alpha > 0 ? -norm : norm;
  for (let i = 1; i < x.length; i++) x[i] /= alpha - beta;
  return { beta, tau: (beta - alpha) / beta };
}
