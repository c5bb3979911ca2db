import { invalidOption } from '../../errors';
import type { Computation } from '../../math/computation';
import type { Matrix } from '../../math/matrix';
import { closePairs } from '../../math/neighbors/close-pairs';
import { openSpace } from '../../math/neighbors/space';
import { type Groups, manifoldRadii, type Radii } from './radii';

/** Whether a point on the rim of a ball lies in it: `<=` in improved precision and recall, `<` in prdc. */
export type Inequality = '<' | '<=';

/**
 * Which samples lie in which balls. Bit v of a mask speaks of version v of the balls: 0 of those of the whole
 * set, g + 1 of those without its group g.
 */
export interface ManifoldCounts {
  readonly sizes: { readonly real: number; readonly generated: number };
  /** For every generated sample: it lies in the ball of a real one. */
  readonly inReal: Int32Array;
  /** For every real sample: it lies in the ball of a generated one. */
  readonly inGenerated: Int32Array;
  /** By version of the real balls: pairs of a real ball and a generated sample in it. */
  readonly pairs: Float64Array;
  /** Of `pairs[0]`, those of each group of generated samples. */
  readonly pairsOf: Float64Array;
  /** For every real sample: its ball holds a generated one. */
  readonly covered: Int32Array;
  /** For every real sample: bit h says that its ball holds a generated sample of group h. */
  readonly coveredBy: Int32Array;
  /** Samples that have as many copies of themselves in their set as neighbors count: balls of radius 0. */
  readonly copies: { readonly real: number; readonly generated: number };
}

export interface ManifoldPass {
  readonly neighbors: number;
  readonly inequality: Inequality;
  /** Recall needs the balls of generated samples: a third of all the work. */
  readonly recall: boolean;
  readonly groups?: { readonly real: Groups; readonly generated: Groups } | undefined;
}

/** Which samples lie in which balls, counted in one pass for the whole sets and with every group left out. */
export function* manifoldPass(
  { real, generated }: { real: Matrix; generated: Matrix },
  { neighbors, inequality, recall, groups }: ManifoldPass,
): Computation<ManifoldCounts> {
  const { space, points } = openSpace([real, generated] as const);
  const [x, y] = points;
  const inReal = yield* manifoldRadii(space, x, { neighbors, groups: groups?.real });
  const inGenerated = recall
    ? yield* manifoldRadii(space, y, { neighbors, groups: groups?.generated })
    : noBalls(y.size);
  const counts: ManifoldCounts = {
    sizes: { real: x.size, generated: y.size },
    inReal: new Int32Array(y.size),
    inGenerated: new Int32Array(x.size),
    pairs: new Float64Array(inReal.versions),
    pairsOf: new Float64Array(groups?.generated.count ?? 0),
    covered: new Int32Array(x.size),
    coveredBy: new Int32Array(x.size),
    copies: { real: zeros(inReal), generated: zeros(inGenerated) },
  };
  const groupOf = groups?.generated.of;
  yield* closePairs(space, {
    rows: { points: x, limits: inReal.largest },
    columns: { points: y, limits: inGenerated.largest },
    visit: (i, j, lower, upper) => {
      let [low, high] = [lower, upper];
      const isWithin = (limit: number) => {
        // Among copies this saves deciding every pair.
        if (limit === 0 && inequality === '<') return false;
        if (high < limit) return true;
        if (low > limit) return false;
        if (low !== high) low = high = space.exact(x, i, y, j);
        return low < limit || (low === limit && inequality === '<=');
      };
      for (let v = 0; v < inReal.versions; v++) {
        if (!isWithin(inReal.squared[i * inReal.versions + v])) continue;
        counts.pairs[v]++;
        counts.inReal[j] |= 1 << v;
        counts.covered[i] |= 1 << v;
        if (v > 0 || !groupOf) continue;
        counts.pairsOf[groupOf[j]]++;
        counts.coveredBy[i] |= 1 << groupOf[j];
      }
      for (let v = 0; v < inGenerated.versions; v++) {
        if (isWithin(inGenerated.squared[j * inGenerated.versions + v])) counts.inGenerated[i] |= 1 << v;
      }
    },
  });
  return counts;
}

/** @throws INVALID_OPTION */
export function requireInequality(inequality: string): void {
  if (inequality !== '<' && inequality !== '<=') throw invalidOption('inequality', "'<' or '<='", inequality);
}

function noBalls(size: number): Radii {
  const none = new Float64Array(size).fill(-1);
  return { versions: 1, squared: none, largest: none };
}

function zeros({ versions, squared }: Radii): number {
  let count = 0;
  for (let at = 0; at < squared.length; at += versions) if (squared[at] === 0) count++;
  return count;
}
