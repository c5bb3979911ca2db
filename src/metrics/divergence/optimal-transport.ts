import { GanMetricsError } from '../../errors';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { costMatrix } from './cost-matrix';
import { normalize } from './histograms';
import { toSamplePair } from './sample-pair';
import { solveTransport } from './solve-transport';
import type { Masses } from './spanning-tree';
import { requireOrder, type Wasserstein } from './wasserstein-1d';

export interface OptimalTransport extends Wasserstein {
  /** W_pᵖ: the mean cost ‖x − y‖ᵖ of the plan. */
  readonly cost: number;
  /** What goes from row `from` of a to row `to` of b; masses sum to 1. */
  readonly plan: readonly { readonly from: number; readonly to: number; readonly mass: number }[];
}

export interface OptimalTransportOptions {
  /** p ≥ 1; 2 by default. */
  readonly order?: number;
  /** Masses of the samples, each side divided by its sum; equal ones by default. */
  readonly weights?: { readonly a?: ArrayLike<number>; readonly b?: ArrayLike<number> };
}

/**
 * Wasserstein distance of two samples in any dimension, exact: W_p = (min_π Σ π_ij ‖x_i − y_j‖ᵖ)^(1/p) over all
 * plans π with the masses of the samples as margins.
 * Lower is better. Range: [0, ∞), in feature units. Symmetric, a metric. As an estimate of the distance between the
 * distributions it is biased upwards, by about n^(−1/d): compare equal n and d only.
 *
 * Holds all costs in memory and takes n² to n³ time: a second or so for 1000 a side, a few thousand at most.
 *
 * @param a, b     n × d and m × d; n and m may differ, n · m ≤ 25 million
 * @param options  order (2), weights
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, TOO_MANY_SAMPLES, NOT_FINITE, NOT_PROBABILITIES, INVALID_OPTION
 * @see Peyré, Cuturi 2019, Computational Optimal Transport, arXiv:1803.00567, section 3
 * @example
 * import { optimalTransport } from 'gan-metrics/metrics';
 *
 * const { value, plan } = optimalTransport([[0, 0], [1, 0]], [[1, 2], [0, 2]]);
 * console.log(value); // 2
 * console.log(plan); // [ { from: 0, to: 1, mass: 0.5 }, { from: 1, to: 0, mass: 0.5 } ]
 */
export function optimalTransport(
  a: MatrixLike,
  b: MatrixLike,
  { order = 2, weights = {} }: OptimalTransportOptions = {},
): OptimalTransport {
  requireOrder(order);
  const [x, y] = toSamplePair(a, b);
  const { masses, total } = toMasses([x, y], weights);
  const costs = costMatrix(x, y, order);
  const { flows } = solveTransport(costs, masses);
  const plan = flows.map(({ row, column, mass }) => ({ from: row, to: column, mass: mass / total }));
  plan.sort((p, q) => p.from - q.from || p.to - q.to);
  const cost = plan.reduce((sum, { from, to, mass }) => sum + mass * costs.data[from * y.rows + to], 0);
  return { value: cost ** (1 / order), order, cost, plan };
}

function toMasses(
  [x, y]: readonly [Matrix, Matrix],
  { a, b }: NonNullable<OptimalTransportOptions['weights']>,
): { masses: Masses; total: number } {
  const [n, m] = [x.rows, y.rows];
  if (a || b) {
    return {
      masses: {
        supply: toWeights(a, { count: n, side: 'a' }),
        demand: toWeights(b, { count: m, side: 'b' }),
      },
      total: 1,
    };
  }
  // Whole numbers: nothing is left over by rounding, and equal counts are an assignment.
  const unit = greatestCommonDivisor(n, m);
  return {
    masses: { supply: new Float64Array(n).fill(m / unit), demand: new Float64Array(m).fill(n / unit) },
    total: (n * m) / unit,
  };
}

/** @throws SHAPE_MISMATCH, NOT_FINITE, NOT_PROBABILITIES, TOO_FEW_SAMPLES for zeros only */
export function toWeights(
  given: ArrayLike<number> | undefined,
  { count, side }: { count: number; side: string },
): Float64Array {
  if (!given) return new Float64Array(count).fill(1 / count);
  if (given.length === count) return normalize(given, `weights of ${side}`);
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `Expected ${count} weights of ${side}, one a sample, but received ${given.length}.`,
  );
}

function greatestCommonDivisor(n: number, m: number): number {
  return m === 0 ? n : greatestCommonDivisor(m, n % m);
}
