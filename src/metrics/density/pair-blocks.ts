import type { Computation } from '../../math/computation';
import { type Block, block, part } from '../../math/kernels/block';
import type { Kernels } from '../../math/kernels/kernels';
import { openKernels } from '../../math/kernels/open-kernels';
import type { Matrix } from '../../math/matrix';
import type { Scaling } from './scaling';

/** The pairs of some points and some samples. */
export interface PairBlock {
  /** The first point, and how many follow. */
  readonly row: number;
  readonly rows: number;
  /** The first sample, and how many follow. */
  readonly column: number;
  readonly columns: number;
  /** rows × columns; the visitor's to change. */
  readonly distances: Float64Array;
  /** The squared distance of one pair from the differences themselves, where products round too much. */
  exact(i: number, j: number): number;
}

export interface Pairs {
  readonly points: Matrix;
  readonly samples: Matrix;
  /** Scalar bandwidths are left to the visitor; the others stand in the distances. */
  readonly scaling: Extract<Scaling, { kind: 'scalar' | 'diagonal' }>;
  /** Squared Euclidean distances, or twice the largest difference of a coordinate. */
  readonly metric: 'euclidean' | 'chebyshev';
  /** The largest error of squared distances, up to which products may make them. */
  readonly tolerance: number;
}

/** Rows and columns of a block, where rows are not so long that an operand would take more than 32 MB. */
const LARGEST = { points: 1024, samples: 1024, values: 2 ** 22, depth: 256, kept: 2 ** 23 };

/** In so few dimensions a product saves nothing. */
const FEW_DIMENSIONS = 8;

/**
 * Visits the pairs of points and samples block by block. Squared distances are ‖x‖² + ‖y‖² − 2xᵀy, by one
 * product of rows that carry their norms, where that is precise enough, and else sums of squared differences.
 *
 * @param visit  told the error of the squared distances: 0 where differences made them
 */
export function* eachPairBlock(
  pairs: Pairs,
  visit: (block: PairBlock, error: number) => void,
): Computation<void> {
  const { points, samples, metric, tolerance } = pairs;
  const d = samples.columns;
  const coordinates = coordinatesOf(pairs);
  const error = 4 * Number.EPSILON * (coordinates.largestSquare(points) + coordinates.largestSquare(samples));
  const byProducts = metric === 'euclidean' && d > FEW_DIMENSIONS && error <= tolerance;
  const width = byProducts ? d + 2 : d;
  const step = Math.max(64, Math.min(LARGEST.samples, Math.floor(LARGEST.values / width)));
  const reading = { coordinates, width, step };
  const pointsFrom = blockReader(points, { ...reading, side: byProducts ? 'left' : 'plain', again: true });
  const samplesFrom = blockReader(samples, {
    ...reading,
    side: byProducts ? 'right' : 'plain',
    again: false,
  });
  for (let column = 0; column < samples.rows; column += step) {
    const b = samplesFrom(column);
    for (let row = 0; row < points.rows; row += step) {
      const a = pointsFrom(row);
      const at = { row, rows: a.rows, column, columns: b.rows };
      if (byProducts) {
        const product = yield { a, b };
        const exact = (i: number, j: number) => squaredDistance(a.data, i * width, b.data, j * width, d);
        visit({ ...at, distances: product.data as Float64Array, exact }, error);
      } else {
        const distances = metric === 'euclidean' ? squaredDistances(a, b) : chebyshevDistances(a, b);
        visit({ ...at, distances, exact: (i, j) => distances[i * b.rows + j] }, 0);
      }
    }
  }
}

/** A block of rows; of those that products take, points end −2x with ‖x‖², 1 and samples y with 1, ‖y‖². */
type Side = 'left' | 'right' | 'plain';

/** Reads blocks of rows from where it is told. What is asked for again is kept, up to 64 MB. */
function blockReader(
  matrix: Matrix,
  {
    coordinates,
    width,
    step,
    side,
    again,
  }: {
    coordinates: ReturnType<typeof coordinatesOf>;
    width: number;
    step: number;
    side: Side;
    again: boolean;
  },
): (from: number) => Matrix<Float64Array> {
  const kept =
    again && matrix.rows * width <= LARGEST.kept ? new Map<number, Matrix<Float64Array>>() : undefined;
  const buffer = kept ? undefined : new Float64Array(step * width);
  return (from) => {
    const known = kept?.get(from);
    if (known) return known;
    const rows = Math.min(step, matrix.rows - from);
    const data = buffer ? buffer.subarray(0, rows * width) : new Float64Array(rows * width);
    const squares = coordinates.load(
      matrix,
      { from, count: rows, factor: side === 'left' ? -2 : 1 },
      data,
      width,
    );
    for (let i = 0; side !== 'plain' && i < rows; i++) {
      const end = (i + 1) * width;
      data.set(side === 'left' ? [squares[i], 1] : [1, squares[i]], end - 2);
    }
    const block = { rows, columns: width, data };
    kept?.set(from, block);
    return block;
  };
}

/** Of a row −2x and a row y. */
function squaredDistance(x: Float64Array, i: number, y: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const difference = x[i + k] / -2 - y[j + k];
    sum += difference * difference;
  }
  return sum;
}

/** Reads rows in the coordinates that distances are taken in. */
function coordinatesOf({ samples, scaling }: Pairs) {
  const d = samples.columns;
  const center = centerOf(samples);
  const divisors = scaling.kind === 'diagonal' ? scaling.bandwidth : new Float64Array(d).fill(1);
  /** Writes rows times a factor; gives their squared lengths, without it. */
  const load = (
    { data }: Matrix,
    { from, count, factor }: { from: number; count: number; factor: number },
    target: Float64Array,
    stride: number,
  ) => {
    const squares = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const [source, start] = [(from + i) * d, i * stride];
      let square = 0;
      for (let k = 0; k < d; k++) {
        const value = (data[source + k] - center[k]) / divisors[k];
        square += value * value;
        target[start + k] = value * factor;
      }
      squares[i] = square;
    }
    return squares;
  };
  const row = new Float64Array(d);
  const largestSquare = (matrix: Matrix) => {
    let largest = 0;
    for (let i = 0; i < matrix.rows; i++) {
      largest = Math.max(largest, load(matrix, { from: i, count: 1, factor: 1 }, row, d)[0]);
    }
    return largest;
  };
  return { load, largestSquare };
}

/** About the mean: float32, so that taking it from float32 values is exact, and ties of distances stay ties. */
function centerOf({ rows: n, columns: d, data }: Matrix): Float64Array {
  const center = new Float64Array(d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) center[k] += data[i * d + k] / n;
  return center.map(Math.fround);
}

function chebyshevDistances(a: Matrix, b: Matrix): Float64Array {
  const d = a.columns;
  const distances = new Float64Array(a.rows * b.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.rows; j++) {
      let largest = 0;
      for (let k = 0; k < d; k++) {
        const difference = Math.abs(a.data[i * d + k] - b.data[j * d + k]);
        if (difference > largest) largest = difference;
      }
      distances[i * b.rows + j] = 2 * largest;
    }
  }
  return distances;
}

interface Work {
  readonly kernels: Kernels;
  readonly a: Block;
  readonly b: Block;
  readonly c: Float64Array;
}

let work: Work | undefined;

/** Kept: a memory of its own for every call would be address space by the gigabyte until it is collected. */
function openWork(): Work {
  if (work) return work;
  const { points, samples, depth } = LARGEST;
  const kernels = openKernels((points + samples) * depth + points * samples + 6);
  const a = block(kernels.allocate(points * depth), points, depth);
  const b = block(kernels.allocate(samples * depth), samples, depth);
  work = { kernels, a, b, c: kernels.allocate(points * samples) };
  return work;
}

function squaredDistances(a: Matrix, b: Matrix): Float64Array {
  const { kernels, a: left, b: right, c } = openWork();
  const distances = c.subarray(0, a.rows * b.rows).fill(0);
  for (let k = 0; k < a.columns; k += LARGEST.depth) {
    const columns = Math.min(LARGEST.depth, a.columns - k);
    copyColumns(a, { from: k, count: columns }, left);
    copyColumns(b, { from: k, count: columns }, right);
    kernels.squaredDistances({
      x: part(left, { rows: a.rows, columns }),
      y: part(right, { rows: b.rows, columns }),
      c: block(distances, a.rows, b.rows),
    });
  }
  return distances;
}

function copyColumns(from: Matrix, { from: first, count }: { from: number; count: number }, to: Block): void {
  for (let i = 0; i < from.rows; i++) {
    const start = i * from.columns + first;
    to.data.set(from.data.subarray(start, start + count), i * to.rowStride);
  }
}
