import { collectSamples } from './extraction/collect-samples';
import { type ExtractionOptions, resolveOptions } from './extraction/options';
import type { SampleProvenance } from './extraction/sample-set';
import type { BadImage } from './images/check-images';
import type { ImageSource } from './images/image-source';
import type { Matrix } from './math/matrix';
import type { Statistics } from './math/statistics';
import type { Warning } from './metrics/warning';

/** Statistics of a set of images, and how they came about. */
export interface ImageStatistics extends SampleProvenance {
  readonly statistics: Statistics;
  /** The covariance's divisor is n − ddof. */
  readonly ddof: 0 | 1;
  /** Rows that the statistics are made of, where they were asked for. */
  readonly features?: Matrix;
  /** Where they were asked for and the model has a classifier. */
  readonly logits?: Matrix;
  /** Which logits these are: without the last layer's bias. */
  readonly classifier?: 'unbiased';
  /** Where they were asked for and the model offers ADM's layer for sFID. */
  readonly spatialStatistics?: Statistics;
  /** Images left out because they could not be read. */
  readonly skipped: readonly BadImage[];
  readonly warnings: readonly Warning[];
}

export interface StatisticsOptions extends ExtractionOptions {
  /** Keep the features too, and the logits of a classifier: what metrics other than FID need. Default false. */
  readonly features?: boolean | undefined;
  /** Make the statistics of sFID too, of a model that offers them. Default false. */
  readonly spatial?: boolean | undefined;
}

/**
 * Mean and covariance of a set of images in a network's feature space: one half of a Fréchet distance, to
 * be compared with many others by `frechetDistance`, or kept in a file by `writeStatistics`.
 *
 * @param source   a folder (searched recursively), a list of files, or a file of features, statistics or images
 * @param options  features (false), spatial (false); model, preprocessing, runtime, sampling: see
 *   {@link ExtractionOptions}
 * @throws what `evaluate` throws
 * @example
 * import { computeStatistics, frechetDistance } from 'gan-metrics';
 *
 * const options = { model: 'cifar10-resnet', limit: 40 };
 * const real = await computeStatistics('fixtures/real', options);
 * const fake = await computeStatistics('fixtures/fake', options);
 * console.log(real.statistics.count, real.statistics.mu.length); // 40 192
 * console.log(frechetDistance(real.statistics, fake.statistics).value.toFixed(1)); // 15.3
 */
export async function computeStatistics(
  source: ImageSource,
  { features = false, spatial = false, ...options }: StatisticsOptions = {},
): Promise<ImageStatistics> {
  const { sets, provenance, warnings } = await collectSamples(
    { images: source },
    {
      ...options,
      needs: new Set(features ? (['statistics', 'features'] as const) : (['statistics'] as const)),
      optional: new Set([
        ...(features ? (['logits'] as const) : []),
        ...(spatial ? (['spatialStatistics'] as const) : []),
      ]),
      onMissing: ({ images }) => {
        for (const reason of Object.values(images)) throw reason;
      },
    },
  );
  const { sample, skipped } = sets.images;
  const stored = Object.values(provenance.files).find(({ provenance }) => provenance)?.provenance;
  const { ddof } = resolveOptions(options);
  return {
    statistics: sample.statistics!,
    ddof: options.compat ? ddof : (stored?.ddof ?? ddof),
    ...(sample.features && { features: sample.features }),
    ...(sample.logits && { logits: sample.logits, classifier: 'unbiased' as const }),
    ...(sample.spatialStatistics && { spatialStatistics: sample.spatialStatistics }),
    skipped,
    warnings,
    ...provenance,
  };
}
