import type { Computation } from '../../math/computation';
import { distancesOfRank, nearestWithin } from '../../math/neighbors/nearest';
import type { PointSet, Space } from '../../math/neighbors/space';

/** Samples of one set that are left out together; `of[i]` is the group of sample i. */
export interface Groups {
  readonly count: number;
  readonly of: Uint8Array;
}

/**
 * The balls around the points of a set that reach to their k-th nearest other point: squared radii, for the
 * whole set (version 0) and with group g left out (version g + 1), where the balls of the group itself are −1,
 * that nothing lies in.
 */
export interface Radii {
  readonly versions: number;
  /** n × versions */
  readonly squared: Float64Array;
  /** The largest version of each point. */
  readonly largest: Float64Array;
}

/** Groups are drawn at random, so this many more neighbors hardly ever all lie in one. */
const SPARE_NEIGHBORS = 8;

export function* manifoldRadii(
  space: Space,
  points: PointSet,
  { neighbors, groups }: { neighbors: number; groups?: Groups | undefined },
): Computation<Radii> {
  if (!groups) {
    const squared = yield* distancesOfRank(space, points, neighbors);
    return { versions: 1, squared, largest: squared };
  }
  const n = points.size;
  const count = Math.min(n - 1, 2 * neighbors + SPARE_NEIGHBORS);
  const { distances, indices } = yield* nearestWithin(space, points, count);
  const versions = 1 + groups.count;
  const squared = new Float64Array(n * versions);
  const largest = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    squared[i * versions] = distances[i * count + neighbors - 1];
    for (let g = 0; g < groups.count; g++) {
      squared[i * versions + g + 1] = groups.of[i] === g ? -1 : radiusWithout(i, g, groups.of);
    }
    largest[i] = squared.subarray(i * versions, (i + 1) * versions).reduce((a, b) => Math.max(a, b));
  }
  return { versions, squared, largest };

  function radiusWithout(i: number, group: number, of: Uint8Array): number {
    let left = neighbors;
    for (let at = i * count; at < (i + 1) * count; at++) {
      if (of[indices[at]] !== group && --left === 0) return distances[at];
    }
    const all = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i && of[j] !== group);
    return all.map((j) => space.exact(points, i, points, j)).sort((a, b) => a - b)[neighbors - 1];
  }
}
