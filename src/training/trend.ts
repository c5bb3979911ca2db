import { normalTail } from '../math/normal';

export interface Trend {
  /** Probability of so strong a rise among values in random order; small: they rise. */
  readonly pRising: number;
  readonly pFalling: number;
  /** Theil–Sen: the median slope of all pairs, times the span of x. */
  readonly change: number;
}

/**
 * Mann–Kendall test for a trend, which asks nothing of the noise but that its order be random, with its correction for
 * ties; by the normal limit with continuity correction, which is usable from 8 points on.
 *
 * @param x  rising
 * @see Mann 1945; Kendall 1975, Rank Correlation Methods; Sen 1968 for the slope
 */
export function trendOf(x: readonly number[], values: readonly number[]): Trend {
  const n = values.length;
  const slopes: number[] = [];
  let score = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      score += Math.sign(values[j] - values[i]);
      slopes.push((values[j] - values[i]) / (x[j] - x[i]));
    }
  }
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  const spread = (count: number) => count * (count - 1) * (2 * count + 5);
  const variance = ([...ties.values()].reduce((sum, count) => sum - spread(count), 0) + spread(n)) / 18;
  const tail = (toward: number) => (variance > 0 ? normalTail((toward - 1) / Math.sqrt(variance)) : 1);
  return {
    pRising: tail(score),
    pFalling: tail(-score),
    change: n > 1 ? median(slopes) * (x[n - 1] - x[0]) : 0,
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
