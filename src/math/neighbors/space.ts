import { GanMetricsError } from '../../errors';
import type { Matrix } from '../matrix';

/**
 * Sets of points that distances are asked between, moved and scaled together so that matrix products say much
 * about them: their mean is at 0 and no point is farther from it than 1. Distances are squared and in these
 * units; the factor is a power of two, so nothing is rounded by it.
 */
export interface Space {
  /** Distances are `1 / scale` times what they are here; squared ones, `1 / scale²`. */
  readonly scale: number;
  /**
   * The squared distance of two points in float64, from the differences of the given numbers: what every
   * comparison that a product leaves open is decided by. Symmetric to the last bit, 0 for equal rows.
   */
  exact(a: PointSet, i: number, b: PointSet, j: number): number;
  /** Another set in the same units: of points that lie among the others, as their means do. */
  place(given: Matrix): PointSet;
  /** How often `exact` was called. */
  readonly decisions: number;
}

/** One of the sets. */
export interface PointSet {
  readonly size: number;
  readonly columns: number;
  readonly given: Matrix;
  /** Moved and scaled rows from `start` on, rounded to the number type of `work`, where they may be put. */
  rows(start: number, count: number, work: Float32Array | Float64Array): Matrix;
  /** Squared norms of these rows, as rounded. */
  norms(precision: Precision): Float64Array;
  /** How many rows to take at once, so that making them is little beside the products. */
  readonly step: number;
}

export type Precision = 'single' | 'double';

export function openWork(precision: Precision, length: number): Float32Array | Float64Array {
  return precision === 'single' ? new Float32Array(length) : new Float64Array(length);
}

const KEPT_BYTES = 2 ** 27;

/**
 * Moves and scales sets into one space.
 *
 * @param sets     n × d each, finite, of one d
 * @param options  keptBytes (128 MiB): the largest set that is kept moved and scaled; of others blocks are
 * @throws NOT_FINITE where values are so large that their differences are not numbers
 */
export function openSpace<Sets extends readonly Matrix[]>(
  sets: Sets,
  { keptBytes = KEPT_BYTES }: { keptBytes?: number } = {},
): { space: Space; points: { [K in keyof Sets]: PointSet } } {
  const { center, scale } = centerAndScale(sets);
  let decisions = 0;
  const space: Space = {
    scale,
    exact(a, i, b, j) {
      decisions++;
      return squaredDistance(a.given, i, b.given, j, scale);
    },
    place: (given) => pointSet(given, { center, scale, keptBytes }),
    get decisions() {
      return decisions;
    },
  };
  const points = sets.map(space.place);
  return { space, points: points as { [K in keyof Sets]: PointSet } };
}

/** Squared distance of row i of x to row j of y, in units of 1 / scale². */
function squaredDistance(x: Matrix, i: number, y: Matrix, j: number, scale: number): number {
  const d = x.columns;
  const [a, b] = [x.data, y.data];
  let [p, q] = [i * d, j * d];
  const end = p + d - (d & 3);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (; p < end; p += 4, q += 4) {
    const d0 = (a[p] - b[q]) * scale;
    const d1 = (a[p + 1] - b[q + 1]) * scale;
    const d2 = (a[p + 2] - b[q + 2]) * scale;
    const d3 = (a[p + 3] - b[q + 3]) * scale;
    s0 += d0 * d0;
    s1 += d1 * d1;
    s2 += d2 * d2;
    s3 += d3 * d3;
  }
  for (const last = end + (d & 3); p < last; p++, q++) {
    const difference = (a[p] - b[q]) * scale;
    s0 += difference * difference;
  }
  return s0 + s1 + (s2 + s3);
}

/** The common mean, and a power of two that brings every point to within 1 of it. */
function centerAndScale(sets: readonly Matrix[]): { center: Float64Array; scale: number } {
  const d = sets[0].columns;
  const share = 1 / sets.reduce((sum, { rows }) => sum + rows, 0);
  const center = new Float64Array(d);
  let largest = 0;
  for (const { rows, data } of sets) {
    for (let i = 0, at = 0; i < rows; i++) {
      for (let k = 0; k < d; k++, at++) {
        const value = data[at];
        center[k] += share * value;
        if (value > largest) largest = value;
        else if (-value > largest) largest = -value;
      }
    }
  }
  if (!(2 * largest < Number.POSITIVE_INFINITY)) {
    throw new GanMetricsError(
      'NOT_FINITE',
      'Expected features whose differences are finite: these overflow.',
    );
  }
  if (largest === 0) return { center, scale: 1 };
  const exponent = Math.ceil(Math.log2(largest) + Math.log2(d) / 2) + 2;
  return { center, scale: 2 ** -Math.max(-1000, Math.min(1000, exponent)) };
}

/** Moves and scales rows of `from`, from `start` on, into `to`. */
function place(
  to: Float32Array | Float64Array,
  from: Float32Array | Float64Array,
  { start, rows, center, scale }: { start: number; rows: number; center: Float64Array; scale: number },
): void {
  const d = center.length;
  for (let i = 0, at = 0, source = start * d; i < rows; i++) {
    for (let k = 0; k < d; k++, at++, source++) to[at] = (from[source] - center[k]) * scale;
  }
}

function pointSet(
  given: Matrix,
  { center, scale, keptBytes }: { center: Float64Array; scale: number; keptBytes: number },
): PointSet {
  const { rows: size, columns } = given;
  const keeps = size * columns * 4 <= keptBytes;
  let kept: Float32Array | undefined;
  const rows = (start: number, count: number, work: Float32Array | Float64Array): Matrix => {
    if (keeps && work instanceof Float32Array) {
      if (!kept) {
        kept = new Float32Array(size * columns);
        place(kept, given.data, { start: 0, rows: size, center, scale });
      }
      return { rows: count, columns, data: kept.subarray(start * columns, (start + count) * columns) };
    }
    place(work, given.data, { start, rows: count, center, scale });
    return { rows: count, columns, data: work.subarray(0, count * columns) };
  };
  const norms: Partial<Record<Precision, Float64Array>> = {};
  return {
    size,
    columns,
    given,
    rows,
    norms: (precision) => {
      norms[precision] ??= squaredNorms({ size, columns, rows }, precision);
      return norms[precision];
    },
    step: keeps ? 256 : 2048,
  };
}

function squaredNorms(
  { size, columns, rows }: Pick<PointSet, 'size' | 'columns' | 'rows'>,
  precision: Precision,
): Float64Array {
  const norms = new Float64Array(size);
  const step = Math.min(64, size);
  const work = openWork(precision, step * columns);
  for (let start = 0; start < size; start += step) {
    const count = Math.min(step, size - start);
    const { data } = rows(start, count, work);
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let k = i * columns; k < (i + 1) * columns; k++) sum += data[k] * data[k];
      norms[start + i] = sum;
    }
  }
  return norms;
}
