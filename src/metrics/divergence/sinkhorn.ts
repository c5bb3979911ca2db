import { invalidOption } from '../../errors';
import type { Matrix, MatrixLike } from '../../math/matrix';
import type { Warning } from '../warning';
import { costMatrix } from './cost-matrix';
import { toWeights } from './optimal-transport';
import { toSamplePair } from './sample-pair';
import { solveSinkhorn } from './solve-sinkhorn';
import { requireOrder } from './wasserstein-1d';

export interface Sinkhorn {
  /** min_π ⟨π, C⟩ + ε KL(π ‖ a ⊗ b), in feature units to the power of the order. */
  readonly value: number;
  /** ⟨π, C⟩ of the plan alone: at least W_pᵖ, and nearer to it the smaller ε. */
  readonly transportCost: number;
  readonly epsilon: number;
  readonly order: number;
  readonly iterations: number;
  /** Σ |margin of the plan − masses of a|; those of b are exact. */
  readonly marginError: number;
  readonly warnings: readonly Warning[];
}

export interface SinkhornOptions {
  /** p ≥ 1 of the cost ‖x − y‖ᵖ; 2 by default. */
  readonly order?: number;
  /** Weight of the entropy, in units of the cost; 5 % of the mean cost between the samples by default. */
  readonly epsilon?: number;
  /** Margin error at which to stop; 1e-6 by default. */
  readonly tolerance?: number;
  /** At most so many; 2000 by default. */
  readonly iterations?: number;
  /** Masses of the samples, each side divided by its sum; equal ones by default. */
  readonly weights?: { readonly a?: ArrayLike<number>; readonly b?: ArrayLike<number> };
}

/**
 * Entropic optimal transport, OT_ε = min_π ⟨π, ‖x − y‖ᵖ⟩ + ε KL(π ‖ a ⊗ b), by Sinkhorn's iterations in the log
 * domain with ε falling from the largest cost: no ε under- or overflows.
 * Lower is better. Range: [0, ∞). Symmetric; not 0 for equal samples (see {@link sinkhornDivergence}); W_pᵖ for ε → 0
 * and the mean cost of all pairs for ε → ∞. An iteration takes n · m exponentials; small ε takes about 1/ε of them.
 *
 * @param a, b     n × d and m × d; n · m ≤ 25 million
 * @param options  order (2), epsilon, tolerance (1e-6), iterations (2000), weights
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, TOO_MANY_SAMPLES, NOT_FINITE, NOT_PROBABILITIES, INVALID_OPTION
 * @see Cuturi 2013, arXiv:1306.0895; Peyré, Cuturi 2019, arXiv:1803.00567, section 4
 * @example
 * import { sinkhorn } from 'gan-metrics/metrics';
 *
 * const [a, b] = [[[0], [1]], [[0], [1]]];
 * // A large ε spreads the plan over all pairs; a small one comes near the exact cost, 0.
 * console.log(sinkhorn(a, b, { epsilon: 1000 }).transportCost.toFixed(2)); // 0.50
 * console.log(sinkhorn(a, b, { epsilon: 0.01 }).transportCost.toFixed(2)); // 0.00
 */
export function sinkhorn(a: MatrixLike, b: MatrixLike, options: SinkhornOptions = {}): Sinkhorn {
  const problem = toProblem(a, b, options);
  return solve(costMatrix(problem.x, problem.y, problem.order), problem.masses, problem);
}

export interface SinkhornDivergence {
  /** OT_ε(a, b) − ½ OT_ε(a, a) − ½ OT_ε(b, b), in feature units to the power of the order. */
  readonly value: number;
  readonly epsilon: number;
  readonly order: number;
  readonly warnings: readonly Warning[];
}

/**
 * Sinkhorn divergence OT_ε(a, b) − ½ OT_ε(a, a) − ½ OT_ε(b, b): entropic transport without its bias.
 * Lower is better. Range: [0, ∞), 0 only for equal samples (below the tolerance, what is left is set to 0). Symmetric;
 * W_pᵖ for ε → 0, an energy distance (MMD with kernel −‖x − y‖ᵖ/2) for ε → ∞. Needs fewer samples than W_p.
 *
 * @param a, b     as of {@link sinkhorn}; ε is the same in all three terms
 * @param options  as of {@link sinkhorn}
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, TOO_MANY_SAMPLES, NOT_FINITE, NOT_PROBABILITIES, INVALID_OPTION
 * @see Genevay, Peyré, Cuturi 2018, arXiv:1706.00292; Feydy et al. 2019, arXiv:1810.08278
 * @example
 * import { sinkhornDivergence } from 'gan-metrics/metrics';
 *
 * const square = [[0, 0], [1, 0], [0, 1], [1, 1]];
 * const moved = square.map(([x, y]) => [x + 3, y + 4]);
 * // The entropy's bias cancels: 5², whatever ε.
 * console.log(sinkhornDivergence(square, moved).value.toFixed(3)); // 25.000
 */
export function sinkhornDivergence(
  a: MatrixLike,
  b: MatrixLike,
  options: SinkhornOptions = {},
): SinkhornDivergence {
  const problem = toProblem(a, b, options);
  const { x, y, masses, order } = problem;
  const across = solve(costMatrix(x, y, order), masses, problem);
  const { epsilon } = across;
  const [first, second] = [
    solve(costMatrix(x, x, order), [masses[0], masses[0]], { ...problem, epsilon }),
    solve(costMatrix(y, y, order), [masses[1], masses[1]], { ...problem, epsilon }),
  ];
  const value = across.value - (first.value + second.value) / 2;
  const warnings = [across, first, second].flatMap((each) => each.warnings).slice(0, 1);
  return { value: Math.max(value, 0), epsilon, order, warnings };
}

interface Problem {
  readonly x: Matrix;
  readonly y: Matrix;
  readonly masses: readonly [Float64Array, Float64Array];
  readonly order: number;
  readonly epsilon: number | undefined;
  readonly tolerance: number;
  readonly iterations: number;
}

function toProblem(
  a: MatrixLike,
  b: MatrixLike,
  { order = 2, epsilon, tolerance = 1e-6, iterations = 2000, weights = {} }: SinkhornOptions,
): Problem {
  requireOrder(order);
  for (const [name, value] of Object.entries({ epsilon, tolerance })) {
    if (value !== undefined && !(value > 0 && Number.isFinite(value))) {
      throw invalidOption(name, 'a positive number', value);
    }
  }
  if (!Number.isSafeInteger(iterations) || iterations < 1) {
    throw invalidOption('iterations', 'a positive integer', iterations);
  }
  const [x, y] = toSamplePair(a, b);
  const masses = [
    toWeights(weights.a, { count: x.rows, side: 'a' }),
    toWeights(weights.b, { count: y.rows, side: 'b' }),
  ] as const;
  return { x, y, masses, order, epsilon, tolerance, iterations };
}

const SHARE_OF_MEAN = 0.05;

function solve(
  costs: Matrix<Float64Array>,
  masses: readonly [Float64Array, Float64Array],
  { order, epsilon: given, tolerance, iterations: most }: Problem,
): Sinkhorn {
  const mean = costs.data.reduce((sum, cost) => sum + cost, 0) / costs.data.length;
  // Where all costs are 0 any ε serves.
  const epsilon = given ?? (mean > 0 ? SHARE_OF_MEAN * mean : 1);
  const { value, transportCost, iterations, marginError } = solveSinkhorn(costs, {
    masses,
    epsilon,
    tolerance,
    iterations: most,
  });
  const warnings: Warning[] =
    marginError <= tolerance
      ? []
      : [
          {
            code: 'NOT_CONVERGED',
            message:
              `After ${iterations} iterations the margins are still off by ${marginError.toExponential(1)}: allow more ` +
              'iterations, or a larger epsilon.',
          },
        ];
  return { value, transportCost, epsilon, order, iterations, marginError, warnings };
}
