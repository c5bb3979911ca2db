import { GanMetricsError, invalidOption } from '../../errors';
import { type Matrix, type MatrixLike, toMatrix } from '../../math/matrix';

/**
 * How wide windows are: h, one for all directions; h₁ … h_d, one a dimension; or a symmetric positive definite
 * d × d matrix H, as which h stands for h² times the identity. H is the covariance of a Gaussian window.
 */
export type Bandwidth = number | readonly number[] | Float32Array | Float64Array | MatrixLike;

/** Differences in units of the bandwidth. */
export type Scaling =
  | { readonly kind: 'scalar'; readonly bandwidth: number }
  | { readonly kind: 'diagonal'; readonly bandwidth: Float64Array }
  /** The lower triangular L of H = LLᵀ; differences are solved with it. */
  | { readonly kind: 'full'; readonly bandwidth: Matrix; readonly lower: Float64Array };

/**
 * @throws INVALID_OPTION for bandwidths that are not positive, SHAPE_MISMATCH for other than d of them,
 *   NOT_COVARIANCE for a matrix that is not symmetric positive definite
 */
export function toScaling(bandwidth: Bandwidth, d: number): Scaling {
  if (typeof bandwidth === 'number') {
    requirePositive(bandwidth);
    return { kind: 'scalar', bandwidth };
  }
  if (isList(bandwidth)) {
    bandwidth.forEach(requirePositive);
    if (bandwidth.length !== d) {
      throw new GanMetricsError(
        'SHAPE_MISMATCH',
        `Expected ${d} bandwidths, one a dimension, but received ${bandwidth.length}.`,
      );
    }
    return { kind: 'diagonal', bandwidth: Float64Array.from(bandwidth) };
  }
  const matrix = toMatrix(bandwidth as MatrixLike, 'bandwidth');
  if (matrix.rows !== d || matrix.columns !== d) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected a ${d} × ${d} bandwidth but received ${matrix.rows} × ${matrix.columns}.`,
    );
  }
  return { kind: 'full', bandwidth: matrix, lower: cholesky(matrix) };
}

/** log of the volume that a unit cube takes when its sides are bandwidths: d log h, Σ log hⱼ, ½ log det H. */
export function logScale(scaling: Scaling, d: number): number {
  if (scaling.kind === 'scalar') return d * Math.log(scaling.bandwidth);
  if (scaling.kind === 'diagonal') return scaling.bandwidth.reduce((sum, h) => sum + Math.log(h), 0);
  let sum = 0;
  for (let j = 0; j < d; j++) sum += Math.log(scaling.lower[j * d + j]);
  return sum;
}

/** Solves L z = x for every row x, as a new matrix: rows whose plain differences are in units of the bandwidth. */
export function whitened(lower: Float64Array, { rows, columns: d, data }: Matrix): Matrix<Float64Array> {
  const z = Float64Array.from(data);
  for (let i = 0; i < rows; i++) {
    const row = z.subarray(i * d, i * d + d);
    for (let j = 0; j < d; j++) {
      let sum = row[j];
      for (let k = 0, at = j * d; k < j; k++, at++) sum -= lower[at] * row[k];
      row[j] = sum / lower[j * d + j];
    }
  }
  return { rows, columns: d, data: z };
}

/** How much two entries across the diagonal may differ: a matrix stored as float32 is symmetric to rounding. */
const SYMMETRY = 1e-6;

/** The lower triangular L with positive diagonal of H = LLᵀ. */
function cholesky({ rows: d, data }: Matrix): Float64Array {
  const lower = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      const bound = SYMMETRY * Math.sqrt(Math.abs(data[i * d + i] * data[j * d + j]));
      if (!(Math.abs(data[i * d + j] - data[j * d + i]) <= bound)) {
        throw notDefinite(`entries (${i}, ${j}) and (${j}, ${i}) differ`);
      }
      let sum = data[i * d + j];
      for (let k = 0; k < j; k++) sum -= lower[i * d + k] * lower[j * d + k];
      if (i !== j) lower[i * d + j] = sum / lower[j * d + j];
      else if (sum > Number.EPSILON * d * data[i * d + i]) lower[i * d + i] = Math.sqrt(sum);
      else throw notDefinite(`dimension ${i} is a combination of those before it`);
    }
  }
  return lower;
}

function notDefinite(reason: string): GanMetricsError {
  return new GanMetricsError(
    'NOT_COVARIANCE',
    `Expected a symmetric positive definite bandwidth matrix but ${reason}: leave dimensions out, or give ` +
      'one bandwidth for all.',
  );
}

function requirePositive(bandwidth: number): void {
  if (Number.isFinite(bandwidth) && bandwidth > 0) return;
  throw invalidOption('bandwidth', 'a positive number', bandwidth);
}

function isList(bandwidth: Bandwidth): bandwidth is readonly number[] {
  if (ArrayBuffer.isView(bandwidth)) return true;
  return Array.isArray(bandwidth) && (bandwidth.length === 0 || typeof bandwidth[0] === 'number');
}
