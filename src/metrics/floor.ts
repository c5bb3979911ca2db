import { GanMetricsError, invalidOption } from '../errors';
import { createRandom } from '../math/random';
import { featureStatistics } from '../math/statistics';
import { takeRows } from '../math/take-rows';
import type { Metric, MetricResult, Sample, Samples } from './metric';

/** What a real set can be divided by: rows, of which statistics follow. */
export type Divisible = Partial<Pick<Sample, 'features' | 'logits' | 'labels'>>;

/**
 * Two sets of `size` rows of n, drawn at random without replacement, which share none; each ascending.
 *
 * @example
 * import { selfSplit } from 'gan-metrics/metrics';
 *
 * const { first, second } = selfSplit(6, { seed: 1 });
 * console.log(first, second); // [ 0, 4, 5 ] [ 1, 2, 3 ]
 * selfSplit(6, { size: 4 }); // throws TOO_FEW_SAMPLES
 */
export function selfSplit(n: number, { seed = 0, size = Math.floor(n / 2) }: FloorOptions = {}) {
  if (!Number.isInteger(size) || size < 1) throw invalidOption('size', 'a positive integer', size);
  if (2 * size > n) {
    throw new GanMetricsError(
      'TOO_FEW_SAMPLES',
      `Expected at least ${2 * size} real samples for two parts of ${size} but received ${n}.`,
      { details: { count: n, minimum: 2 * size } },
    );
  }
  const order = createRandom(seed).draw(n, 2 * size);
  const [first, second] = [order.slice(0, size), order.slice(size)].map((part) => part.sort((x, y) => x - y));
  return { first, second };
}

export interface FloorOptions {
  readonly seed?: number;
  /** Samples a part: half of the set by default. */
  readonly size?: number;
}

/**
 * What a metric gives between two random parts of the real set: the value of a generator that is as good as the
 * data itself at this number of samples, below which nothing can be told.
 *
 * @param metric   of two sets, whose needs follow from rows
 * @param real     what the metric needs of features, logits and labels; features where it needs statistics
 * @param options  seed (0), size (half of the samples), options of the metric
 * @throws INVALID_OPTION where the metric is of one set, or needs what rows cannot give; TOO_FEW_SAMPLES; what
 *   the metric throws
 * @example
 * import { floorOf, metrics, sampleMixture } from 'gan-metrics/metrics';
 *
 * const { samples } = sampleMixture({ centers: [[0, 0, 0, 0]], sigma: 1 }, { count: 400 });
 * // What a perfect generator gets from 200 images a side.
 * console.log(floorOf(metrics.fid, { features: samples }).value); // 0.165861
 */
export function floorOf<Needs extends keyof Sample, Options extends object, Result extends MetricResult>(
  metric: Pick<Metric<string, Needs, Options, Result>, 'id' | 'needs' | 'sides' | 'compute'>,
  real: Divisible,
  { seed, size, options }: FloorOptions & { readonly options?: Options } = {},
): Result {
  if (metric.sides !== 'both') {
    throw invalidOption('metric', 'a metric of two sets, as a set is compared with itself,', metric.id);
  }
  const n = real.features?.rows ?? real.logits?.rows ?? real.labels?.length ?? 0;
  const { first, second } = selfSplit(n, {
    ...(seed !== undefined && { seed }),
    ...(size !== undefined && { size }),
  });
  const parts = {
    real: partOf(metric, real, first),
    generated: partOf(metric, real, second),
  } as Samples<Needs>;
  return metric.compute(parts, options);
}

/**
 * What a metric needs of some rows of a set.
 *
 * @throws INVALID_OPTION where it needs what rows cannot give
 */
export function partOf(
  { id, needs }: { readonly id: string; readonly needs: readonly (keyof Sample)[] },
  { features, logits, labels }: Divisible,
  rows: readonly number[],
): Partial<Sample> {
  const own = features && takeRows(features, rows);
  const part: Partial<Sample> = {
    ...(own && { features: own }),
    ...(own && needs.includes('statistics') && { statistics: featureStatistics(own) }),
    ...(logits && { logits: takeRows(logits, rows) }),
    ...(labels && { labels: rows.map((i) => labels[i]) }),
  };
  const missing = needs.find((need) => part[need] === undefined);
  if (missing === undefined) return part;
  throw invalidOption('metric', `a metric whose needs follow from the rows given, not ${missing},`, id);
}
