import type { Better } from './known-scores';
import { gain, inWords, isFinitePoint, noiseBetween, type Point } from './series';
import { median, trendOf } from './trend';

export interface DivergenceOptions {
  /** Records after the best one before a trend is looked for, at least 8; 8 by default. */
  readonly records?: number;
  /** Of the trend test, one-sided; 0.01 by default. */
  readonly level?: number;
}

/** Whether a score went astray. Plain data. */
export interface Divergence {
  readonly score: string;
  readonly diverged: boolean;
  readonly kind?: 'not finite' | 'worsening';
  /** Of the first non-finite value, or of the best value, from which it went downhill. */
  readonly step?: number;
  /** How much worse the median of the last three values is than the best. */
  readonly loss?: number;
  /** What that has to exceed. */
  readonly noise?: number;
  /** Of the trend to the worse since the best record. */
  readonly pValue?: number;
  readonly reason: string;
}

/**
 * Divergence: the last value is NaN or infinite; or since the best record the values have a significant trend to the worse,
 * and the last three lie below it by more than noise. Of values in random order the best is better than all after it,
 * but those are in random order too: therefore it is left out of the trend.
 */
export function findDivergence(
  points: readonly Point[],
  {
    score,
    better,
    confidence,
    records,
    level,
  }: { score: string; better: Better | undefined; confidence: number } & Required<DivergenceOptions>,
): Divergence {
  const last = points.at(-1);
  if (last && !isFinitePoint(last)) {
    const from = points.findLastIndex(isFinitePoint) + 1;
    const { step, value } = points[from];
    const reason = `${score} is ${inWords(value)} at step ${step}, and has not been finite since.`;
    return { score, diverged: true, kind: 'not finite', step, reason };
  }
  if (better === undefined) {
    return { score, diverged: false, reason: `${score} is finite now; nothing says which way is better.` };
  }
  const finite = points.filter(isFinitePoint);
  const best = finite.reduce<Point | undefined>(
    (found, point) => (found && gain(point, found, better) <= 0 ? found : point),
    undefined,
  );
  const after = best ? finite.filter(({ step }) => step > best.step) : [];
  if (!best || after.length < records) {
    const reason = `${score} has ${after.length} finite records after its best: ${records} are needed to see a trend.`;
    return { score, diverged: false, reason };
  }
  const { pRising, pFalling } = trendOf(
    after.map(({ step }) => step),
    after.map(({ value }) => value),
  );
  const pValue = better === 'higher' ? pFalling : pRising;
  const now = { ...after.at(-1)!, value: median(after.slice(-3).map(({ value }) => value)) };
  const loss = gain(best, now, better);
  const noise = Math.max(noiseBetween(best, now, confidence) ?? 0, noiseOfSteps(finite));
  const diverged = pValue <= level && loss > noise;
  return {
    score,
    diverged,
    ...(diverged && { kind: 'worsening' as const }),
    step: best.step,
    loss,
    noise,
    pValue,
    reason:
      `${score} was best at step ${best.step}, ${inWords(best.value)}; its last values are worse by ${inWords(loss)}, ` +
      `where noise accounts for ${inWords(noise)} (p = ${inWords(pValue)} for a trend to the worse): ` +
      `${diverged ? 'it diverges.' : 'it does not diverge.'}`,
  };
}

/**
 * Three standard deviations of the difference of two records, by the median change over one to four records, whichever
 * is largest: scores wander, and what wanders differs more over four records than over one. The changes of normal values
 * are 0.6745 of their deviation large in the median.
 */
function noiseOfSteps(points: readonly Point[]): number {
  const typical = [1, 2, 3, 4].map((lag) =>
    median(points.slice(lag).map(({ value }, i) => Math.abs(value - points[i].value))),
  );
  return (3 * Math.max(...typical)) / 0.6745;
}
