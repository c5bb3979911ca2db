import { sampleIndices } from '../math/random';
import type { ImageScore } from '../score-images';

export interface ChosenImages {
  /** Lowest realism first. */
  readonly worst: readonly ImageScore[];
  /** Nearest to a real image first: copies before all. */
  readonly nearest: readonly ImageScore[];
  readonly random: readonly ImageScore[];
  /** Highest realism first, copies aside. */
  readonly best: readonly ImageScore[];
}

/**
 * The images of a set that say most of it: worst, nearest to real ones, a random draw, best.
 *
 * @param options  count (12) of each, as far as there are so many; seed (0) of the draw
 */
export function chooseImages(
  scores: readonly ImageScore[],
  { count = 12, seed = 0 }: { count?: number; seed?: number } = {},
): ChosenImages {
  const ranked = scores
    .filter((score): score is ImageScore & { realism: number } => score.realism !== null)
    .sort((a, b) => a.realism - b.realism || byName(a, b));
  const size = Math.min(count, scores.length);
  return {
    worst: ranked.slice(0, count),
    nearest: [...scores].sort((a, b) => a.distance - b.distance || byName(a, b)).slice(0, count),
    random: size === 0 ? [] : [...sampleIndices(scores.length, { count: size, seed })].map((i) => scores[i]),
    best: ranked.slice(-count).reverse(),
  };
}

/** The same on every machine, whatever its language. */
function byName({ file: a }: ImageScore, { file: b }: ImageScore): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
