import type { Block } from './block';

/**
 * The dense linear algebra under the metrics, with the names and meanings of BLAS and LAPACK, on float64 where
 * the name does not begin with an s, for single precision. There are two of it: `plain`, the readable reference, and `simd`, the same in WebAssembly; one suite of
 * tests holds for both. They differ in the last bits, as the order of sums does; threads move no bit.
 *
 * All arrays come from `allocate`, so that nothing is copied on the way to a kernel. Where a result `c` is
 * accumulated into, its rows are contiguous (columnStride 1) and it overlaps no operand.
 */
export interface Kernels {
  readonly name: 'plain' | 'simd';

  /** An array of zeros, which lives as long as these kernels do. */
  allocate(length: number): Float64Array;

  /** An array of float32 zeros out of the same memory: two of them take the room of a double. */
  allocateSingle(length: number): Float32Array;

  /** c += alpha · a · b */
  dgemm(operands: { alpha?: number; a: Block; b: Block; c: Block }): void;

  /** The upper triangle of c += alpha · a · b; below the diagonal c is left alone. */
  dgemmt(operands: { alpha?: number; a: Block; b: Block; c: Block }): void;

  /** The upper triangle of c += alpha · a · aᵀ. */
  dsyrk(operands: { alpha?: number; a: Block; c: Block }): void;

  /** c += a · b in float32. */
  sgemm(operands: { a: Block<Float32Array>; b: Block<Float32Array>; c: Block<Float32Array> }): void;

  /**
   * Pivoted Cholesky factorization of the symmetric positive semidefinite matrix whose upper triangle `a`
   * holds (rows contiguous): a[order, order] = UᵀU, U upper triangular in place of it, with `rank` rows and
   * pivots that do not rise. It ends where no pivot is above `tolerance`, or where what is left to factor is
   * not semidefinite even roughly (an entry is twice the largest diagonal entry: rounding, or an indefinite
   * matrix); rows and columns from `rank` on then hold what was left.
   */
  dpstrf(operands: { a: Block; tolerance: number }): { rank: number; order: Int32Array };

  /**
   * Tridiagonal matrix with the eigenvalues of the symmetric matrix whose upper triangle `a` holds (rows
   * contiguous), which is destroyed. Graded matrices should be large at the top left. Row k of `a` is left with
   * the vector that reflection k took to e[k] times the first unit vector, right of the diagonal. Needs room for
   * as much as `a` again.
   *
   * @returns d: the diagonal, n values; e: beside it, n − 1 values in an array of n
   */
  dsytrd(operands: { a: Block }): { d: Float64Array; e: Float64Array };

  /**
   * Eigenvalues of a symmetric tridiagonal matrix: replaces d by them, unordered, and destroys e.
   *
   * @returns how many did not converge, 0 but for non-finite input
   */
  dsterf(operands: { d: Float64Array; e: Float64Array }): number;

  /**
   * c[i][j] += ‖xᵢ − yⱼ‖² for rows of x and y, contiguous. Differences are squared themselves: nothing
   * cancels, and equal rows are at 0 exactly.
   */
  squaredDistances(operands: { x: Block; y: Block; c: Block }): void;

  /** Replaces every value by its exponential. */
  exp(x: Float64Array): void;

  /** sums[i] = log Σⱼ exp(x[i][j]), of rows that are contiguous; −∞ for a row of −∞. */
  logSumExp(operands: { x: Block; sums: Float64Array }): void;
}
