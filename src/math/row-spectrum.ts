import { type Block, block, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { openKernels } from './kernels/open-kernels';
import type { Matrix } from './matrix';

/** Rows or columns that are brought to the kernels at once. */
const STEP = 256;

/**
 * The eigenvalues of X Xᵀ, unordered, those of Xᵀ X where that is smaller: they differ by zeros alone.
 * Rounding makes some of the zeros small and negative.
 *
 * @param x      n × d
 * @param scale  a factor for every row
 */
export function rowSpectrum(x: Matrix, scale: Float64Array): Float64Array {
  const { rows: n, columns: d } = x;
  const size = Math.min(n, d);
  const kernels = openKernels(2 * size * size + 2 * size + STEP * size);
  const product = block(kernels.allocate(size * size), size, size);
  const work = kernels.allocate(STEP * size);
  if (n <= d) addColumns(kernels, { x, scale, work, product });
  else addRows(kernels, { x, scale, work, product });
  const { d: values, e } = kernels.dsytrd({ a: product });
  kernels.dsterf({ d: values, e: e.subarray(0, size - 1) });
  return values.slice();
}

interface Sum {
  readonly x: Matrix;
  readonly scale: Float64Array;
  readonly work: Float64Array;
  readonly product: Block;
}

/** X Xᵀ, by groups of columns. */
function addColumns(kernels: Kernels, { x: { rows: n, columns: d, data }, scale, work, product }: Sum): void {
  for (let first = 0; first < d; first += STEP) {
    const count = Math.min(STEP, d - first);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < count; k++) work[i * count + k] = scale[i] * data[i * d + first + k];
    }
    kernels.dsyrk({ a: block(work, n, count), c: product });
  }
}

/** Xᵀ X, by groups of rows. */
function addRows(kernels: Kernels, { x: { rows: n, columns: d, data }, scale, work, product }: Sum): void {
  for (let first = 0; first < n; first += STEP) {
    const count = Math.min(STEP, n - first);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < d; k++) work[i * d + k] = scale[first + i] * data[(first + i) * d + k];
    }
    kernels.dsyrk({ a: transposed(block(work, count, d)), c: product });
  }
}
