import { invalidOption } from '../../errors';
import { compute } from '../../math/computation';
import { defaultProduct } from '../../math/default-product';
import { kMeans } from '../../math/k-means';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { createRandom } from '../../math/random';
import { toSamples } from '../divergence/sample-pair';
import { requireCount } from './gaussian-mixture';

export interface Clusters {
  /** The cluster of every sample. */
  readonly labels: Int32Array;
  /** clusters × d: the mean of each cluster's samples; clusters may end up empty. */
  readonly centers: Matrix;
}

export interface ClusterOptions {
  /** k, at most the number of samples. */
  readonly clusters: number;
  /** Of the first centers; 0 by default. */
  readonly seed?: number;
}

/**
 * Parts samples by k-means, from k-means++ centers: the cells of `ndb`, labels for `labelCoverage`, or centers as a set
 * of samples of their own. No metric: it says nothing of quality. Distances are Euclidean.
 *
 * @param samples  n × d, n ≥ clusters
 * @param options  clusters, seed (0)
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, INVALID_OPTION
 * @see Arthur, Vassilvitskii 2007
 * @example
 * import { clusterSamples } from 'gan-metrics/metrics';
 *
 * const { labels, centers } = clusterSamples([[0], [1], [10], [11]], { clusters: 2 });
 * console.log(labels[0] === labels[1], labels[0] === labels[2]); // true false
 * console.log([...centers.data].sort((a, b) => a - b)); // [ 0.5, 10.5 ]
 */
export function clusterSamples(samples: MatrixLike, { clusters, seed = 0 }: ClusterOptions): Clusters {
  requireCount('clusters', clusters);
  const x = toSamples(samples);
  if (clusters > x.rows) throw invalidOption('clusters', `at most ${x.rows}, the samples,`, clusters);
  return compute(kMeans(x, { clusters, random: createRandom(seed) }), defaultProduct);
}
