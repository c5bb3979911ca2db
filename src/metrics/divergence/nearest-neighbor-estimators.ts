import type { Matrix, MatrixLike } from '../../math/matrix';
import { sampleIndices } from '../../math/random';
import { takeRows } from '../../math/take-rows';
import { logUnitBall } from '../density/windows';
import { distanceBlocks } from './distance-blocks';
import { kthNeighborDistances, requireApart, requireNeighbors } from './kth-neighbor';
import { DIRECTED, toSamplePair, toSamples } from './sample-pair';

export interface NeighborEstimate {
  /** In nats. */
  readonly value: number;
  readonly neighbors: number;
  readonly dimensions: number;
}

/**
 * Differential entropy of the distribution of samples, by the distance ρ of each to its k-th neighbor:
 * ψ(n) − ψ(k) + log V_d + d · mean log ρ, V_d the volume of the unit ball; in nats, relative to the feature units.
 * Higher means more spread. Range: all reals. Consistent for any fixed k; its bias falls as n^(−1/d) at worst, so it
 * says little in hundreds of dimensions. More neighbors: less variance, more bias.
 *
 * @param samples  n × d, n > neighbors
 * @param options  neighbors: k, 3 by default
 * @throws TOO_FEW_SAMPLES, SHAPE_MISMATCH, NOT_FINITE, INVALID_OPTION, REPEATED_SAMPLES where a sample has k copies
 * @see Kozachenko, Leonenko 1987; Kraskov et al. 2004, arXiv:cond-mat/0305641
 * @example
 * import { knnEntropy, sampleMixture } from 'gan-metrics/metrics';
 *
 * const { samples } = sampleMixture({ centers: [[0]], sigma: 1 }, { count: 2000 });
 * // Of the standard normal distribution: ½ log(2πe) = 1.419.
 * console.log(knnEntropy(samples).value); // 1.40781
 */
export function knnEntropy(
  samples: MatrixLike,
  { neighbors = 3 }: { neighbors?: number } = {},
): NeighborEstimate {
  const x = toSamples(samples, { least: 2 });
  const [n, d] = [x.rows, x.columns];
  requireNeighbors(neighbors, n - 1);
  const radii = kthNeighborDistances(x, x, { neighbors, within: true });
  requireApart(radii, `samples has ${neighbors} or more copies`);
  const value = digamma(n) - digamma(neighbors) + logUnitBall(d) + d * meanOf(radii, Math.log);
  return { value, neighbors, dimensions: d };
}

/**
 * Kullback–Leibler divergence KL(P_r ‖ P_g) estimated from samples alone: d · mean log(ν/ρ) + log(m/(n − 1)) over the
 * real samples, ρ and ν the distances to the k-th real and the k-th generated neighbor; in nats.
 * Lower is better. Range: all reals; values about and below 0 are noise around 0. Consistent for any fixed k, but
 * biased downwards where the distributions are far apart or d is large: it cannot show an infinite divergence.
 * The reverse is the same with the sides exchanged.
 *
 * @param samples  real n × d and generated m × d, n > neighbors, m ≥ neighbors
 * @param options  neighbors: k, 5 by default
 * @throws TOO_FEW_SAMPLES, SHAPE_MISMATCH, NOT_FINITE, INVALID_OPTION, REPEATED_SAMPLES where k samples or more equal
 *   a real one
 * @see Wang, Kulkarni, Verdú 2009, "Divergence estimation for multidimensional densities via k-nearest-neighbor
 *   distances", (5)
 * @example
 * import { knnKlDivergence, sampleMixture } from 'gan-metrics/metrics';
 *
 * const normal = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean]], sigma: 1 }, { count: 5000, seed }).samples;
 * // KL of N(0, 1) and N(1, 1) is ½.
 * console.log(knnKlDivergence({ real: normal(0, 1), generated: normal(1, 2) }).value); // 0.461992
 */
export function knnKlDivergence(
  { real, generated }: { readonly real: MatrixLike; readonly generated: MatrixLike },
  { neighbors = 5 }: { neighbors?: number } = {},
): NeighborEstimate {
  const [x, y] = toSamplePair(real, generated, { names: DIRECTED });
  const d = x.columns;
  requireNeighbors(neighbors, Math.min(x.rows - 1, y.rows));
  const within = kthNeighborDistances(x, x, { neighbors, within: true });
  const across = kthNeighborDistances(x, y, { neighbors, within: false });
  requireApart(within, `real has ${neighbors} or more copies`);
  requireApart(across, `real has ${neighbors} or more copies in generated`);
  const ratio = meanOf(across, Math.log) - meanOf(within, Math.log);
  return { value: d * ratio + Math.log(y.rows / (x.rows - 1)), neighbors, dimensions: d };
}

export interface NeighborJsEstimate extends NeighborEstimate {
  /** Samples used of each side: where one has more, as many of them are drawn. */
  readonly samples: number;
}

/**
 * Jensen–Shannon divergence estimated from samples alone, as the mutual information of a sample and its side:
 * ψ(2n) − ψ(n) + ψ(k) − mean ψ(c), c the number of samples of either side as near as the k-th of its own; in nats.
 * Lower is better. Range: about [0, log 2]; noise carries it below 0 or above log 2, by about 1/(4n) where the sides
 * do not overlap. Consistent for any fixed k; biased towards 0 in many dimensions. Symmetric but for the draw.
 *
 * @param a, b     n × d and m × d; of the larger set as many as the smaller has are drawn
 * @param options  neighbors: k, 5 by default; seed of the draw, 0
 * @throws TOO_FEW_SAMPLES, SHAPE_MISMATCH, NOT_FINITE, INVALID_OPTION, REPEATED_SAMPLES where a sample has k copies
 *   on its side
 * @see Ross 2014, "Mutual information between discrete and continuous data sets"
 * @example
 * import { knnJsDivergence, sampleMixture } from 'gan-metrics/metrics';
 *
 * const normal = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean]], sigma: 1 }, { count: 1000, seed }).samples;
 * // Of one distribution: 0 but for noise.
 * console.log(Math.abs(knnJsDivergence(normal(0, 1), normal(0, 2)).value) < 0.03); // true
 * // Far apart: log 2.
 * console.log(knnJsDivergence(normal(0, 1), normal(20, 2)).value.toFixed(3)); // 0.693
 */
export function knnJsDivergence(
  a: MatrixLike,
  b: MatrixLike,
  { neighbors = 5, seed = 0 }: { neighbors?: number; seed?: number } = {},
): NeighborJsEstimate {
  const given = toSamplePair(a, b);
  const n = Math.min(given[0].rows, given[1].rows);
  requireNeighbors(neighbors, n - 1);
  const [x, y] = given.map((matrix) => draw(matrix, n, seed));
  const term = (own: Matrix, other: Matrix, name: string) => {
    const radii = kthNeighborDistances(own, own, { neighbors, within: true });
    requireApart(radii, `${name} has ${neighbors} or more copies`);
    const within = countWithin(own, other, radii);
    return meanOf(within, (count) => digamma(neighbors + count));
  };
  const spread = (term(x, y, 'the first samples') + term(y, x, 'the second samples')) / 2;
  const value = digamma(2 * n) - digamma(n) + digamma(neighbors) - spread;
  return { value, neighbors, dimensions: x.columns, samples: n };
}

/** How many rows of b lie as near to each row of a as its radius. */
function countWithin(a: Matrix, b: Matrix, radii: Float64Array): Float64Array {
  const counts = new Float64Array(a.rows);
  for (const { row, rows, columns, data, stride } of distanceBlocks(a, b)) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++)
        if (Math.sqrt(data[i * stride + j]) <= radii[row + i]) counts[row + i]++;
    }
  }
  return counts;
}

function draw(matrix: Matrix, count: number, seed: number): Matrix {
  if (matrix.rows === count) return matrix;
  return takeRows(matrix, sampleIndices(matrix.rows, { count, seed }));
}

function meanOf(values: Float64Array, f: (value: number) => number): number {
  return values.reduce((sum, value) => sum + f(value), 0) / values.length;
}

const EULER = 0.5772156649015329;

/** ψ of a positive integer: the harmonic number before it less Euler's constant. */
function digamma(n: number): number {
  let sum = -EULER;
  for (let i = n - 1; i >= 1; i--) sum += 1 / i;
  return sum;
}
