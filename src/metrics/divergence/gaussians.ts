import { GanMetricsError } from '../../errors';
import { factorCovariance } from '../../math/factors';
import { openKernels } from '../../math/kernels/open-kernels';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { type Statistics, toStatistics } from '../../math/statistics';
import { distanceOfStatistics } from '../frechet-distance';

/** A Gaussian distribution: mean (d) and covariance (d × d). */
export interface GaussianLike {
  readonly mu: ArrayLike<number>;
  readonly sigma: MatrixLike;
}

export interface GaussianDivergence {
  readonly value: number;
  readonly dimensions: number;
}

/**
 * Kullback–Leibler divergence KL(P_r ‖ P_g) of two Gaussians in closed form, in nats:
 * ½ (tr(Σ_g⁻¹ Σ_r) + (μ_g − μ_r)ᵀ Σ_g⁻¹ (μ_g − μ_r) − d + log det Σ_g − log det Σ_r).
 * Lower is better. Range: [0, ∞]; ∞ where exactly one covariance is singular, as then one distribution has no
 * density with respect to the other. Exact for the Gaussians given; of estimated ones it is biased upwards.
 * The reverse is the same with real and generated exchanged.
 *
 * @param gaussians  real and generated, `mu` and `sigma` each (statistics will do)
 * @throws SHAPE_MISMATCH, NOT_FINITE, NOT_COVARIANCE for a matrix that is none, and where both are singular: the
 *   answer then hangs on whether they share a subspace, which rounding does not tell
 * @see Cover, Thomas 2006, Elements of Information Theory
 * @example
 * import { gaussianKlDivergence } from 'gan-metrics/metrics';
 *
 * const real = { mu: [0], sigma: [[1]] };
 * console.log(gaussianKlDivergence({ real, generated: { mu: [1], sigma: [[1]] } }).value); // 0.5
 * // ½ (1/4 − 1 + log 4)
 * console.log(gaussianKlDivergence({ real, generated: { mu: [0], sigma: [[4]] } }).value); // 0.318147
 */
export function gaussianKlDivergence({
  real,
  generated,
}: {
  readonly real: GaussianLike;
  readonly generated: GaussianLike;
}): GaussianDivergence {
  const [p, q] = [toGaussian(real, 'real'), toGaussian(generated, 'generated')];
  const d = p.mu.length;
  requireSameDimensions(p, q);
  const [rootP, rootQ] = [root(p.sigma, 'real'), root(q.sigma, 'generated')];
  if (rootP.singular && rootQ.singular) {
    throw new GanMetricsError(
      'NOT_COVARIANCE',
      'Expected a covariance of full rank on one side at least, but both are singular: project both onto the ' +
        'subspace that they share.',
    );
  }
  if (rootP.singular || rootQ.singular) return { value: Number.POSITIVE_INFINITY, dimensions: d };

  const difference = p.mu.map((value, j) => q.mu[j] - value);
  const whitened = whiten(rootQ, { rows: 1, columns: d, data: difference });
  const squares = whiten(rootQ, rootP.factor).reduce((sum, value) => sum + value * value, 0);
  const mahalanobis = whitened.reduce((sum, value) => sum + value * value, 0);
  const value = (squares - d + mahalanobis) / 2 + rootQ.halfLogDeterminant - rootP.halfLogDeterminant;
  return { value: Math.max(value, 0), dimensions: d };
}

/**
 * Wasserstein-2 distance of two Gaussians in closed form, W₂ = (‖μ_a − μ_b‖² + tr(Σ_a + Σ_b − 2 (Σ_a Σ_b)^½))^½,
 * in feature units; its square is the Fréchet distance of FID. Lower is better. Range: [0, ∞). Symmetric, a metric,
 * finite for singular covariances too.
 *
 * @param a, b  mean and covariance of each
 * @throws SHAPE_MISMATCH, NOT_FINITE, NOT_COVARIANCE
 * @see Dowson, Landau 1982; Givens, Shortt 1984
 * @example
 * import { gaussianWasserstein2 } from 'gan-metrics/metrics';
 *
 * // Means 3 apart, standard deviations 1 and 5.
 * const { value, squared } = gaussianWasserstein2({ mu: [0], sigma: [[1]] }, { mu: [3], sigma: [[25]] });
 * console.log(value, squared); // 5 25
 */
export function gaussianWasserstein2(
  a: GaussianLike,
  b: GaussianLike,
): GaussianDivergence & { readonly squared: number } {
  const names = ['the first Gaussian', 'the second Gaussian'] as const;
  const squared = distanceOfStatistics(toGaussian(a, names[0]), toGaussian(b, names[1]), names).value;
  return { value: Math.sqrt(squared), squared, dimensions: a.mu.length };
}

function toGaussian({ mu, sigma }: GaussianLike, name: string): Statistics {
  // A distribution itself, not an estimate: no sample was too small for it.
  return toStatistics({ count: Number.POSITIVE_INFINITY, mu, sigma }, name);
}

function requireSameDimensions(p: Statistics, q: Statistics): void {
  if (p.mu.length === q.mu.length) return;
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `Expected Gaussians of equally many dimensions but received ${p.mu.length} and ${q.mu.length}.`,
    { details: { dimensions: [p.mu.length, q.mu.length] } },
  );
}

/** Σ = FᵀF: F by rows, F[:, order] upper triangular. */
interface Root {
  readonly factor: Matrix<Float64Array>;
  readonly order: Int32Array;
  readonly singular: boolean;
  readonly halfLogDeterminant: number;
}

function root(sigma: Matrix<Float64Array>, name: string): Root {
  const d = sigma.rows;
  // Of the correlations, so that features of unlike units do not pass for a singular covariance.
  const scale = Float64Array.from({ length: d }, (_, i) => Math.sqrt(sigma.data[i * d + i]));
  const safe = scale.map((value) => value || 1);
  const correlation = { ...sigma, data: sigma.data.map((x, k) => x / safe[Math.floor(k / d)] / safe[k % d]) };
  const { u, rank, order } = factorCovariance(openKernels(d * d), {
    sigma: correlation,
    name: `the covariance of ${name}`,
  });
  const data = new Float64Array(d * d);
  let halfLogDeterminant = 0;
  for (let i = 0; i < rank; i++) {
    halfLogDeterminant += Math.log(u.data[i * d + i] * safe[order[i]]);
    for (let j = i; j < d; j++) data[i * d + order[j]] = u.data[i * d + j] * safe[order[j]];
  }
  return { factor: { rows: d, columns: d, data }, order, singular: rank < d, halfLogDeterminant };
}

/** The rows of x times F⁻¹, transposed: with y F = x, ‖y‖² = x Σ⁻¹ xᵀ. */
function whiten({ factor, order }: Root, { rows, columns: d, data }: Matrix<Float64Array>): Float64Array {
  const y = new Float64Array(d * rows);
  for (let i = 0; i < d; i++) {
    const row = y.subarray(i * rows, (i + 1) * rows);
    for (let r = 0; r < rows; r++) row[r] = data[r * d + order[i]];
    for (let k = 0; k < i; k++) {
      const weight = factor.data[k * d + order[i]];
      for (let r = 0; r < rows; r++) row[r] -= weight * y[k * rows + r];
    }
    const pivot = factor.data[i * d + order[i]];
    for (let r = 0; r < rows; r++) row[r] /= pivot;
  }
  return y;
}
