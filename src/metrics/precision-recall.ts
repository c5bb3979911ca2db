import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import type { RealAndGenerated } from './manifold/neighbors';
import type { Inequality } from './manifold/pass';
import { type Prdc, prdcComputation } from './prdc';

/** How much of what is generated looks real, and how much of what is real is generated. Plain data. */
export type PrecisionRecall = Pick<
  Prdc,
  'precision' | 'recall' | 'fScore' | 'neighbors' | 'inequality' | 'n' | 'warnings'
>;

/**
 * Improved precision and recall: the share of generated samples in the ball of a real one, and the share of real
 * samples in the ball of a generated one; a sample's ball reaches to its k-th nearest other sample of its set.
 * Higher is better. Range: [0, 1]. Precision falls with fidelity, recall with diversity.
 *
 * @param samples  features, n × d and m × d, more than `neighbors` rows each
 * @param options  neighbors (3) and inequality ('<='), both the paper's
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Kynkäänniemi et al. 2019, arXiv:1904.06991
 * @example
 * import { precisionRecall } from 'gan-metrics/metrics';
 *
 * // Real samples in two modes; the generator has one of them.
 * const real = [[0], [1], [2], [3], [20], [21], [22], [23]];
 * const generated = [[0.5], [1.5], [2.5], [1]];
 * const { precision, recall, fScore } = precisionRecall({ real, generated });
 * console.log(precision, recall, fScore); // 1 0.5 0.666667
 */
export function precisionRecall(
  samples: RealAndGenerated,
  options: { neighbors?: number; inequality?: Inequality } = {},
): PrecisionRecall {
  return compute(precisionRecallComputation(samples, options), defaultProduct);
}

/** {@link precisionRecall}, with its products left to the caller. */
export function* precisionRecallComputation(
  samples: RealAndGenerated,
  { neighbors = 3, inequality = '<=' }: { neighbors?: number; inequality?: Inequality } = {},
): Computation<PrecisionRecall> {
  const { density: _, coverage: __, ...result } = yield* prdcComputation(samples, { neighbors, inequality });
  return result;
}
