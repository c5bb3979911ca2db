import { type EvaluateOptions, evaluate, type MetricOutcome, type Report } from './evaluate';
import type { ImageSource } from './features/collect-images';
import type { MetricId } from './metrics/registry';

/** A report of one metric: its result beside what is needed to get it again. Plain data. */
export type MetricReport<Id extends MetricId> = MetricOutcome<Id> & Omit<Report<Id>, 'metrics' | 'failures'>;

export type FIDResult = MetricReport<'fid'>;

/**
 * Fréchet distance between real and generated images in a network's feature space: FID on InceptionV3.
 * Lower is better. Range: [0, ∞).
 *
 * @param real       a folder (searched recursively) or a list of files
 * @param generated  likewise
 * @param options    model, preprocessing, runtime, sampling; see {@link EvaluateOptions}
 * @throws what `evaluate` throws
 * @see Heusel et al. 2017, arXiv:1706.08500
 */
export async function computeFID(
  real: ImageSource,
  generated: ImageSource,
  options: EvaluateOptions = {},
): Promise<FIDResult> {
  return computeMetric('fid', { real, generated }, options);
}

/** {@link evaluate} of one metric, its result and the report's other entries on one level. */
export async function computeMetric<Id extends MetricId>(
  id: Id,
  sources: { real?: ImageSource; generated: ImageSource },
  options: EvaluateOptions = {},
): Promise<MetricReport<Id>> {
  const { metrics, failures: _, warnings, ...rest } = await evaluate({ ...sources, metrics: [id] }, options);
  return { ...metrics[id]!, ...rest, warnings } as MetricReport<Id>;
}
