import { type EvaluateOptions, evaluate, type MetricOutcome, type Report } from './evaluate';
import type { ImageSource } from './images/image-source';
import type { MetricId } from './metrics/registry';

/** A report of one metric: its result beside what is needed to get it again. Plain data. */
export type MetricReport<Id extends MetricId> = MetricOutcome<Id> & Omit<Report<Id>, 'metrics' | 'failures'>;

export type FIDResult = MetricReport<'fid'>;

/**
 * Fréchet distance between real and generated images in a network's feature space: FID on InceptionV3.
 * Lower is better. Range: [0, ∞).
 *
 * @param real       a folder (searched recursively), a list of files, or a file of statistics or features
 * @param generated  likewise
 * @param options    model, preprocessing, runtime, sampling; see {@link EvaluateOptions}
 * @throws what `evaluate` throws
 * @see Heusel et al. 2017, arXiv:1706.08500
 * @example
 * import { computeFID } from 'gan-metrics';
 *
 * const options = { model: 'cifar10-resnet', limit: 40 };
 * const result = await computeFID('fixtures/real', 'fixtures/fake', options);
 * console.log(result.metric, result.value.toFixed(1)); // FD (cifar10-resnet) 15.3
 * console.log(result.n, result.warnings.map(({ code }) => code)); // { real: 40, generated: 40 } [ 'FEWER_SAMPLES_THAN_DIMENSIONS', 'SAMPLE_BELOW_ADVISED' ]
 */
export async function computeFID(
  real: ImageSource,
  generated: ImageSource,
  options: EvaluateOptions = {},
): Promise<FIDResult> {
  return computeMetric('fid', { real, generated }, options);
}

/**
 * Inception Score of generated images: how sure the network is of each one's class, and how many classes there are.
 * Higher is better. Range: [1, classes].
 *
 * @param generated  a folder (searched recursively), a list of files, or a file of logits
 * @param options    {@link EvaluateOptions}; `metricOptions.is`: splits (10), order, ddof of the std
 * @throws what `evaluate` throws
 * @see Salimans et al. 2016, arXiv:1606.03498
 * @example
 * import { computeIS } from 'gan-metrics';
 *
 * const options = { model: 'cifar10-resnet', limit: 40, metricOptions: { is: { splits: 1 } } };
 * const { metric, value } = await computeIS('fixtures/fake', options);
 * console.log(metric, value.toFixed(2)); // IS (cifar10-resnet) 2.25
 */
export async function computeIS(
  generated: ImageSource,
  options: EvaluateOptions = {},
): Promise<MetricReport<'is'>> {
  return computeMetric('is', { generated }, options);
}

/**
 * Kernel distance between real and generated images: unbiased, so that few images do.
 * Lower is better; near 0, small negatives are normal.
 *
 * @param real       a folder (searched recursively), a list of files, or a file of features
 * @param generated  likewise
 * @param options    {@link EvaluateOptions}; `metricOptions.kid`: estimator, subsets (100), subsetSize (1000)
 * @throws what `evaluate` throws
 * @see Bińkowski et al. 2018, arXiv:1801.01401
 * @example
 * import { computeKID } from 'gan-metrics';
 *
 * const { metric, value } = await computeKID('fixtures/real', 'fixtures/fake', {
 *   model: 'cifar10-resnet',
 *   limit: 40,
 *   metricOptions: { kid: { estimator: 'full' } },
 * });
 * console.log(metric, value.toFixed(3)); // KID (cifar10-resnet) 0.037
 */
export async function computeKID(
  real: ImageSource,
  generated: ImageSource,
  options: EvaluateOptions = {},
): Promise<MetricReport<'kid'>> {
  return computeMetric('kid', { real, generated }, options);
}

/**
 * Precision, recall, density and coverage of generated images: fidelity and variety apart.
 * Higher is better. Range: [0, 1]; density [0, ∞).
 *
 * @param real       a folder (searched recursively), a list of files, or a file of features
 * @param generated  likewise
 * @param options    {@link EvaluateOptions}; `metricOptions.prdc`: neighbors (5), inequality
 * @throws what `evaluate` throws
 * @see Kynkäänniemi et al. 2019, arXiv:1904.06991; Naeem et al. 2020, arXiv:2002.09797
 * @example
 * import { computePRDC } from 'gan-metrics';
 *
 * const options = { model: 'cifar10-resnet', limit: 40 };
 * const { precision, recall, coverage } = await computePRDC('fixtures/real', 'fixtures/fake', options);
 * console.log(precision, recall, coverage); // 1 0.875 1
 */
export async function computePRDC(
  real: ImageSource,
  generated: ImageSource,
  options: EvaluateOptions = {},
): Promise<MetricReport<'prdc'>> {
  return computeMetric('prdc', { real, generated }, options);
}

/**
 * {@link evaluate} of one metric, its result and the report's other entries on one level.
 *
 * @example
 * import { computeMetric } from 'gan-metrics';
 *
 * const options = { model: 'cifar10-resnet', limit: 40 };
 * const { metric, value } = await computeMetric('vendi', { generated: 'fixtures/fake' }, options);
 * console.log(metric, value.toFixed(1)); // Vendi score (cifar10-resnet) 3.8
 */
export async function computeMetric<Id extends MetricId>(
  id: Id,
  sources: { real?: ImageSource; generated: ImageSource },
  options: EvaluateOptions = {},
): Promise<MetricReport<Id>> {
  const { metrics, failures: _, warnings, ...rest } = await evaluate({ ...sources, metrics: [id] }, options);
  return { ...metrics[id]!, ...rest, warnings } as MetricReport<Id>;
}
