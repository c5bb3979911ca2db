import { GanMetricsError } from '../errors';
import { type ThreadOptions, withKernels } from './kernels/with-kernels';
import { type Matrix, type MatrixLike, toMatrix } from './matrix';
import { addRows, createMoments, finishMoments, roomOfMoments } from './moments';

/** Mean and covariance of the features of `count` samples, in float64: all that FID keeps of them. */
export interface Statistics {
  /** null where nobody knows: most files of statistics do not say. */
  readonly count: number | null;
  /** d values */
  readonly mu: Float64Array;
  /** d × d, symmetric */
  readonly sigma: Matrix<Float64Array>;
}

/** What public functions take for statistics: plain arrays and ml-matrix matrices are fine. */
export interface StatisticsLike {
  /** Leave it out only where it is not known. */
  readonly count?: number | null | undefined;
  readonly mu: ArrayLike<number>;
  readonly sigma: MatrixLike;
}

/**
 * Mean and covariance of features, float64 whatever the features are.
 *
 * @param features  n × d, n ≥ 2
 * @param options   ddof: 1 divides the covariance by n − 1 (numpy.cov and every peer but stylegan3), 0 by n;
 *                  threads: by default all of the machine's where it is worth it, 1 for this one alone. They
 *                  move no bit of the result
 * @throws TOO_FEW_SAMPLES for n < 2, NOT_FINITE, SHAPE_MISMATCH
 * @example
 * import { featureStatistics } from 'gan-metrics/metrics';
 *
 * const { count, mu, sigma } = featureStatistics([[0, 0], [2, 4]]);
 * console.log(count, [...mu], [...sigma.data]); // 2 [ 1, 2 ] [ 2, 4, 4, 8 ]
 * featureStatistics([[0, 0]]); // throws TOO_FEW_SAMPLES
 */
export function featureStatistics(
  features: MatrixLike,
  { ddof = 1, name = 'features', threads }: { ddof?: 0 | 1; name?: string } & ThreadOptions = {},
): Statistics & { readonly count: number } {
  const matrix = toMatrix(features, name);
  requireFiniteRows(matrix, name);
  requireSamples(matrix.rows, name);
  const { rows: n, columns: d } = matrix;
  return withKernels({ length: roomOfMoments(d), operations: n * d * d, threads }, (kernels) => {
    const moments = createMoments(d, kernels);
    addRows(moments, matrix.data);
    return finishMoments(moments, ddof);
  });
}

/** Throws unless a covariance can be estimated from `count` samples. */
export function requireSamples(count: number, name: string): void {
  if (count >= 2) return;
  throw new GanMetricsError(
    'TOO_FEW_SAMPLES',
    `Expected at least 2 samples in ${name} but received ${count}: a covariance needs two.`,
    { details: { count, minimum: 2 } },
  );
}

/** Throws where a feature is NaN or infinite, naming the first such place. */
export function requireFiniteRows(matrix: Matrix, name: string): void {
  const { data } = matrix;
  if (allFinite(data)) return;
  const index = data.findIndex((value: number) => !Number.isFinite(value));
  const row = Math.floor(index / matrix.columns);
  throw new GanMetricsError(
    'NOT_FINITE',
    `Expected finite values in ${name} but row ${row}, column ${index % matrix.columns} is ${data[index]}.`,
    { details: { row, column: index % matrix.columns } },
  );
}

/** Zero times a number is zero for finite ones alone. Four at a time, as each addition waits for the one before it. */
function allFinite(data: Matrix['data']): boolean {
  const whole = data.length - (data.length % 4);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += data[i] * 0;
    b += data[i + 1] * 0;
    c += data[i + 2] * 0;
    d += data[i + 3] * 0;
  }
  for (let i = whole; i < data.length; i++) a += data[i] * 0;
  return a + b + c + d === 0;
}

/**
 * Brings statistics from outside into {@link Statistics} and checks them.
 *
 * @throws SHAPE_MISMATCH where sigma is not d × d, NOT_FINITE, TOO_FEW_SAMPLES, NOT_COVARIANCE
 */
export function toStatistics(value: StatisticsLike, name = 'statistics'): Statistics {
  const mu = Float64Array.from(value.mu);
  const given = toMatrix(value.sigma, `sigma of ${name}`);
  const d = mu.length;
  if (given.rows !== d || given.columns !== d) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected a ${d} × ${d} sigma in ${name}, as its mu has ${d} values, but received ${given.rows} × ${given.columns}.`,
    );
  }
  const count = value.count ?? null;
  if (count !== null) requireSamples(count, name);
  requireFiniteRows({ rows: 1, columns: d, data: mu }, `mu of ${name}`);
  requireFiniteRows(given, `sigma of ${name}`);
  requireSymmetric(given, `sigma of ${name}`);
  const sigma = { rows: d, columns: d, data: Float64Array.from(given.data) };
  return { count, mu, sigma };
}

/** Covariances written as float32, or by another order of summation, are symmetric only to rounding. */
const SYMMETRY_TOLERANCE = 1e-5;

function requireSymmetric({ rows: d, data }: Matrix, name: string): void {
  let largest = 0;
  let violation = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      largest = Math.max(largest, Math.abs(data[i * d + j]));
      violation = Math.max(violation, Math.abs(data[i * d + j] - data[j * d + i]));
    }
    if (data[i * d + i] < 0) {
      throw new GanMetricsError(
        'NOT_COVARIANCE',
        `Expected variances in ${name} but its diagonal entry ${i} is ${data[i * d + i]}.`,
      );
    }
  }
  if (violation <= SYMMETRY_TOLERANCE * largest) return;
  throw new GanMetricsError(
    'NOT_COVARIANCE',
    `Expected a symmetric ${name} but entries across the diagonal differ by up to ${violation} (largest entry ${largest}).`,
    { details: { violation, largest } },
  );
}
