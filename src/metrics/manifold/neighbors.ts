import { invalidOption } from '../../errors';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { DIRECTED, toSamplePair } from '../divergence/sample-pair';
import type { Samples } from '../metric';

/** Features of real and of generated samples, n × d and m × d. */
export interface RealAndGenerated<Features = MatrixLike> {
  readonly real: Features;
  readonly generated: Features;
}

/** The features that a pass has collected. */
export function featuresOf({ real, generated }: Samples<'features'>): RealAndGenerated<Matrix> {
  return { real: real.features, generated: generated.features };
}

/**
 * Two sets in which every sample has so many neighbors.
 *
 * @throws INVALID_OPTION, SHAPE_MISMATCH, TOO_FEW_SAMPLES for a set of `neighbors` or fewer, NOT_FINITE
 */
export function toNeighborSets(
  { real, generated }: RealAndGenerated,
  neighbors: number,
): RealAndGenerated<Matrix> {
  if (!Number.isInteger(neighbors) || neighbors < 1) {
    throw invalidOption('neighbors', 'an integer of at least 1', neighbors);
  }
  const [first, second] = toSamplePair(real, generated, { least: neighbors + 1, names: DIRECTED });
  return { real: first, generated: second };
}
