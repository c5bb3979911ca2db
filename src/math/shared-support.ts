import { GanMetricsError } from '../errors';
import { INDEFINITE_TOLERANCE } from './factors';
import type { Matrix } from './matrix';

/** A covariance, d × d, and what errors call it. */
export interface NamedSigma {
  readonly sigma: Matrix;
  readonly name: string;
}

/** Dimensions may be left out that could add this much of what the largest could: a sum over all stays rounding. */
const NEGLIGIBLE = 1e-17;

/**
 * Two covariances without the dimensions that can add nothing to tr((Σ_a Σ_b)^½), as dead units of a network
 * do not: what a dimension of variances v_a and v_b adds is at most √(v_a v_b).
 *
 * @throws NOT_COVARIANCE where such a dimension covaries by more than its variance allows
 */
export function sharedSupport(a: NamedSigma, b: NamedSigma): [NamedSigma, NamedSigma] {
  const d = a.sigma.rows;
  const bounds = Float64Array.from(
    { length: d },
    (_, i) => root(a.sigma.data[i * (d + 1)]) * root(b.sigma.data[i * (d + 1)]),
  );
  const largest = bounds.reduce((x, y) => Math.max(x, y), 0);
  const kept = Int32Array.from(bounds.keys()).filter((i) => bounds[i] > NEGLIGIBLE * largest);
  if (kept.length === d) return [a, b];
  for (const covariance of [a, b]) {
    for (let i = 0; i < d; i++) {
      if (bounds[i] <= NEGLIGIBLE * largest) requireBounded(covariance, i);
    }
  }
  return [
    { ...a, sigma: restricted(a.sigma, kept) },
    { ...b, sigma: restricted(b.sigma, kept) },
  ];
}

function root(variance: number): number {
  return Math.sqrt(Math.max(variance, 0));
}

function restricted({ columns: d, data }: Matrix, kept: Int32Array): Matrix<Float64Array> {
  const size = kept.length;
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) result[i * size + j] = data[kept[i] * d + kept[j]];
  }
  return { rows: size, columns: size, data: result };
}

/** |Σ_ij| ≤ √(Σ_ii Σ_jj) */
function requireBounded({ sigma: { rows: d, data }, name }: NamedSigma, i: number): void {
  let [violation, largest] = [-data[i * (d + 1)], 0];
  for (let j = 0; j < d; j++) {
    const bound = root(data[i * (d + 1)]) * root(data[j * (d + 1)]);
    violation = Math.max(violation, Math.abs(data[i * d + j]) - bound);
    largest = Math.max(largest, Math.abs(data[j * (d + 1)]));
  }
  if (violation <= INDEFINITE_TOLERANCE * largest) return;
  throw new GanMetricsError(
    'NOT_COVARIANCE',
    `Expected a positive semidefinite ${name} but it is indefinite by ${violation.toPrecision(3)}, ` +
      `where its largest variance is ${largest.toPrecision(3)}.`,
    { details: { violation, largest } },
  );
}
