import { holm } from '../math/holm';
import { normalQuantile, normalTail } from '../math/normal';
import type { Interval } from './interval';
import type { Difference } from './metric';

/** Two sets by name, and how their numbers differ. */
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly difference: Difference;
  /** Samples; real is null where the reference is fixed or not used. */
  readonly n: { readonly real: number | null; readonly a: number; readonly b: number };
}

/** Whether one generator is better than another. Plain data. */
export interface SetDifference {
  readonly a: string;
  readonly b: string;
  /** The number of a less that of b. */
  readonly value: number;
  /** Of this difference by itself, whatever else is compared. */
  readonly interval: Interval;
  /** Two-sided, of no difference; adjusted for the number of pairs where that was asked for. */
  readonly p: { readonly value: number; readonly adjusted: number };
  /** Of a, at the confidence of the interval, by the adjusted p value. */
  readonly verdict: 'better' | 'worse' | 'undecided';
  /**
   * Samples that would decide an undecided pair if the difference is what it seems, about: of either generated set,
   * and of the real one where more generated ones alone would not do. null where nothing is open, or no number would.
   */
  readonly needed: { readonly generated: number; readonly real: number | null } | null;
}

/** The best and the worst place that a set can have among all, as far as they can be told apart; from 1. */
export interface Rank {
  readonly best: number;
  readonly worst: number;
}

export interface Ranking {
  readonly differences: readonly SetDifference[];
  readonly ranks: Readonly<Record<string, Rank>>;
  /** The set that is better than every other; null where that cannot be said of one. */
  readonly winner: string | null;
}

export interface RankingOptions {
  readonly better: 'lower' | 'higher';
  /** In (0, 1); the chance of any false verdict among all pairs is at most what is left of 1. */
  readonly confidence: number;
  readonly adjust: 'holm' | 'none';
}

/**
 * Ranks sets by the differences of all pairs of them: a set's best place is behind those that are better for
 * certain, its worst before those that are worse for certain.
 */
export function rankByDifferences(
  names: readonly string[],
  pairs: readonly Pair[],
  { better, confidence, adjust }: RankingOptions,
): Ranking {
  const alpha = 1 - confidence;
  const pValues = pairs.map(({ difference }) => pOf(difference));
  const adjusted = adjust === 'holm' ? holm(pValues) : pValues;
  const decided = adjusted.filter((p) => p <= alpha).length;
  // What stays open all failed at the step at which Holm's procedure stopped, or at steps that are no harder.
  const level = adjust === 'holm' ? alpha / Math.max(pairs.length - decided, 1) : alpha;
  const differences = pairs.map(({ a, b, difference, n }, i): SetDifference => {
    const { value, interval } = difference;
    const open = adjusted[i] > alpha;
    const good = better === 'lower' ? value < 0 : value > 0;
    return {
      a,
      b,
      value,
      interval,
      p: { value: pValues[i], adjusted: adjusted[i] },
      verdict: open ? 'undecided' : good ? 'better' : 'worse',
      needed: open ? neededFor(difference, { n, level }) : null,
    };
  });
  const ranks = Object.fromEntries(names.map((name) => [name, rankOf(name, differences, names.length)]));
  const winner = names.find((name) => ranks[name].worst === 1) ?? null;
  return { differences, ranks, winner };
}

/** Of no difference, two-sided. Without any error what differs does so for certain. */
function pOf({ value, interval: { standardError } }: Difference): number {
  if (standardError === 0) return value === 0 ? 1 : 0;
  return Math.min(2 * normalTail(Math.abs(value) / standardError), 1);
}

function rankOf(name: string, differences: readonly SetDifference[], sets: number): Rank {
  let [above, below] = [0, 0];
  for (const { a, b, verdict } of differences) {
    if (verdict === 'undecided' || (a !== name && b !== name)) continue;
    if ((verdict === 'better') === (a === name)) below++;
    else above++;
  }
  return { best: 1 + above, worst: sets - below };
}

/** Sizes at which the error, which falls with the root of the size, would let the difference be seen. */
function neededFor(
  { value, variances }: Difference,
  { n, level }: { n: Pair['n']; level: number },
): SetDifference['needed'] {
  if (value === 0) return null;
  const enough = (value / normalQuantile(1 - level / 2)) ** 2;
  const left = enough - variances.real;
  const alone = left > 0 ? (variances.a * n.a + variances.b * n.b) / left : Number.POSITIVE_INFINITY;
  const growth = (variances.real + variances.a + variances.b) / enough;
  const together = growth * Math.max(n.a, n.b);
  if (n.real === null || alone <= PATIENCE * together) {
    return { generated: Math.ceil(alone), real: n.real };
  }
  return { generated: Math.ceil(together), real: Math.ceil(growth * n.real) };
}

/** More generated images alone are asked for unless it takes so many times those that more real ones would leave. */
const PATIENCE = 10;
