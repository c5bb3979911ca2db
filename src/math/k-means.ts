import type { Computation } from './computation';
import type { Matrix } from './matrix';
import { closePairs } from './neighbors/close-pairs';
import { NearestLists } from './neighbors/nearest';
import { openSpace, type PointSet, type Space } from './neighbors/space';
import type { Random } from './random';

/** Rounds after which the centers have long stopped to move much. */
const ROUNDS = 30;

/** The share of samples that may still change their cluster at the end. */
const SETTLED = 1 / 1000;

/** The first centers are drawn among so many samples. */
const DRAWN_AMONG = 2000;

/**
 * Lloyd's algorithm from k-means++ centers, until no more than one sample in a thousand changes its cluster, or for
 * 30 rounds.
 *
 * @param x        n × d, finite
 * @param options  clusters, at most n; random: where the first centers come from
 * @returns the cluster of every sample, and the centers, clusters × d; clusters may end up empty
 * @see Arthur, Vassilvitskii 2007
 */
export function* kMeans(
  x: Matrix,
  { clusters, random }: { clusters: number; random: Random },
): Computation<{ labels: Int32Array; centers: Matrix }> {
  const { space, points } = openSpace([x]);
  let centers = firstCenters(space, { points: points[0], clusters, random });
  let labels = yield* assign(space, { points: points[0], centers });
  for (let round = 1; round < ROUNDS; round++) {
    centers = means(x, { labels, before: centers });
    const next = yield* assign(space, { points: points[0], centers });
    const moved = next.reduce((count, label, i) => count + (label === labels[i] ? 0 : 1), 0);
    if (moved <= x.rows * SETTLED) break;
    labels = next;
  }
  return { labels, centers };
}

/**
 * The nearest center of every sample, of equally near ones the first.
 *
 * @param x        n × d
 * @param centers  k × d
 */
export function* nearestCenters(x: Matrix, centers: Matrix): Computation<Int32Array> {
  const { space, points } = openSpace([x, centers] as const);
  return yield* assign(space, { points: points[0], centers });
}

function* assign(
  space: Space,
  { points, centers }: { points: PointSet; centers: Matrix },
): Computation<Int32Array> {
  const targets = space.place(centers);
  const lists = new NearestLists(points.size, {
    count: 1,
    exact: (i, c) => space.exact(points, i, targets, c),
  });
  yield* closePairs(space, {
    rows: { points, limits: lists.limits },
    columns: { points: targets, limits: new Float64Array(targets.size).fill(-1) },
    visit: (i, c, lower, upper) => lists.offer(i, c, lower, upper),
  });
  return lists.nearest();
}

/** Samples, each drawn by its squared distance from those drawn before. */
function firstCenters(
  space: Space,
  { points, clusters, random }: { points: PointSet; clusters: number; random: Random },
): Matrix {
  const { columns, data } = points.given;
  const among = Math.min(points.size, Math.max(DRAWN_AMONG, clusters));
  const start = random.integer(points.size);
  const pool = Array.from({ length: among }, (_, at) =>
    // Evenly over the set: whatever its order, every part is there.
    among === points.size ? at : (start + Math.floor((at * points.size) / among)) % points.size,
  );
  const nearest = new Float64Array(among).fill(Number.POSITIVE_INFINITY);
  let drawn = pool[random.integer(among)];
  const centers = new Float64Array(clusters * columns);
  for (let c = 0; c < clusters; c++) {
    centers.set(data.subarray(drawn * columns, (drawn + 1) * columns), c * columns);
    pool.forEach((i, at) => {
      nearest[at] = Math.min(nearest[at], space.exact(points, i, points, drawn));
    });
    const sum = nearest.reduce((total, distance) => total + distance, 0);
    let left = (random.next() / 2 ** 32) * sum;
    const found = nearest.findIndex((distance) => {
      left -= distance;
      return left < 0;
    });
    drawn = pool[Math.max(found, 0)];
  }
  return { rows: clusters, columns, data: centers };
}

/** The mean of every cluster; an empty one keeps its center. */
function means(
  { rows: n, columns: d, data }: Matrix,
  { labels, before }: { labels: Int32Array; before: Matrix },
): Matrix {
  const sums = new Float64Array(before.rows * d);
  const counts = new Int32Array(before.rows);
  for (let i = 0; i < n; i++) {
    const to = labels[i] * d;
    counts[labels[i]]++;
    for (let k = 0; k < d; k++) sums[to + k] += data[i * d + k];
  }
  for (let c = 0; c < before.rows; c++) {
    for (let k = c * d; k < (c + 1) * d; k++) {
      sums[k] = counts[c] === 0 ? before.data[k] : sums[k] / counts[c];
    }
  }
  return { rows: before.rows, columns: d, data: sums };
}
