import type { Block } from './kernels/block';

/** What the rule below may be off by, relative; its other end is the square root of rounding, about 1e-8. */
const TOLERANCE = 1e-10;
/** The step at which the trapezoidal rule has this error, 2 exp(−π²/h): the integrand is analytic for |Im s| < π/2. */
const STEP = Math.PI ** 2 / Math.log(2 / TOLERANCE);
/** Eigenvalues below this share of the largest are rounding, and rise to it. */
const FLOOR = 4 * Number.EPSILON;

/** A symmetric tridiagonal matrix: n values on the diagonal, n − 1 beside it, and where its eigenvalues lie. */
export interface Tridiagonal {
  readonly d: Float64Array;
  readonly e: Float64Array;
  readonly least: number;
  readonly most: number;
}

/**
 * T^-½ of a positive semidefinite tridiagonal matrix, to about 1e-10; eigenvalues that are only rounding are
 * taken for the largest that rounding can be, so that a singular T gives something bounded.
 *
 * λ^-½ = (2/π) ∫ eˢ / (e²ˢ + λ) ds over the real line, where the trapezoidal rule converges exponentially: some
 * 150 resolvents (T + e²ˢ)⁻¹, of n² operations each, and no eigenvector.
 *
 * @param to  n × n zeros, rows contiguous; filled on both sides of the diagonal
 * @see Hale, Higham, Trefethen 2008, "Computing A^α, log(A), and related matrix functions by contour integrals"
 */
export function tridiagonalInverseRoot({ d, e, least, most }: Tridiagonal, to: Block): void {
  if (!(most > 0)) return;
  const floor = FLOOR * most;
  const shift = Math.max(0, floor - least);
  const low = Math.log(Math.sqrt(floor) * TOLERANCE);
  const high = Math.log(Math.sqrt(most + shift) / TOLERANCE);
  const terms = Math.ceil((high - low) / STEP);
  for (let term = 0; term <= terms; term++) {
    const t = Math.exp(low + term * STEP);
    addResolvent({ d, e }, { shift: shift + t * t, factor: ((2 * STEP) / Math.PI) * t, to });
  }
  mirror(to);
}

/** The upper triangle of to += factor · (T + shift)⁻¹, by T + shift = U Γ Uᵀ: sums and products of one sign. */
function addResolvent(
  { d, e }: Pick<Tridiagonal, 'd' | 'e'>,
  { shift, factor, to }: { shift: number; factor: number; to: Block },
): void {
  const n = d.length;
  const pivots = new Float64Array(n);
  const steps = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    pivots[i] = d[i] + shift;
    if (i < n - 1) {
      steps[i + 1] = -e[i] / pivots[i + 1];
      pivots[i] += steps[i + 1] * e[i];
    }
  }
  let diagonal = factor / pivots[0];
  for (let i = 0; i < n; i++) {
    if (i > 0) diagonal = factor / pivots[i] + steps[i] * steps[i] * diagonal;
    const row = to.offset + i * to.rowStride;
    const negligible = diagonal * 1e-20;
    to.data[row + i] += diagonal;
    let entry = diagonal;
    for (let j = i + 1; j < n; j++) {
      entry *= steps[j];
      if (Math.abs(entry) < negligible) break;
      to.data[row + j] += entry;
    }
  }
}

/** T · x for a symmetric x that commutes with T: the result is symmetric too, and both triangles are written. */
export function tridiagonalProduct({ d, e }: Pick<Tridiagonal, 'd' | 'e'>, x: Block, to: Block): void {
  const n = d.length;
  for (let i = 0; i < n; i++) {
    const row = x.offset + i * x.rowStride;
    for (let j = i; j < n; j++) {
      let sum = d[i] * x.data[row + j];
      if (i > 0) sum += e[i - 1] * x.data[row - x.rowStride + j];
      if (i < n - 1) sum += e[i] * x.data[row + x.rowStride + j];
      to.data[to.offset + i * to.rowStride + j] = sum;
    }
  }
  mirror(to);
}

/** Copies the upper triangle to the lower. */
function mirror({ data, offset, rows, rowStride }: Block): void {
  for (let i = 1; i < rows; i++) {
    for (let j = 0; j < i; j++) data[offset + i * rowStride + j] = data[offset + j * rowStride + i];
  }
}
