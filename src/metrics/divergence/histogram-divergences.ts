import { invalidOption } from '../../errors';
import { type Distributions, type Histograms, toDistributions } from './histograms';

export interface HistogramDivergence {
  /** In nats where a logarithm is taken; Infinity only where the definition says so. */
  readonly value: number;
  readonly bins: number;
  /** Share of the real mass in bins that the generated histogram leaves empty: what the generator misses. */
  readonly realOnly: number;
  /** Share of the generated mass in bins where nothing is real: what is implausible. */
  readonly generatedOnly: number;
}

/**
 * Kullback–Leibler divergence KL(P_r ‖ P_g) = Σ p log(p/q) of histograms, in nats; 0 · log 0 counts as 0.
 * Lower is better. Range: [0, ∞], ∞ exactly where a bin holds real mass and no generated. It is what maximum
 * likelihood minimizes: missing modes cost most. Of counts it is a plug-in estimate, biased upwards by about
 * (bins − 1)/2n.
 *
 * @param histograms  real and generated, counts or probabilities over the same bins; each is divided by its sum
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES for an empty histogram, NOT_FINITE, NOT_PROBABILITIES for a negative entry
 * @see Kullback, Leibler 1951; scipy.stats.entropy(p, q)
 * @example
 * import { klDivergence } from 'gan-metrics/metrics';
 *
 * console.log(klDivergence({ real: [0.5, 0.5], generated: [0.9, 0.1] }).value); // 0.510826
 * // A bin that the generator never fills.
 * console.log(klDivergence({ real: [5, 5], generated: [10, 0] }).value); // Infinity
 */
export function klDivergence(histograms: Histograms): HistogramDivergence {
  return divergence(histograms, ({ p, q }) => relativeEntropy(p, q));
}

/**
 * Reverse Kullback–Leibler divergence KL(P_g ‖ P_r) = Σ q log(q/p), in nats.
 * Lower is better. Range: [0, ∞], ∞ exactly where a bin holds generated mass and no real: implausible samples cost
 * most, missing modes almost nothing.
 *
 * @param histograms  as of {@link klDivergence}
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES
 * @example
 * import { reverseKlDivergence } from 'gan-metrics/metrics';
 *
 * console.log(reverseKlDivergence({ real: [0.5, 0.5], generated: [0.9, 0.1] }).value); // 0.368064
 * // Half of the modes are missing: log 2, where klDivergence is infinite.
 * console.log(reverseKlDivergence({ real: [5, 5], generated: [10, 0] }).value); // 0.693147
 */
export function reverseKlDivergence(histograms: Histograms): HistogramDivergence {
  return divergence(histograms, ({ p, q }) => relativeEntropy(q, p));
}

/**
 * Jensen–Shannon divergence ½ KL(P ‖ M) + ½ KL(Q ‖ M) with M = (P + Q)/2, in nats.
 * Lower is better. Range: [0, log 2], log 2 exactly for disjoint supports, however far apart. Symmetric. Of counts
 * it is biased upwards.
 *
 * @param a, b  histograms over the same bins; each is divided by its sum
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES
 * @see Lin 1991, "Divergence measures based on the Shannon entropy"
 * @example
 * import { jsDivergence } from 'gan-metrics/metrics';
 *
 * console.log(jsDivergence([0.5, 0.5], [0.9, 0.1]).value); // 0.101749
 * // Nothing in common: log 2.
 * console.log(jsDivergence([1, 0], [0, 1]).value); // 0.693147
 */
export function jsDivergence(a: ArrayLike<number>, b: ArrayLike<number>): HistogramDivergence {
  return divergence({ real: a, generated: b }, jensenShannon);
}

/**
 * Jensen–Shannon distance: the root of the divergence, which is a metric.
 * Lower is better. Range: [0, √log 2]. Symmetric.
 *
 * @param a, b  as of {@link jsDivergence}
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES
 * @see Endres, Schindelin 2003; scipy.spatial.distance.jensenshannon
 * @example
 * import { jsDistance } from 'gan-metrics/metrics';
 *
 * console.log(jsDistance([3, 1], [3, 1]).value); // 0
 * // Nothing in common: √log 2.
 * console.log(jsDistance([1, 0], [0, 1]).value); // 0.832555
 */
export function jsDistance(a: ArrayLike<number>, b: ArrayLike<number>): HistogramDivergence {
  return divergence({ real: a, generated: b }, (pair) => Math.sqrt(jensenShannon(pair)));
}

/**
 * Total variation distance ½ Σ |p − q|: the largest difference in probability of any event.
 * Lower is better. Range: [0, 1], 1 for disjoint supports. Symmetric, a metric, without unit.
 *
 * @param a, b  histograms over the same bins; each is divided by its sum
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES
 * @example
 * import { totalVariation } from 'gan-metrics/metrics';
 *
 * const { value, realOnly } = totalVariation([0.5, 0.5, 0], [0.5, 0.1, 0.4]);
 * console.log(value, realOnly); // 0.4 0
 */
export function totalVariation(a: ArrayLike<number>, b: ArrayLike<number>): HistogramDivergence {
  return divergence({ real: a, generated: b }, ({ p, q }) => sum(p, q, (x, y) => Math.abs(x - y)) / 2);
}

/**
 * Hellinger distance √(½ Σ (√p − √q)²).
 * Lower is better. Range: [0, 1], 1 for disjoint supports. Symmetric, a metric, without unit.
 *
 * @param a, b  histograms over the same bins; each is divided by its sum
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES
 * @example
 * import { hellingerDistance } from 'gan-metrics/metrics';
 *
 * console.log(hellingerDistance([1, 0], [0.64, 0.36]).value); // 0.447214
 * console.log(hellingerDistance([1, 0], [0, 1]).value); // 1
 */
export function hellingerDistance(a: ArrayLike<number>, b: ArrayLike<number>): HistogramDivergence {
  return divergence({ real: a, generated: b }, ({ p, q }) =>
    Math.sqrt(sum(p, q, (x, y) => (Math.sqrt(x) - Math.sqrt(y)) ** 2) / 2),
  );
}

/**
 * Pearson's χ² divergence χ²(P_r ‖ P_g) = Σ (p − q)²/q.
 * Lower is better. Range: [0, ∞], ∞ exactly where a bin holds real mass and no generated; a bin empty in both
 * counts 0. Without unit; at least exp(KL) − 1.
 *
 * @param histograms  as of {@link klDivergence}
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES
 * @example
 * import { chiSquaredDivergence } from 'gan-metrics/metrics';
 *
 * // 0.4² / 0.9 + 0.4² / 0.1
 * console.log(chiSquaredDivergence({ real: [0.5, 0.5], generated: [0.9, 0.1] }).value); // 1.77778
 */
export function chiSquaredDivergence(histograms: Histograms): HistogramDivergence {
  return divergence(histograms, ({ p, q }) => sum(p, q, (x, y) => (x === y ? 0 : ((x - y) / y) * (x - y))));
}

/**
 * Rényi divergence D_α(P_r ‖ P_g) = log(Σ pᵅ q¹⁻ᵅ)/(α − 1), in nats; KL for α = 1, −log P_g(p > 0) for α = 0,
 * log max p/q for α = ∞. Lower is better, and it rises with α. Range: [0, ∞]; ∞ for α ≥ 1 where a bin holds real
 * mass and no generated, for α < 1 only where the supports are disjoint.
 *
 * @param histograms  as of {@link klDivergence}
 * @param options     order: α in [0, ∞], 2 by default
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, NOT_PROBABILITIES, INVALID_OPTION
 * @see Rényi 1961; van Erven, Harremoës 2014, arXiv:1206.2459
 * @example
 * import { renyiDivergence } from 'gan-metrics/metrics';
 *
 * const histograms = { real: [0.5, 0.5], generated: [0.9, 0.1] };
 * console.log(renyiDivergence(histograms, { order: 1 }).value); // 0.510826
 * console.log(renyiDivergence(histograms, { order: 2 }).value); // 1.02165
 * console.log(renyiDivergence(histograms, { order: Infinity }).value); // 1.60944
 */
export function renyiDivergence(
  histograms: Histograms,
  { order = 2 }: { order?: number } = {},
): HistogramDivergence {
  if (!(order >= 0)) throw invalidOption('order', 'a number of at least 0', order);
  return divergence(histograms, ({ p, q }) => renyi(p, q, order));
}

function divergence(
  { real, generated }: Histograms,
  measure: (pair: Distributions) => number,
): HistogramDivergence {
  const pair = toDistributions(real, generated);
  const { p, q } = pair;
  return {
    // Every one of these is at least 0; what lies below is rounding.
    value: Math.max(measure(pair), 0),
    bins: p.length,
    realOnly: sum(p, q, (x, y) => (y === 0 ? x : 0)),
    generatedOnly: sum(p, q, (x, y) => (x === 0 ? y : 0)),
  };
}

function sum(p: Float64Array, q: Float64Array, term: (x: number, y: number) => number): number {
  return p.reduce((total, x, i) => total + term(x, q[i]), 0);
}

function relativeEntropy(p: Float64Array, q: Float64Array): number {
  // A difference of logarithms, as the ratio of a probability to a tiny one can overflow.
  return sum(p, q, (x, y) => (x === 0 ? 0 : x * logRatio(x, y)));
}

function logRatio(x: number, y: number): number {
  const ratio = x / y;
  return Number.isFinite(ratio) && ratio > 0 ? Math.log(ratio) : Math.log(x) - Math.log(y);
}

function jensenShannon({ p, q }: Distributions): number {
  const half = (x: number, y: number) => (x === 0 ? 0 : x * Math.log((2 * x) / (x + y)));
  // A probability that is 0 beside the other gives log 2 with rounding; no divergence is above it.
  return Math.min(sum(p, q, (x, y) => half(x, y) + half(y, x)) / 2, Math.LN2);
}

function renyi(p: Float64Array, q: Float64Array, order: number): number {
  if (order === 1) return relativeEntropy(p, q);
  const logs = Array.from(p, (x, i) => (x === 0 ? Number.NaN : logRatio(x, q[i])));
  const supported = logs.flatMap((log, i) => (Number.isNaN(log) ? [] : [{ log, x: p[i], y: q[i] }]));
  if (order === Number.POSITIVE_INFINITY) return Math.max(...supported.map(({ log }) => log));
  if (order === 0) return -Math.log(supported.reduce((total, { y }) => total + y, 0));
  // Σ p (p/q)^(α − 1), its largest term taken out so that no power overflows.
  const terms = supported.map(({ log, x }) => Math.log(x) + (order - 1) * log);
  const most = Math.max(...terms);
  if (!Number.isFinite(most)) return Number.POSITIVE_INFINITY;
  return (most + Math.log(terms.reduce((total, term) => total + Math.exp(term - most), 0))) / (order - 1);
}
