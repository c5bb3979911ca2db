import type { Computation } from '../computation';
import { closePairs } from './close-pairs';
import type { PointSet, Space } from './space';

/** The nearest points of every point, nearest first, of equal ones the one that comes first. */
export interface Neighbors {
  /** How many a point. */
  readonly count: number;
  /** Squared distances in the units of the space, n × count. */
  readonly distances: Float64Array;
  /** n × count */
  readonly indices: Int32Array;
}

/**
 * The `count` nearest other points of every point of a set, exactly.
 *
 * @param count  below the size of the set
 */
export function* nearestWithin(space: Space, points: PointSet, count: number): Computation<Neighbors> {
  return (yield* listsWithin(space, points, count)).finish();
}

/**
 * The squared distance of every point of a set to its nearest other point of this rank, exactly.
 *
 * @param rank  from 1 to less than the size of the set
 */
export function* distancesOfRank(space: Space, points: PointSet, rank: number): Computation<Float64Array> {
  return (yield* listsWithin(space, points, rank)).farthest();
}

function* listsWithin(space: Space, points: PointSet, count: number): Computation<NearestLists> {
  const lists = new NearestLists(points.size, { count, exact: (i, j) => space.exact(points, i, points, j) });
  const side = { points, limits: lists.limits };
  yield* closePairs(space, {
    rows: side,
    columns: side,
    visit: (i, j, lower, upper) => {
      lists.offer(i, j, lower, upper);
      lists.offer(j, i, lower, upper);
    },
  });
  return lists;
}

/** How many candidates a list holds beyond those asked for before it decides among them. */
const SPARE = 11;

/**
 * For every point the candidates for its nearest ones. A candidate is known to an interval at first; it is only
 * decided exactly when that must be.
 */
export class NearestLists {
  /** No candidate above its point's limit can be among the nearest. */
  readonly limits: Float64Array;
  readonly #count: number;
  readonly #room: number;
  readonly #exact: (i: number, j: number) => number;
  readonly #sizes: Int32Array;
  readonly #lower: Float64Array;
  /** Ascending within a list. */
  readonly #upper: Float64Array;
  readonly #indices: Int32Array;

  constructor(size: number, { count, exact }: { count: number; exact: (i: number, j: number) => number }) {
    this.limits = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.#count = count;
    this.#room = count + SPARE;
    this.#exact = exact;
    this.#sizes = new Int32Array(size);
    this.#lower = new Float64Array(size * this.#room);
    this.#upper = new Float64Array(size * this.#room);
    this.#indices = new Int32Array(size * this.#room);
  }

  /** Point j, at a squared distance in [lower, upper] of point i; for every i, j must ascend. */
  offer(i: number, j: number, lower: number, upper: number): void {
    if (lower > this.limits[i]) return;
    this.#insert(i, j, lower, upper);
    if (this.#sizes[i] < this.#count) return;
    this.limits[i] = this.#upper[i * this.#room + this.#count - 1];
    if (this.#sizes[i] === this.#room) this.#forget(i);
    if (this.#sizes[i] === this.#room) this.#decide(i);
  }

  finish(): Neighbors {
    const count = this.#count;
    const size = this.limits.length;
    const distances = new Float64Array(size * count);
    const indices = new Int32Array(size * count);
    for (let i = 0; i < size; i++) {
      this.#forget(i);
      this.#decide(i);
      const from = i * this.#room;
      distances.set(this.#lower.subarray(from, from + count), i * count);
      indices.set(this.#indices.subarray(from, from + count), i * count);
    }
    return { count, distances, indices };
  }

  /** The last distance that `finish` gives for every point; few others need to be decided for it. */
  farthest(): Float64Array {
    return this.limits.map((_, i) => {
      const from = i * this.#room;
      const end = from + this.#sizes[i];
      const least = this.#lower.slice(from, end).sort()[this.#count - 1];
      const most = this.#upper[from + this.#count - 1];
      const around: number[] = [];
      let below = 0;
      for (let at = from; at < end; at++) {
        if (this.#upper[at] < least) below++;
        else if (this.#lower[at] <= most) around.push(this.#distance(i, at));
      }
      return around.sort((a, b) => a - b)[this.#count - 1 - below];
    });
  }

  /** The first index that `finish` gives for every point of lists of one; only where two are close is it decided. */
  nearest(): Int32Array {
    return Int32Array.from(this.limits, (_, i) => {
      this.#forget(i);
      if (this.#sizes[i] > 1) this.#decide(i);
      return this.#indices[i * this.#room];
    });
  }

  #insert(i: number, j: number, lower: number, upper: number): void {
    const from = i * this.#room;
    let at = from + this.#sizes[i]++;
    for (; at > from && this.#upper[at - 1] > upper; at--) {
      this.#lower[at] = this.#lower[at - 1];
      this.#upper[at] = this.#upper[at - 1];
      this.#indices[at] = this.#indices[at - 1];
    }
    this.#lower[at] = lower;
    this.#upper[at] = upper;
    this.#indices[at] = j;
  }

  /** Drops candidates that closer ones have ruled out. */
  #forget(i: number): void {
    const from = i * this.#room;
    let kept = from;
    for (let at = from; at < from + this.#sizes[i]; at++) {
      if (this.#lower[at] > this.limits[i]) continue;
      this.#lower[kept] = this.#lower[at];
      this.#upper[kept] = this.#upper[at];
      this.#indices[kept++] = this.#indices[at];
    }
    this.#sizes[i] = kept - from;
  }

  /** Makes every candidate exact and keeps the nearest ones. */
  #decide(i: number): void {
    const from = i * this.#room;
    const candidates = Array.from(this.#indices.subarray(from, from + this.#sizes[i]), (j, at) => ({
      j,
      distance: this.#distance(i, from + at),
    }));
    candidates.sort((a, b) => a.distance - b.distance || a.j - b.j);
    this.#sizes[i] = 0;
    for (const { j, distance } of candidates.slice(0, this.#count)) this.#insert(i, j, distance, distance);
    const limit = candidates[this.#count - 1]?.distance ?? Number.POSITIVE_INFINITY;
    // Later candidates come later in order: they cannot even tie with a distance of 0.
    this.limits[i] = limit === 0 ? -1 : limit;
  }

  /** An interval of one point is a distance already decided. */
  #distance(i: number, at: number): number {
    return this.#lower[at] === this.#upper[at] ? this.#lower[at] : this.#exact(i, this.#indices[at]);
  }
}
