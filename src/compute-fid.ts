import { evaluate, type Report } from './evaluate';
import type { ExtractionOptions } from './extraction/options';
import type { ImageSource } from './features/collect-images';

/** A report of one value. Plain data. */
export interface FIDResult extends Omit<Report, 'metrics'> {
  /**
   * `FID` for the 2015 InceptionV3 at 2048 dimensions, `FID (768 dimensions)` at others; `FD (model id)` on any
   * other network.
   */
  readonly metric: string;
  readonly value: number;
}

/**
 * Fréchet distance between real and generated images in a network's feature space: FID on InceptionV3.
 * Lower is better. Range: [0, ∞).
 *
 * @param real       a folder (searched recursively) or a list of files
 * @param generated  likewise
 * @param options    model, preprocessing, runtime, sampling; see {@link ExtractionOptions}
 * @throws what `evaluate` throws
 * @see Heusel et al. 2017, arXiv:1706.08500
 */
export async function computeFID(
  real: ImageSource,
  generated: ImageSource,
  options: ExtractionOptions = {},
): Promise<FIDResult> {
  const { metrics, ...rest } = await evaluate({ real, generated, metrics: ['fid'] }, options);
  return { metric: frechetLabel(rest), value: metrics.fid.value, ...rest };
}

/** A distance on another network is no FID: it is labelled FD, with the model's name. */
function frechetLabel({ model, dims }: Pick<Report, 'model' | 'dims'>): string {
  if (model.id !== 'inception-v3') return `FD (${model.id})`;
  return dims === 2048 ? 'FID' : `FID (${dims} dimensions)`;
}
