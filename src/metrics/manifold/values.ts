import type { ManifoldCounts } from './pass';
import type { Groups } from './radii';

/** Precision, recall, density and coverage of one choice of samples; recall is 0 where nobody asked for it. */
export interface ManifoldValues {
  readonly precision: number;
  readonly recall: number;
  readonly density: number;
  readonly coverage: number;
}

/** Of all samples. */
export function manifoldValues(counts: ManifoldCounts, neighbors: number): ManifoldValues {
  const { real, generated } = counts.sizes;
  return {
    precision: share(generated, { of: (j) => counts.inReal[j] & 1 }),
    recall: share(real, { of: (i) => counts.inGenerated[i] & 1 }),
    density: counts.pairs[0] / (neighbors * generated),
    coverage: share(real, { of: (i) => counts.covered[i] & 1 }),
  };
}

/** With each group of real samples left out. */
export function withoutReal(
  counts: ManifoldCounts,
  { neighbors, groups }: { neighbors: number; groups: Groups },
): ManifoldValues[] {
  const { real, generated } = counts.sizes;
  return Array.from({ length: groups.count }, (_, g) => {
    const bit = 1 << (g + 1);
    const isLeft = (i: number) => groups.of[i] !== g;
    return {
      precision: share(generated, { of: (j) => counts.inReal[j] & bit }),
      recall: share(real, { of: (i) => counts.inGenerated[i] & 1, among: isLeft }),
      density: counts.pairs[g + 1] / (neighbors * generated),
      coverage: share(real, { of: (i) => counts.covered[i] & bit, among: isLeft }),
    };
  });
}

/** With each group of generated samples left out. */
export function withoutGenerated(
  counts: ManifoldCounts,
  { neighbors, groups }: { neighbors: number; groups: Groups },
): ManifoldValues[] {
  const { real, generated } = counts.sizes;
  return Array.from({ length: groups.count }, (_, h) => {
    const isLeft = (j: number) => groups.of[j] !== h;
    const left = groups.of.reduce((sum, group) => sum + (group === h ? 0 : 1), 0);
    return {
      precision: share(generated, { of: (j) => counts.inReal[j] & 1, among: isLeft }),
      recall: share(real, { of: (i) => counts.inGenerated[i] & (1 << (h + 1)) }),
      density: (counts.pairs[0] - counts.pairsOf[h]) / (neighbors * left),
      coverage: share(real, { of: (i) => counts.coveredBy[i] & ~(1 << h) }),
    };
  });
}

/** The share of 0 … size − 1, or of those among them, that something holds of. */
function share(
  size: number,
  { of, among = () => true }: { of: (index: number) => number; among?: (index: number) => boolean },
): number {
  let [held, total] = [0, 0];
  for (let index = 0; index < size; index++) {
    if (!among(index)) continue;
    total++;
    if (of(index) !== 0) held++;
  }
  return held / total;
}
