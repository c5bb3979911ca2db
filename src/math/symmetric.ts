import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import type { Matrix } from './matrix';

/**
 * The principal square root of a symmetric positive semidefinite matrix, by its eigendecomposition
 * (ml-matrix). Eigenvalues below zero, rounding of a singular matrix, count as zero.
 *
 * @param a  d × d, symmetric; only checked by callers
 */
export function matrixSqrt(a: Matrix): Matrix<Float64Array> {
  const d = a.rows;
  const { realEigenvalues, eigenvectorMatrix } = decompose(a);
  const scaled = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    // V Λ^½ Vᵀ = B Bᵀ with B = V Λ^¼, which is symmetric to the last bit.
    const root = Math.max(realEigenvalues[k], 0) ** 0.25;
    for (let i = 0; i < d; i++) scaled[i * d + k] = eigenvectorMatrix.get(i, k) * root;
  }
  const b = { rows: d, columns: d, data: scaled };
  return multiplyTransposed(b, b);
}

/** Eigenvalues of a symmetric matrix, ascending. */
export function symmetricEigenvalues(a: Matrix): Float64Array {
  return Float64Array.from(decompose(a).realEigenvalues).sort();
}

/** a bᵀ for matrices of equally many columns. */
export function multiplyTransposed(a: Matrix, b: Matrix): Matrix<Float64Array> {
  const { rows: m, columns: k } = a;
  const n = b.rows;
  const data = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a.data[i * k + l] * b.data[j * k + l];
      data[i * n + j] = sum;
    }
  }
  return { rows: m, columns: n, data };
}

function decompose(a: Matrix): EigenvalueDecomposition {
  const rows = Array.from({ length: a.rows }, (_, i) => a.data.subarray(i * a.columns, (i + 1) * a.columns));
  return new EigenvalueDecomposition(new MlMatrix(rows as unknown as number[][]), { assumeSymmetric: true });
}
