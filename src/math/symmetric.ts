import { EigenvalueDecomposition, Matrix as MlMatrix } from 'ml-matrix';
import type { Matrix } from './matrix';

/**
 * The principal square root of a symmetric positive semidefinite matrix, by its eigendecomposition
 * (ml-matrix). Eigenvalues below zero, rounding of a singular matrix, count as zero.
 *
 * @param a  d × d, symmetric; only checked by callers
 * @example
 * import { matrixSqrt } from 'gan-metrics/metrics';
 *
 * const root = matrixSqrt({ rows: 2, columns: 2, data: Float64Array.of(4, 0, 0, 9) });
 * console.log([...root.data]); // [ 2, 0, 0, 3 ]
 */
export function matrixSqrt(a: Matrix): Matrix<Float64Array> {
  const d = a.rows;
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    MlMatrix.from1DArray(d, d, a.data),
    { assumeSymmetric: true },
  );
  const scaled = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    // V Λ^½ Vᵀ = B Bᵀ with B = V Λ^¼, which is symmetric to the last bit.
    const root = Math.max(realEigenvalues[k], 0) ** 0.25;
    for (let i = 0; i < d; i++) scaled[i * d + k] = eigenvectorMatrix.get(i, k) * root;
  }
  const data = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += scaled[i * d + k] * scaled[j * d + k];
      data[i * d + j] = sum;
    }
  }
  return { rows: d, columns: d, data };
}
