import { covarianceFactor, factorCovariance } from './factors';
import { type Block, block, part, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { openKernels } from './kernels/open-kernels';
import type { Matrix } from './matrix';
import { nuclearNorm, powerOfTwoOf } from './nuclear-norm';
import { sumOfRoots } from './sum-of-roots';

/** A covariance as a d × d matrix, which errors call by its name, or as a factor of it: RᵀR, R of few rows. */
export type Covariance =
  | { readonly sigma: Matrix; readonly name: string }
  | { readonly factor: Matrix<Float64Array> };

/** The depth of product that the kernels like best. */
const PANEL = 256;

/**
 * tr((Σ_a Σ_b)^½), to about 1e-13 relative: never complex, and nothing is added to singular covariances.
 *
 * With Σ_a = UᵀU it is the sum of the roots of the eigenvalues of U Σ_b Uᵀ. Where one of both is singular,
 * or close to it, Σ_b is factored as well and the singular values of R_a R_bᵀ are summed.
 *
 * @throws NOT_COVARIANCE where a matrix is not positive semidefinite
 */
export function rootTrace(a: Covariance, b: Covariance): number {
  const sum = 'sigma' in a && 'sigma' in b ? rootTraceByCongruence(a, b) : undefined;
  return sum ?? nuclearNorm(factorOf(a), factorOf(b));
}

function factorOf(covariance: Covariance): Matrix<Float64Array> {
  return 'factor' in covariance ? covariance.factor : covarianceFactor(covariance.sigma, covariance.name);
}

function rootTraceByCongruence(
  a: Extract<Covariance, { sigma: Matrix }>,
  b: Extract<Covariance, { sigma: Matrix }>,
): number | undefined {
  const d = a.sigma.rows;
  const [scaleA, scaleB] = [powerOfTwoOf(a.sigma.data), powerOfTwoOf(b.sigma.data)];
  const kernels = openKernels(5 * d * d + 2 * d);
  const { u, rank, order } = factorCovariance(kernels, a);
  if (rank < d) return undefined;
  for (let i = 0; i < u.data.length; i++) u.data[i] /= Math.sqrt(scaleA);

  // Half of Σ_b, in the order of U: T + Tᵀ = Σ_b.
  const half = block(kernels.allocate(d * d), d, d);
  const { data } = b.sigma;
  for (let i = 0; i < d; i++) {
    half.data[i * d + i] = data[order[i] * (d + 1)] / scaleB / 2;
    for (let j = i + 1; j < d; j++) half.data[i * d + j] = data[order[i] * d + order[j]] / scaleB;
  }
  const errors = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) errors[i] += 2 * u.data[i * d + j] ** 2 * half.data[j * (d + 1)];
  }
  const product = congruence(kernels, u, half);
  const sum = sumOfRoots(kernels, { a: product, errors });
  return sum === undefined ? undefined : sum * Math.sqrt(scaleA) * Math.sqrt(scaleB);
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
