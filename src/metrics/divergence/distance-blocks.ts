import { block, part } from '../../math/kernels/block';
import { openKernels } from '../../math/kernels/open-kernels';
import type { Matrix } from '../../math/matrix';

const ROWS = 128;
const COLUMNS = 512;

export interface DistanceBlock {
  /** Of the first row and column. */
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  /** ‖aᵢ − bⱼ‖² at `(i − row) · stride + j − column`; overwritten by the next block. */
  readonly data: Float64Array;
  readonly stride: number;
}

/**
 * Squared Euclidean distances of all rows of a to all of b, block by block, row by row: what a block needs is
 * all that is kept. Differences are squared themselves, so equal rows are at 0 exactly.
 */
export function* distanceBlocks(a: Matrix, b: Matrix): Generator<DistanceBlock> {
  const d = a.columns;
  const kernels = openKernels((ROWS + COLUMNS) * d + ROWS * COLUMNS);
  const x = block(kernels.allocate(ROWS * d), ROWS, d);
  const y = block(kernels.allocate(COLUMNS * d), COLUMNS, d);
  const c = block(kernels.allocate(ROWS * COLUMNS), ROWS, COLUMNS);
  for (let row = 0; row < a.rows; row += ROWS) {
    const rows = Math.min(ROWS, a.rows - row);
    x.data.set(a.data.subarray(row * d, (row + rows) * d), x.offset);
    for (let column = 0; column < b.rows; column += COLUMNS) {
      const columns = Math.min(COLUMNS, b.rows - column);
      y.data.set(b.data.subarray(column * d, (column + columns) * d), y.offset);
      c.data.fill(0, c.offset, c.offset + ROWS * COLUMNS);
      kernels.squaredDistances({
        x: part(x, { rows }),
        y: part(y, { rows: columns }),
        c: part(c, { rows, columns }),
      });
      yield { row, column, rows, columns, data: c.data.subarray(c.offset), stride: COLUMNS };
    }
  }
}

/** Σᵢⱼ f(‖aᵢ − bⱼ‖²) over all pairs. */
export function sumOverPairs(a: Matrix, b: Matrix, f: (squared: number) => number): number {
  let total = 0;
  for (const { rows, columns, data, stride } of distanceBlocks(a, b)) {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += f(data[i * stride + j]);
      total += sum;
    }
  }
  return total;
}
