import { normalTail } from '../math/normal';
import type { Change } from './change';

/** One of several changes that are judged together. */
export interface Tested {
  readonly change: Change;
  /** What it would be judged by alone. */
  readonly confidence: number;
}

/**
 * Confidences that keep the chance of any false alarm among all at that of one (Holm's step-down method): the change
 * that is the least likely by chance is judged as one of m, the next as one of m − 1, until one is no regression; the
 * rest are judged as that one was. What nothing is left to chance in keeps its own.
 *
 * @see Holm 1979
 */
export function holmConfidences(tested: readonly Tested[]): number[] {
  const ranked = tested
    .map(({ change: { value, allowed, standardError } }, index) => ({
      index,
      p: standardError ? normalTail((value - allowed) / standardError) : null,
    }))
    .filter((each): each is { index: number; p: number } => each.p !== null)
    .sort((a, b) => a.p - b.p || a.index - b.index);
  const confidences = tested.map(({ confidence }) => confidence);
  let parts = ranked.length;
  let stopped = false;
  for (const { index, p } of ranked) {
    const tail = (1 - tested[index].confidence) / 2 / parts;
    confidences[index] = 1 - 2 * tail;
    if (p >= tail) stopped = true;
    if (!stopped) parts--;
  }
  return confidences;
}
