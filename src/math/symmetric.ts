import { EigenvalueDecomposition, Matrix as MlMatrix, SingularValueDecomposition } from 'ml-matrix';
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

/**
 * A factor F of a symmetric positive semidefinite matrix, F Fᵀ = a, with as many columns as `a` has
 * eigenvalues above rounding.
 *
 * @param a  d × d, symmetric
 * @returns d × rank
 */
export function symmetricFactor(a: Matrix): Matrix<Float64Array> {
  const d = a.rows;
  const { realEigenvalues, eigenvectorMatrix } = decompose(a);
  // The root of an eigenvalue that is only rounding (1e-16) would be far above it (1e-8).
  const threshold = d * Number.EPSILON * Math.max(0, ...realEigenvalues);
  const kept = realEigenvalues.flatMap((value, k) => (value > threshold ? [k] : []));
  const data = new Float64Array(d * kept.length);
  kept.forEach((k, column) => {
    const root = Math.sqrt(realEigenvalues[k]);
    for (let i = 0; i < d; i++) data[i * kept.length + column] = eigenvectorMatrix.get(i, k) * root;
  });
  return { rows: d, columns: kept.length, data };
}

/** The sum of the singular values of aᵀ b, for matrices of equally many rows. */
export function nuclearNormOfProduct(a: Matrix, b: Matrix): number {
  if (a.columns === 0 || b.columns === 0) return 0;
  const product = multiplyTransposed(transpose(a), transpose(b));
  const options = {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  };
  const { diagonal } = new SingularValueDecomposition(toMlMatrix(product), options);
  return diagonal.reduce((sum, value) => sum + value, 0);
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
  return new EigenvalueDecomposition(toMlMatrix(a), { assumeSymmetric: true });
}

function transpose({ rows, columns, data }: Matrix): Matrix<Float64Array> {
  const transposed = new Float64Array(data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) transposed[j * rows + i] = data[i * columns + j];
  return { rows: columns, columns: rows, data: transposed };
}

function toMlMatrix({ rows, columns, data }: Matrix): MlMatrix {
  return MlMatrix.from1DArray(rows, columns, data);
}
