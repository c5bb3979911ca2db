import { covarianceFactor, factorCovariance } from './factors';
import { type Block, block, part, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { openKernels } from './kernels/open-kernels';
import type { Matrix } from './matrix';
import { nuclearNorm, powerOfTwoOf } from './nuclear-norm';
import { type NamedSigma, sharedSupport } from './shared-support';
import { sumOfRoots } from './sum-of-roots';

/** A covariance as a d × d matrix, which errors call by its name, or as a factor of it: RᵀR, R of few rows. */
export type Covariance = NamedSigma | { readonly factor: Matrix<Float64Array> };

/** The depth of product that the kernels like best. */
const PANEL = 256;

/**
 * tr((Σ_a Σ_b)^½), to about 1e-13 relative: never complex, and nothing is added to singular covariances.
 *
 * With Σ_a = UᵀU it is the sum of the roots of the eigenvalues of U Σ_b Uᵀ. Where one of both is singular,
 * or close to it, Σ_b is factored as well and the singular values of R_a R_bᵀ are summed. Dimensions that are
 * constant in one of both are left out first: they are singular, but add nothing.
 *
 * @throws NOT_COVARIANCE where a matrix is not positive semidefinite
 */
export function rootTrace(a: Covariance, b: Covariance): number {
  if (!('sigma' in a && 'sigma' in b)) return nuclearNorm(factorOf(a), factorOf(b));
  const [x, y] = sharedSupport(a, b);
  if (x.sigma.rows === 0) return 0;
  return rootTraceByCongruence(x, y) ?? nuclearNorm(factorOf(x), factorOf(y));
}

function factorOf(covariance: Covariance): Matrix<Float64Array> {
  return 'factor' in covariance ? covariance.factor : covarianceFactor(covariance.sigma, covariance.name);
}

function rootTraceByCongruence(a: NamedSigma, b: NamedSigma): number | undefined {
  const d = a.sigma.rows;
  const kernels = openKernels(5 * d * d + 2 * d);
  const { u, rank, order } = factorCovariance(kernels, a);
  if (rank < d) return undefined;
  const scales = [a, b].map(({ sigma }) => powerOfFourOf(sigma));
  const half = halfInOrder(kernels, b.sigma, { order, scale: scales[1] });
  const variances = Float64Array.from({ length: d }, (_, i) => 2 * half.data[i * (d + 1)]);
  const errors = new Float64Array(d);
  const factor = 1 / Math.sqrt(scales[0]);
  for (let i = 0; i < d; i++) {
    let error = 0;
    for (let j = i; j < d; j++) {
      const value = u.data[i * d + j] * factor;
      u.data[i * d + j] = value;
      error += value * value * variances[j];
    }
    errors[i] = error;
  }
  const product = congruence(kernels, u, half);
  const sum = sumOfRoots(kernels, { a: product, errors });
  return sum === undefined ? undefined : sum * Math.sqrt(scales[0]) * Math.sqrt(scales[1]);
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
