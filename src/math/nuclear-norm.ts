import { type Block, block, part, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { openKernels } from './kernels/open-kernels';
import type { Matrix } from './matrix';
import { sumOfRoots } from './sum-of-roots';

/**
 * The sum of the singular values of x yᵀ, for matrices of equally many columns, to about 1e-13 relative.
 *
 * They are the roots of the eigenvalues of W Wᵀ, W = x yᵀ: half the size, and an eighth of the work, of the
 * way that avoids the square. Where W is too close to singular for that they come from [0 W; Wᵀ 0], whose
 * eigenvalues they are.
 *
 * @param x  m × d; rows with falling norms keep most digits
 * @param y  n × d
 */
export function nuclearNorm(x: Matrix, y: Matrix): number {
  const [a, b] = x.rows <= y.rows ? [x, y] : [y, x];
  const [m, n, d] = [a.rows, b.rows, a.columns];
  if (m === 0) return 0;
  const kernels = openKernels((m + n) * d + m * n + 2 * m * m + 2 * m);
  const left = scaledCopy(kernels, a);
  const right = scaledCopy(kernels, b);
  const w = block(kernels.allocate(m * n), m, n);
  kernels.dgemm({ a: left.block, b: transposed(right.block), c: w });
  const square = block(kernels.allocate(m * m), m, m);
  kernels.dsyrk({ a: w, c: square });
  const errors = Float64Array.from({ length: m }, (_, i) => square.data[i * (m + 1)]);
  const sum = sumOfRoots(kernels, { a: square, errors }) ?? sumOfSingularValues(w);
  return sum * left.scale * right.scale;
}

/** Powers of two take the sizes out, so that no square leaves the range of float64. */
function scaledCopy(kernels: Kernels, { rows, columns, data }: Matrix): { block: Block; scale: number } {
  const scale = powerOfTwoOf(data);
  const copy = kernels.allocate(rows * columns);
  for (let i = 0; i < copy.length; i++) copy[i] = data[i] / scale;
  return { block: block(copy, rows, columns), scale };
}

/** The power of two next to the largest magnitude; 1 for zeros. */
export function powerOfTwoOf(data: Float32Array | Float64Array): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]));
  return largest === 0 ? 1 : 2 ** Math.round(Math.log2(largest));
}

function sumOfSingularValues(w: Block): number {
  const size = w.rows + w.columns;
  const kernels = openKernels(size * size + 2 * size);
  const both = block(kernels.allocate(size * size), size, size);
  const corner = part(both, { column: w.rows, rows: w.rows });
  for (let i = 0; i < w.rows; i++) {
    const row = w.data.subarray(w.offset + i * w.rowStride, w.offset + i * w.rowStride + w.columns);
    both.data.set(row, corner.offset + i * corner.rowStride);
  }
  const { d, e } = kernels.dsytrd({ a: both });
  if (kernels.dsterf({ d, e: e.subarray(0, size - 1) }) > 0) {
    throw new Error(`The eigenvalue iteration did not converge on a matrix of ${size} rows.`);
  }
  // Every singular value is there with both signs.
  return d.reduce((total, value) => total + Math.abs(value), 0) / 2;
}
