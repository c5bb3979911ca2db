import type { Better } from './known-scores';
import { inWords, isFinitePoint, noiseBetween, type Point } from './series';
import { trendOf } from './trend';

export interface PlateauOptions {
  /** Looks at so many of the last records, at least 8: the test needs them; 10 by default. */
  readonly records?: number;
  /** Of the trend test, one-sided; 0.05 by default. */
  readonly level?: number;
}

/** Whether a score still gets better. Plain data. */
export interface Plateau {
  readonly score: string;
  readonly plateau: boolean;
  readonly trend: 'improving' | 'flat' | 'worsening' | 'unknown';
  /** The steps looked at, first and last; absent where the trend is unknown. */
  readonly steps?: readonly [number, number];
  /** Over those steps, by the median slope. */
  readonly change?: number;
  /** Of the trend in the better direction. */
  readonly pValue?: number;
  /** What the difference of two records must exceed to be more than noise; absent without standard errors. */
  readonly noise?: number;
  readonly reason: string;
}

/**
 * A plateau: over the last records no trend to the better is significant, or it is and comes to no more than the noise of
 * two records. A trend to the worse is a plateau too: nothing gets better.
 */
export function findPlateau(
  points: readonly Point[],
  {
    score,
    better,
    confidence,
    records,
    level,
  }: { score: string; better: Better; confidence: number } & Required<PlateauOptions>,
): Plateau {
  const last = points.filter(isFinitePoint).slice(-records);
  if (last.length < records) {
    const reason = `${score} has ${last.length} finite records: ${records} are needed to see a trend.`;
    return { score, plateau: false, trend: 'unknown', reason };
  }
  const [first, end] = [last[0], last[records - 1]];
  const { pRising, pFalling, change } = trendOf(
    last.map(({ step }) => step),
    last.map(({ value }) => value),
  );
  const [pBetter, pWorse] = better === 'higher' ? [pRising, pFalling] : [pFalling, pRising];
  const noise = noiseBetween(first, end, confidence);
  const beyond = noise === undefined || Math.abs(change) > noise;
  const trend = pBetter <= level && beyond ? 'improving' : pWorse <= level && beyond ? 'worsening' : 'flat';
  const figures =
    `${score} changed by ${inWords(change)} over steps ${first.step} to ${end.step} ` +
    `(p = ${inWords(pBetter)} for a trend to the better` +
    `${noise === undefined ? '' : `; two records differ by up to ${inWords(noise)} by chance`})`;
  return {
    score,
    plateau: trend !== 'improving',
    trend,
    steps: [first.step, end.step],
    change,
    pValue: pBetter,
    ...(noise !== undefined && { noise }),
    reason: `${figures}: ${
      { improving: 'it still improves.', flat: 'no improvement beyond noise.', worsening: 'it gets worse.' }[
        trend
      ]
    }`,
  };
}
