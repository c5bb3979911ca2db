import { type ExtractionOptions, type Pass, type Provenance, runPasses } from './extraction';
import type { ImageSource } from './features/collect-images';

/** Statistics of a set of images, and how they came about. */
export interface ImageStatistics extends Pass, Provenance {}

/**
 * Mean and covariance of a set of images in a network's feature space: one half of a Fréchet distance, to
 * be compared with many others by `frechetDistance`.
 *
 * @param source   a folder (searched recursively) or a list of files
 * @param options  model, preprocessing, runtime, sampling; see {@link ExtractionOptions}
 * @throws what `evaluate` throws
 */
export async function computeStatistics(
  source: ImageSource,
  options: ExtractionOptions = {},
): Promise<ImageStatistics> {
  const { passes, provenance } = await runPasses({ images: source }, options);
  return { ...passes.images, ...provenance };
}
