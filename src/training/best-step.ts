import type { Better } from './known-scores';
import { gain, inWords, isFinitePoint, noiseBetween, type Point } from './series';

/** Where a score was best, and what cannot be told from it. Plain data. */
export interface BestStep {
  readonly score: string;
  readonly better: Better;
  readonly step: number;
  readonly value: number;
  readonly standardError?: number;
  /** Steps whose value lies within the noise of the best one, itself included; without errors, those of equal value. */
  readonly tied: readonly number[];
  readonly confidence: number;
  /** Records with a finite value. */
  readonly records: number;
  readonly reason: string;
}

/**
 * The best finite value, the first of equals. It is the best of many noisy ones, hence too good by chance: score that step
 * anew, with another seed, before the number is quoted.
 *
 * @returns undefined where no value is finite
 */
export function bestStep(
  points: readonly Point[],
  { score, better, confidence }: { score: string; better: Better; confidence: number },
): BestStep | undefined {
  const finite = points.filter(isFinitePoint);
  if (finite.length === 0) return undefined;
  const best = finite.reduce((found, point) => (gain(point, found, better) > 0 ? point : found));
  const tied = finite.filter(
    (point) => gain(best, point, better) <= (noiseBetween(best, point, confidence) ?? 0),
  );
  const others = tied.length - 1;
  const known = best.standardError !== undefined;
  return {
    score,
    better,
    step: best.step,
    value: best.value,
    ...(known && { standardError: best.standardError }),
    tied: tied.map(({ step }) => step),
    confidence,
    records: finite.length,
    reason:
      `${score} is ${better === 'lower' ? 'lowest' : 'highest'} at step ${best.step}, ${inWords(best.value)}` +
      (known
        ? ` ± ${inWords(best.standardError!)}; ${others === 0 ? 'no other step is' : `${others} other ${others === 1 ? 'step is' : 'steps are'}`} within the noise of it.`
        : others === 0
          ? '; without standard errors, nothing says which others are as good.'
          : `; ${others} more ${others === 1 ? 'step has' : 'steps have'} the same value.`),
  };
}
