import type { Computation } from '../../math/computation';
import { distancesOfRank } from '../../math/neighbors/nearest';
import { openSpace, type PointSet, type Space } from '../../math/neighbors/space';
import { type RealAndGenerated, toNeighborSets } from './neighbors';

/** Real and generated samples in one space, and around every real one the ball to its neighbor of a rank. */
export interface RealBalls {
  readonly space: Space;
  readonly real: PointSet;
  readonly generated: PointSet;
  /** Squared, in the units of the space. */
  readonly radii: Float64Array;
}

/** @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION */
export function* realBalls(samples: RealAndGenerated, neighbors: number): Computation<RealBalls> {
  const sets = toNeighborSets(samples, neighbors);
  const { space, points } = openSpace([sets.real, sets.generated] as const);
  const [real, generated] = points;
  return { space, real, generated, radii: yield* distancesOfRank(space, real, neighbors) };
}
