import { GanMetricsError } from '../errors';
import { type Block, block, part } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { type ThreadOptions, withKernels } from './kernels/with-kernels';
import type { Matrix } from './matrix';

/** Relative size of what rounding to float32, as some tools store covariances, can take from semidefiniteness. */
export const INDEFINITE_TOLERANCE = 1e-5;

/**
 * Factors a covariance by pivoted Cholesky factorization: sigma[order, order] = UᵀU up to rounding.
 *
 * @param sigma  d × d, symmetric; only the upper triangle is read. Kernels need room for d² doubles
 * @returns u: d × d, zero below the diagonal; its first `rank` rows are U
 * @throws NOT_COVARIANCE where sigma is not positive semidefinite
 */
export function factorCovariance(
  kernels: Kernels,
  { sigma, name }: { sigma: Matrix; name: string },
): { u: Block; rank: number; order: Int32Array } {
  const d = sigma.rows;
  const u = block(kernels.allocate(d * d), d, d);
  let largest = 0;
  for (let i = 0; i < d; i++) {
    u.data.set(sigma.data.subarray(i * d + i, i * d + d), i * d + i);
    largest = Math.max(largest, Math.abs(sigma.data[i * d + i]));
  }
  // The root of a pivot that is only rounding (1e-16) would be far above it (1e-8).
  const { rank, order } = kernels.dpstrf({ a: u, tolerance: d * Number.EPSILON * largest });
  requireNothingLeft(part(u, { row: rank, column: rank }), { name, largest });
  return { u, rank, order };
}

/**
 * A factor of a covariance, RᵀR = sigma, with as many rows as sigma has pivots above rounding, their norms
 * falling as far as the pivots decide them.
 *
 * @param sigma    d × d, symmetric
 * @param options  name: what errors call it; threads: by default as many as are worth it
 * @returns rank × d
 * @throws NOT_COVARIANCE where sigma is not positive semidefinite
 */
export function covarianceFactor(
  sigma: Matrix,
  { name = 'covariance', threads }: { name?: string } & ThreadOptions = {},
): Matrix<Float64Array> {
  const d = sigma.rows;
  return withKernels({ length: d * d, operations: d ** 3 / 3, threads }, (kernels) => {
    const { u, rank, order } = factorCovariance(kernels, { sigma, name });
    const data = new Float64Array(rank * d);
    for (let k = 0; k < rank; k++) {
      for (let j = k; j < d; j++) data[k * d + order[j]] = u.data[k * d + j];
    }
    return { rows: rank, columns: d, data };
  });
}

/**
 * A factor of the covariance of features (over n − 1) without the covariance: RᵀR = sigma. The n centred rows
 * sum to zero; a Householder reflection turns them into n − 1 rows that do not. Their norms fall.
 *
 * @param features  n × d
 * @param mu        their mean
 * @returns (n − 1) × d
 */
export function featureFactor({ rows: n, columns: d, data }: Matrix, mu: Float64Array): Matrix<Float64Array> {
  const rows: { row: Float64Array; norm: number }[] = [];
  for (let i = 1; i < n; i++) {
    const row = new Float64Array(d);
    let norm = 0;
    for (let j = 0; j < d; j++) {
      const reflected = (data[j] - mu[j]) / (1 + Math.sqrt(n));
      row[j] = (data[i * d + j] - mu[j] - reflected) / Math.sqrt(n - 1);
      norm += row[j] * row[j];
    }
    rows.push({ row, norm });
  }
  const factor = new Float64Array((n - 1) * d);
  rows.sort((x, y) => y.norm - x.norm);
  rows.forEach(({ row }, i) => {
    factor.set(row, i * d);
  });
  return { rows: n - 1, columns: d, data: factor };
}

/** What a factorization has not taken must be rounding. */
function requireNothingLeft(left: Block, { name, largest }: { name: string; largest: number }): void {
  let violation = 0;
  for (let i = 0; i < left.rows; i++) {
    for (let j = i; j < left.columns; j++) {
      violation = Math.max(violation, Math.abs(left.data[left.offset + i * left.rowStride + j]));
    }
  }
  if (violation <= INDEFINITE_TOLERANCE * largest) return;
  throw new GanMetricsError(
    'NOT_COVARIANCE',
    `Expected a positive semidefinite ${name} but it is indefinite by ${violation.toPrecision(3)}, ` +
      `where its largest variance is ${largest.toPrecision(3)}.`,
    { details: { violation, largest } },
  );
}
