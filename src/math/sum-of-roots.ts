import type { Block } from './kernels/block';
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
  const { d, e } = kernels.dsytrd({ a });
  const unfinished = kernels.dsterf({ d, e: e.subarray(0, a.rows - 1) });
  const values = d.slice().sort().reverse();
  const sum = values.reduce((total, value) => total + Math.sqrt(Math.max(value, 0)), 0);
  return unfinished === 0 && roundingOfRoots(values, errors) <= TOLERANCE * sum ? sum : undefined;
}

/**
 * About how far off Σ √λ is. In a matrix that falls towards the bottom right the larger errors belong to the
 * larger eigenvalues; an error moves a root by error / 2√λ, and by √error where that is all there is.
 *
 * @param values  falling
 */
function roundingOfRoots(values: Float64Array, errors: Float64Array): number {
  const falling = errors.slice().sort().reverse();
  return values.reduce((sum, value, k) => {
    const error = Number.EPSILON * falling[k];
    return sum + (value > error ? error / Math.sqrt(value) : Math.sqrt(Math.max(error, -value)));
  }, 0);
}
