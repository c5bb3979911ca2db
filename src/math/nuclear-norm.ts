import { type Block, block, part, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { type ThreadOptions, withKernels } from './kernels/with-kernels';
import type { Matrix } from './matrix';
import { sumOfRoots } from './sum-of-roots';

/**
 * The sum of the singular values of x yᵀ, for matrices of equally many columns, to about 1e-13 relative.
 *
 * They are the roots of the eigenvalues of W Wᵀ, W = x yᵀ: half the size, and an eighth of the work, of the
 * way that avoids the square. Where W is too close to singular for that they come from [0 W; Wᵀ 0], whose
 * eigenvalues they are.
 *
 * @param x        m × d; rows with falling norms keep most digits
 * @param y        n × d
 * @param options  threads: by default as many as are worth it
 */
export function nuclearNorm(x: Matrix, y: Matrix, { threads }: ThreadOptions = {}): number {
  const [a, b] = x.rows <= y.rows ? [x, y] : [y, x];
  const [m, n, d] = [a.rows, b.rows, a.columns];
  if (m === 0) return 0;
  const [scaleA, scaleB] = [powerOfTwoOf(a.data), powerOfTwoOf(b.data)];
  const length = (m + n) * d + m * n + 2 * m * m + 2 * m;
  const operations = 2 * m * n * d + m * m * (n + m);
  const found = withKernels({ length, operations, threads }, (kernels) => {
    const [left, right] = [scaledCopy(kernels, a, scaleA), scaledCopy(kernels, b, scaleB)];
    const w = block(kernels.allocate(m * n), m, n);
    kernels.dgemm({ a: left, b: transposed(right), c: w });
    const square = block(kernels.allocate(m * m), m, m);
    kernels.dsyrk({ a: w, c: square });
    const errors = Float64Array.from({ length: m }, (_, i) => square.data[i * (m + 1)]);
    const sum = sumOfRoots(kernels, { a: square, errors });
    return sum === undefined ? { w: w.data.slice() } : { sum };
  });
  const sum = found.sum ?? sumOfSingularValues({ rows: m, columns: n, data: found.w! }, threads);
  return sum * scaleA * scaleB;
}

/** Powers of two take the sizes out, so that no square leaves the range of float64. */
function scaledCopy(kernels: Kernels, { rows, columns, data }: Matrix, scale: number): Block {
  const copy = kernels.allocate(rows * columns);
  for (let i = 0; i < copy.length; i++) copy[i] = data[i] / scale;
  return block(copy, rows, columns);
}

/** The power of two next to the largest magnitude; 1 for zeros. */
export function powerOfTwoOf(data: Float32Array | Float64Array): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]));
  return largest === 0 ? 1 : 2 ** Math.round(Math.log2(largest));
}

function sumOfSingularValues(w: Matrix, threads: number | undefined): number {
  const size = w.rows + w.columns;
  const work = { length: 2 * size * size + 2 * size, operations: 2 * size ** 3, threads };
  return withKernels(work, (kernels) => {
    const both = block(kernels.allocate(size * size), size, size);
    const corner = part(both, { column: w.rows, rows: w.rows });
    for (let i = 0; i < w.rows; i++) {
      const row = w.data.subarray(i * w.columns, (i + 1) * w.columns);
      both.data.set(row, corner.offset + i * corner.rowStride);
    }
    const { d, e } = kernels.dsytrd({ a: both });
    if (kernels.dsterf({ d, e: e.subarray(0, size - 1) }) > 0) {
      throw new Error(`The eigenvalue iteration did not converge on a matrix of ${size} rows.`);
    }
    // Every singular value is there with both signs.
    return d.reduce((total, value) => total + Math.abs(value), 0) / 2;
  });
}
