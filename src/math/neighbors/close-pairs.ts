import type { Computation } from '../computation';
import type { Matrix } from '../matrix';
import { openWork, type PointSet, type Precision, type Space } from './space';

/**
 * A pair that may be as close as one of its limits: its squared distance is in [lower, upper], ends included,
 * as far as the product shows.
 */
export type Visit = (i: number, j: number, lower: number, upper: number) => void;

/** Limits are read anew for every pair, so visits may lower them. */
export interface PairSearch {
  readonly rows: { readonly points: PointSet; readonly limits: Float64Array };
  /** The same object as `rows` for the pairs i < j of one set. */
  readonly columns: { readonly points: PointSet; readonly limits: Float64Array };
  readonly visit: Visit;
}

/** Columns of one product: 256 × 1024 results keep an engine busy and stay in cache. */
const COLUMNS = 1024;

/** Where more than one pair in eight was decided one by one, products in double precision are cheaper. */
const OPEN_SHARE = 1 / 8;

/**
 * Visits every pair of points whose squared distance is not above the limit of its row or that of its column,
 * and few others: |x|² + |y|² − 2xy by matrix products of blocks, never an n × m matrix. Every column sees its
 * rows, and every row its columns, in ascending order. Which engine makes the products decides nothing: see
 * {@link bounds}.
 */
export function* closePairs(space: Space, { rows, columns, visit }: PairSearch): Computation<void> {
  const symmetric = rows === columns;
  const [x, y] = [rows.points, columns.points];
  const [height, width] = [Math.min(x.step, x.size), Math.min(COLUMNS, y.size)];
  const open = (precision: Precision) => ({
    a: openWork(precision, height * x.columns),
    b: openWork(precision, width * x.columns),
    rows: bounds(x, precision),
    columns: bounds(y, precision),
  });
  let single = x.columns < 2 ** 20;
  let block = open(single ? 'single' : 'double');
  for (let i = 0; i < x.size; i += height) {
    const count = Math.min(height, x.size - i);
    let a: Matrix | undefined;
    for (let j = symmetric ? i : 0; j < y.size; j += width) {
      const b = y.rows(j, Math.min(width, y.size - j), block.b);
      a ??= x.rows(i, count, block.a);
      const product = yield { a, b };
      const before = space.decisions;
      scan(product, {
        rows: { first: i, limits: rows.limits, ...block.rows },
        columns: { first: j, limits: columns.limits, ...block.columns },
        symmetric,
        visit,
      });
      if (!single || space.decisions - before <= product.data.length * OPEN_SHARE) continue;
      single = false;
      block = open('double');
      a = undefined;
    }
  }
}

interface Side {
  /** Index of the first point in this block. */
  readonly first: number;
  readonly limits: Float64Array;
  readonly low: Float64Array;
  readonly slack: Float64Array;
}

interface Scan {
  readonly rows: Side;
  readonly columns: Side;
  readonly symmetric: boolean;
  readonly visit: Visit;
}

function scan(product: Matrix, { rows, columns, symmetric, visit }: Scan): void {
  const { data } = product;
  const { first, limits, low: columnLow } = columns;
  const end = first + product.columns;
  for (let r = 0; r < product.rows; r++) {
    const i = rows.first + r;
    const low = rows.low[i];
    let limit = rows.limits[i];
    const start = symmetric ? Math.max(first, i + 1) : first;
    let at = r * product.columns + start - first;
    for (let j = start; j < end; j++, at++) {
      const lower = low + columnLow[j] - 2 * data[at];
      if (lower <= limit || lower <= limits[j]) {
        visit(i, j, lower, lower + rows.slack[i] + columns.slack[j]);
        limit = rows.limits[i];
      }
    }
  }
}

/**
 * How far |x|² + |y|² − 2xy, of rows rounded to the precision, is from the squared distance of the given rows
 * at most. Both errors are bounded by a multiple of |x|² + |y|², so every point has a share of its own: the
 * squared distance lies within [low(x) + low(y) − 2xy, the same + slack(x) + slack(y)].
 *
 * A sum of d products of numbers with unit roundoff u, in any order, fused or not, is off by at most
 * γ|x||y| ≤ γ(|x|² + |y|²)/2 with γ = du/(1 − du); rounding the rows themselves moves the squared distance by at
 * most about 2u(|x| + |y|)² ≤ 4u(|x|² + |y|²).
 *
 * @see Higham 2002, Accuracy and Stability of Numerical Algorithms, section 3.1
 */
function bounds({ columns: d, norms }: PointSet, precision: Precision) {
  const u = precision === 'single' ? 2 ** -24 : 2 ** -53;
  const gamma = ((d + 4) * u) / (1 - (d + 4) * u);
  const share = 1.01 * (gamma + 4 * u) + (8 * d + 64) * 2 ** -53;
  // What is lost where products underflow, to engines that flush to zero too.
  const underflow = (d + 8) * 2 ** -120;
  const squares = norms(precision);
  return {
    low: squares.map((square) => square * (1 - share) - underflow),
    slack: squares.map((square) => 2 * (square * share + underflow)),
  };
}
