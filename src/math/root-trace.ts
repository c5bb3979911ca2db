import { covarianceFactor, factorCovariance } from './factors';
import { type Block, block, part, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { type ThreadOptions, withKernels } from './kernels/with-kernels';
import type { Matrix } from './matrix';
import { nuclearNorm, powerOfTwoOf } from './nuclear-norm';
import { type NamedSigma, sharedSupport } from './shared-support';
import { sumOfRoots } from './sum-of-roots';

/** A covariance as a d × d matrix, which errors call by its name, or as a factor of it: RᵀR, R of few rows. */
export type Covariance = NamedSigma | { readonly factor: Matrix<Float64Array> };

/** Columns made at once: half of what the kernels like best, as what lies over the diagonals is in vain. */
const PANEL = 128;

/**
 * tr((Σ_a Σ_b)^½), to about 1e-13 relative: never complex, and nothing is added to singular covariances.
 *
 * With Σ_a = UᵀU it is the sum of the roots of the eigenvalues of U Σ_b Uᵀ. Where one of both is singular,
 * or close to it, Σ_b is factored as well and the singular values of R_a R_bᵀ are summed. Dimensions that are
 * constant in one of both are left out first: they are singular, but add nothing.
 *
 * @param options  threads: by default as many as are worth it; the result is the same to the last bit
 * @throws NOT_COVARIANCE where a matrix is not positive semidefinite
 */
export function rootTrace(a: Covariance, b: Covariance, { threads }: ThreadOptions = {}): number {
  if (!('sigma' in a && 'sigma' in b)) return byFactors(a, b, threads);
  const [x, y] = sharedSupport(a, b);
  const d = x.sigma.rows;
  if (d === 0) return 0;
  const work = { length: 5 * d * d + 2 * d, operations: 3 * d ** 3, threads };
  return withKernels(work, (kernels) => byCongruence(kernels, x, y)) ?? byFactors(x, y, threads);
}

function byFactors(a: Covariance, b: Covariance, threads: number | undefined): number {
  const [x, y] = [a, b].map((covariance) =>
    'factor' in covariance
      ? covariance.factor
      : covarianceFactor(covariance.sigma, { name: covariance.name, threads }),
  );
  return nuclearNorm(x, y, { threads });
}

function byCongruence(kernels: Kernels, a: NamedSigma, b: NamedSigma): number | undefined {
  const d = a.sigma.rows;
  const { u, rank, order } = factorCovariance(kernels, a);
  if (rank < d) return undefined;
  const scales = [a, b].map(({ sigma }) => powerOfFourOf(sigma));
  const half = halfInOrder(kernels, b.sigma, { order, scale: scales[1] });
  const errors = scaleFactor(u, { scale: 1 / Math.sqrt(scales[0]), half });
  const sum = sumOfRoots(kernels, { a: congruence(kernels, u, half), errors });
  return sum === undefined ? undefined : sum * Math.sqrt(scales[0]) * Math.sqrt(scales[1]);
}

/** Multiplies U by a number, in place; returns what the diagonal of U Σ_b Uᵀ is rounded from. */
function scaleFactor(u: Block, { scale, half }: { scale: number; half: Block }): Float64Array {
  const d = u.rows;
  const variances = Float64Array.from({ length: d }, (_, i) => 2 * half.data[i * (d + 1)]);
  return variances.map((_, i) => {
    let sum = 0;
    for (let j = i; j < d; j++) {
      const value = u.data[i * d + j] * scale;
      u.data[i * d + j] = value;
      sum += value * value * variances[j];
    }
    return sum;
  });
}

/** The power of four next to the largest variance: a factor that is exact, and whose root is. */
function powerOfFourOf({ rows: d, data }: Matrix): number {
  const variances = Float64Array.from({ length: d }, (_, i) => data[i * (d + 1)]);
  return 4 ** Math.round(Math.log2(powerOfTwoOf(variances)) / 2);
}

/** Half of Σ, in another order: T + Tᵀ = Σ[order, order] / scale, T an upper triangle. */
function halfInOrder(
  kernels: Kernels,
  { rows: d, data }: Matrix,
  { order, scale }: { order: Int32Array; scale: number },
): Block {
  const half = block(kernels.allocate(d * d), d, d);
  const factor = 1 / scale;
  for (let i = 0; i < d; i++) {
    const row = order[i] * d;
    half.data[i * d + i] = (data[row + order[i]] * factor) / 2;
    for (let j = i + 1; j < d; j++) half.data[i * d + j] = data[row + order[j]] * factor;
  }
  return half;
}

/** The upper triangle of U (T + Tᵀ) Uᵀ, of two upper triangles: LAPACK's dsygst, backwards, in d³ operations. */
function congruence(kernels: Kernels, u: Block, t: Block): Block {
  const d = u.rows;
  const y = block(kernels.allocate(d * d), d, d);
  const product = block(kernels.allocate(d * d), d, d);
  for (let k = 0; k < d; k += PANEL) {
    const columns = Math.min(PANEL, d - k);
    const end = k + columns;
    // Y = U T: what rows k … of T give to it.
    const a = part(u, { column: k, rows: end, columns });
    kernels.dgemm({
      a,
      b: part(t, { row: k, column: k, rows: columns }),
      c: part(y, { column: k, rows: end }),
    });
  }
  for (let k = 0; k < d; k += PANEL) {
    const columns = Math.min(PANEL, d - k);
    const end = k + columns;
    const [a, b] = [y, u].map((x) => part(x, { column: k, rows: end, columns }));
    const c = part(product, { rows: end, columns: end });
    kernels.dgemmt({ a, b: transposed(b), c });
    kernels.dgemmt({ a: b, b: transposed(a), c });
  }
  return product;
}
