import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { closePairs } from '../math/neighbors/close-pairs';
import { NearestLists } from '../math/neighbors/nearest';
import type { RealAndGenerated } from './manifold/neighbors';
import { type Inequality, requireInequality } from './manifold/pass';
import { type RealBalls, realBalls } from './manifold/real-balls';

/** For every generated sample, in order: the real one it is nearest to, and whether it lies among them. */
export interface NearestReal {
  /** Index of the nearest real sample, of equally near ones the first. */
  readonly indices: Int32Array;
  /** Euclidean distance to it. */
  readonly distances: Float64Array;
  /** 1 where the sample lies in the ball of some real one (what precision counts), else 0. */
  readonly inside: Uint8Array;
  readonly neighbors: number;
  readonly inequality: Inequality;
}

/**
 * The nearest real sample of every generated one, and whether it is inside the real manifold: for looking at
 * single images, at copies of the training set first (distance near 0).
 *
 * @param samples  features, n × d and m × d, more than `neighbors` rows each
 * @param options  neighbors (3) and inequality ('<='), as in improved precision and recall
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @example
 * import { nearestReal } from 'gan-metrics/metrics';
 *
 * const real = [[0], [1], [2], [3]];
 * const { indices, distances, inside } = nearestReal({ real, generated: [[2], [20]] }, { neighbors: 1 });
 * // A copy, and a sample that is far from everything.
 * console.log([...indices], [...distances], [...inside]); // [ 2, 3 ] [ 0, 17 ] [ 1, 0 ]
 */
export function nearestReal(
  samples: RealAndGenerated,
  options: { neighbors?: number; inequality?: Inequality } = {},
): NearestReal {
  return compute(nearestRealComputation(samples, options), defaultProduct);
}

/** {@link nearestReal}, with its products left to the caller. */
export function* nearestRealComputation(
  samples: RealAndGenerated,
  { neighbors = 3, inequality = '<=' }: { neighbors?: number; inequality?: Inequality } = {},
): Computation<NearestReal> {
  requireInequality(inequality);
  return {
    ...(yield* nearestAmong(yield* realBalls(samples, neighbors), inequality)),
    neighbors,
    inequality,
  };
}

/** What {@link nearestReal} finds, given the balls. */
export function* nearestAmong(
  { space, real: x, generated: y, radii }: RealBalls,
  inequality: Inequality,
): Computation<Pick<NearestReal, 'indices' | 'distances' | 'inside'>> {
  const inside = new Uint8Array(y.size);
  const lists = new NearestLists(y.size, { count: 1, exact: (j, i) => space.exact(x, i, y, j) });
  yield* closePairs(space, {
    rows: { points: x, limits: radii },
    columns: { points: y, limits: lists.limits },
    visit: (i, j, lower, upper) => {
      lists.offer(j, i, lower, upper);
      if (inside[j] === 1 || lower > radii[i]) return;
      const distance = upper < radii[i] ? upper : space.exact(x, i, y, j);
      if (distance < radii[i] || (distance === radii[i] && inequality === '<=')) inside[j] = 1;
    },
  });
  const { distances, indices } = lists.finish();
  return {
    indices,
    distances: distances.map((squared) => Math.sqrt(squared) / space.scale),
    inside,
  };
}
