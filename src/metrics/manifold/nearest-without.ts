import type { Neighbors } from '../../math/neighbors/nearest';

/** Groups are drawn at random, so a point's nearest and so many others hardly ever all lie in one. */
export const SPARE_NEAREST = 8;

/**
 * The nearest neighbor of point i that is not left out, from its nearest few, else from all there are.
 *
 * @param all  how many neighbors there could be, and the exact squared distance of i to each
 */
export function nearestWithout(
  { count, distances, indices }: Neighbors,
  i: number,
  {
    isOut,
    all,
  }: { isOut: (j: number) => boolean; all: { size: number; exact: (i: number, j: number) => number } },
): { index: number; distance: number } {
  for (let at = i * count; at < (i + 1) * count; at++) {
    if (!isOut(indices[at])) return { index: indices[at], distance: distances[at] };
  }
  let nearest = { index: -1, distance: Number.POSITIVE_INFINITY };
  for (let j = 0; j < all.size; j++) {
    if (isOut(j)) continue;
    const distance = all.exact(i, j);
    if (distance < nearest.distance) nearest = { index: j, distance };
  }
  return nearest;
}
