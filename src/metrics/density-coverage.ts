import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { type RealAndGenerated, toNeighborSets } from './manifold/neighbors';
import { type Inequality, manifoldPass, requireInequality } from './manifold/pass';
import { manifoldValues } from './manifold/values';
import { copyWarnings, type Prdc } from './prdc';
import { differentSizes } from './sample-size';

/** How thickly generated samples lie among real ones, and how many real ones have one near. Plain data. */
export type DensityCoverage = Pick<
  Prdc,
  'density' | 'coverage' | 'neighbors' | 'inequality' | 'n' | 'warnings'
>;

/**
 * Density and coverage: the number of real balls a generated sample lies in, over k; and the share of real balls
 * that hold a generated sample. A real sample's ball reaches to its k-th nearest other real sample.
 * Higher is better. Range: density [0, ∞), about 1 for equal distributions; coverage [0, 1]. An outlier among
 * the real samples inflates neither, other than precision.
 *
 * @param samples  features, n × d and m × d, more than `neighbors` rows each
 * @param options  neighbors (5) and inequality ('<'), as the paper's own code has them
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Naeem et al. 2020, arXiv:2002.09797
 * @example
 * import { densityCoverage } from 'gan-metrics/metrics';
 *
 * const real = [[0], [1], [2], [3], [20], [21], [22], [23]];
 * const generated = [[0.5], [1.5], [2.5], [1]];
 * const { density, coverage } = densityCoverage({ real, generated }, { neighbors: 2 });
 * console.log(density, coverage); // 1.25 0.5
 */
export function densityCoverage(
  samples: RealAndGenerated,
  options: { neighbors?: number; inequality?: Inequality } = {},
): DensityCoverage {
  return compute(densityCoverageComputation(samples, options), defaultProduct);
}

/** {@link densityCoverage}, with its products left to the caller. */
export function* densityCoverageComputation(
  samples: RealAndGenerated,
  { neighbors = 5, inequality = '<' }: { neighbors?: number; inequality?: Inequality } = {},
): Computation<DensityCoverage> {
  requireInequality(inequality);
  const { real, generated } = toNeighborSets(samples, neighbors);
  const counts = yield* manifoldPass({ real, generated }, { neighbors, inequality, recall: false });
  const { density, coverage } = manifoldValues(counts, neighbors);
  const n = { real: real.rows, generated: generated.rows };
  const warnings = [...differentSizes(n), ...copyWarnings(counts, neighbors)];
  return { density, coverage, neighbors, inequality, n, warnings };
}
