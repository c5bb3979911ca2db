import { type ExtractionOptions, resolveOptions } from './extraction/options';
import { type Provenance, runExtraction } from './extraction/run-extraction';
import { sampleCollector } from './extraction/sample-collector';
import type { ImageSource } from './features/collect-images';
import type { BadImage } from './images/check-images';
import type { Statistics } from './math/statistics';

/** Statistics of a set of images, and how they came about. */
export interface ImageStatistics extends Provenance {
  readonly statistics: Statistics;
  /** Images left out because they could not be read. */
  readonly skipped: readonly BadImage[];
}

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
  const { ddof } = resolveOptions(options);
  const needs = new Set(['statistics'] as const);
  const { passes, provenance } = await runExtraction(
    { images: source },
    {
      ...options,
      outputs: ['features'],
      collector: (count) => sampleCollector(needs, { count, ddof }),
      least: 2,
    },
  );
  const { result, skipped } = passes.images;
  return { statistics: result.sample.statistics!, skipped, ...provenance };
}
