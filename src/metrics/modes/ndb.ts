import { invalidOption } from '../../errors';
import { compute } from '../../math/computation';
import { defaultProduct } from '../../math/default-product';
import { kMeans, nearestCenters } from '../../math/k-means';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { normalQuantile } from '../../math/normal';
import { createRandom } from '../../math/random';
import { jsDivergence } from '../divergence/histogram-divergences';
import { DIRECTED, toSamplePair } from '../divergence/sample-pair';
import { requireCount } from './gaussian-mixture';

export interface Ndb {
  /** Cells whose shares differ significantly: from 0 to `cells`. */
  readonly value: number;
  /** value / cells; of equal distributions about `significance` of the cells differ by chance. */
  readonly share: number;
  /** Jensen–Shannon divergence of the cell histograms, in nats: [0, log 2]. */
  readonly js: number;
  readonly cells: number;
  readonly significance: number;
  /** Samples of each cell, the cells in falling order of real samples. */
  readonly counts: { readonly real: readonly number[]; readonly generated: readonly number[] };
  /** z of each cell: below 0 where generated samples are missing, above where there are too many. */
  readonly scores: readonly number[];
}

export interface NdbOptions {
  /** k of k-means on the real samples; 100 by default. */
  readonly cells?: number;
  /** Level of the test of each cell, in (0, 1); 0.05 by default. */
  readonly significance?: number;
  /** Of the first centers; 0 by default. */
  readonly seed?: number;
}

/**
 * Number of statistically different bins: real samples are parted into k-means cells, and in each the shares of real
 * and generated samples are compared by a two-proportion z-test.
 * Lower is better. Range: [0, cells]; about significance · cells for equal distributions, cells for disjoint ones. It
 * grows with the number of samples, as smaller differences become significant: compare equal numbers only, or take
 * `js`, which does not. Ten real samples a cell at least are advised. Distances are Euclidean: whiten or embed first.
 *
 * @param samples  real n × d, n ≥ cells, and generated m × d
 * @param options  cells (100), significance (0.05), seed (0)
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, INVALID_OPTION
 * @see Richardson, Weiss 2018, "On GANs and GMMs", arXiv:1805.12462
 * @example
 * import { ndb, sampleMixture } from 'gan-metrics/metrics';
 *
 * const centers = [[0, 0], [9, 0], [0, 9], [9, 9]];
 * const draw = (weights: number[], seed: number) =>
 *   sampleMixture({ centers, sigma: 0.5, weights }, { count: 1000, seed }).samples;
 * const sets = { real: draw([1, 1, 1, 1], 1), generated: draw([1, 1, 1, 0], 2) };
 * const { value, scores } = ndb(sets, { cells: 4 });
 * // All four cells differ: one mode is missing, so that the others have too many samples.
 * console.log(value, scores.filter((z) => z < 0).length, scores.filter((z) => z > 0).length); // 4 1 3
 */
export function ndb(
  { real, generated }: { readonly real: MatrixLike; readonly generated: MatrixLike },
  { cells = 100, significance = 0.05, seed = 0 }: NdbOptions = {},
): Ndb {
  requireCount('cells', cells);
  if (!(significance > 0 && significance < 1)) {
    throw invalidOption('significance', 'a number between 0 and 1', significance);
  }
  const [x, y] = toSamplePair(real, generated, { names: DIRECTED });
  if (cells > x.rows) throw invalidOption('cells', `at most ${x.rows}, the real samples,`, cells);
  const { centers } = compute(kMeans(x, { clusters: cells, random: createRandom(seed) }), defaultProduct);
  const [inReal, inGenerated] = [x, y].map((samples) => countCells(samples, centers));
  const order = inReal.map((_, cell) => cell).sort((a, b) => inReal[b] - inReal[a]);
  const counts = {
    real: order.map((cell) => inReal[cell]),
    generated: order.map((cell) => inGenerated[cell]),
  };
  const scores = counts.real.map((count, cell) =>
    proportionScore({ count, of: x.rows }, { count: counts.generated[cell], of: y.rows }),
  );
  const limit = normalQuantile(1 - significance / 2);
  const value = scores.filter((score) => Math.abs(score) > limit).length;
  return {
    value,
    share: value / cells,
    js: jsDivergence(counts.real, counts.generated).value,
    cells,
    significance,
    counts,
    scores,
  };
}

function countCells(samples: Matrix, centers: Matrix): number[] {
  const counts = new Array<number>(centers.rows).fill(0);
  for (const cell of compute(nearestCenters(samples, centers), defaultProduct)) counts[cell]++;
  return counts;
}

interface Proportion {
  readonly count: number;
  readonly of: number;
}

/** Of the hypothesis that both proportions are one; 0 where the cell is empty, or is all there is. */
function proportionScore(real: Proportion, generated: Proportion): number {
  const pooled = (real.count + generated.count) / (real.of + generated.of);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / real.of + 1 / generated.of));
  return error === 0 ? 0 : (generated.count / generated.of - real.count / real.of) / error;
}
