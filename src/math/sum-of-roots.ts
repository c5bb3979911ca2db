import { type Block, block } from './kernels/block';
import type { Kernels } from './kernels/kernels';

/** How much of the result rounding may take. In matrices that are well enough it takes 1e-15 to 1e-14. */
const TOLERANCE = 2e-13;

/**
 * Σ √λ over the eigenvalues of a positive semidefinite matrix, to about 1e-13 relative; undefined where the
 * matrix cannot give it: the root of an eigenvalue that is only rounding (1e-16) is far above it (1e-8).
 *
 * @param a       n × n, the upper triangle, large at the top left; destroyed. Room for n² + 2n doubles more
 *                is needed
 * @param errors  what a diagonal entry was rounded from: each carries an error of about ε times this
 */
export function sumOfRoots(
  kernels: Kernels,
  { a, errors }: { a: Block; errors: Float64Array },
): number | undefined {
  const rounding = roundingOfRoots(kernels, { a, errors });
  const { d, e } = kernels.dsytrd({ a });
  const unfinished = kernels.dsterf({ d, e: e.subarray(0, a.rows - 1) });
  const sum = d.reduce((total, value) => total + Math.sqrt(Math.max(value, 0)), 0);
  return unfinished === 0 && rounding <= TOLERANCE * sum ? sum : undefined;
}

/**
 * About how far off Σ √λ is. The error of a diagonal entry is to be compared with what is left of the entry
 * when all larger rows are taken out, its pivot in a Cholesky factorization: it moves a root by error / √pivot,
 * and by √error where nothing is left.
 */
function roundingOfRoots(kernels: Kernels, { a, errors }: { a: Block; errors: Float64Array }): number {
  const n = a.rows;
  const copy = block(kernels.allocate(n * n), n, n);
  copy.data.set(a.data.subarray(a.offset, a.offset + n * n));
  const { rank, order } = kernels.dpstrf({ a: copy, tolerance: 0 });
  let sum = 0;
  for (let k = 0; k < n; k++) {
    const error = Number.EPSILON * errors[order[k]];
    const entry = copy.data[k * (n + 1)];
    if (k >= rank) sum += Math.sqrt(Math.max(error, Math.abs(entry)));
    else sum += entry > Math.sqrt(error) ? error / entry : Math.sqrt(error);
  }
  return sum;
}
