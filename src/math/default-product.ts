import type { Product } from './computation';
import { type Block, block, part, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { openKernels } from './kernels/open-kernels';
import type { Matrix } from './matrix';

/** A step: so many rows of a, of b, and so many columns of both, lie beside the kernels at once. */
const STEP = { a: 512, b: 1024, depth: 1024 };

/**
 * a · bᵀ by the kernels of this package, on one thread: float32 where both operands are, else float64. Beside
 * the result it needs 25 MB, once and for all, whatever the sizes.
 */
export const defaultProduct: Product = ({ a, b }) => {
  const single = a.data instanceof Float32Array && b.data instanceof Float32Array;
  return single
    ? multiply(a as Matrix<Float32Array>, b as Matrix<Float32Array>, {
        work: singleWork(),
        result: new Float32Array(a.rows * b.rows),
        gemm: (operands) => open().sgemm(operands),
      })
    : multiply(a, b, {
        work: doubleWork(),
        result: new Float64Array(a.rows * b.rows),
        gemm: (operands) => open().dgemm(operands),
      });
};

interface Work<Data extends Float32Array | Float64Array> {
  readonly a: Block<Data>;
  readonly b: Block<Data>;
  readonly c: Block<Data>;
}

function multiply<Data extends Float32Array | Float64Array>(
  a: Matrix,
  b: Matrix,
  { work, result, gemm }: { work: Work<Data>; result: Data; gemm: (operands: Work<Data>) => void },
): Matrix<Data> {
  for (let j = 0; j < b.rows; j += STEP.b) {
    for (let i = 0; i < a.rows; i += STEP.a) {
      const rows = Math.min(STEP.a, a.rows - i);
      const columns = Math.min(STEP.b, b.rows - j);
      const c = part(work.c, { rows, columns });
      work.c.data.fill(0, c.offset, c.offset + rows * STEP.b);
      for (let k = 0; k < a.columns; k += STEP.depth) {
        const depth = Math.min(STEP.depth, a.columns - k);
        const left = part(work.a, { rows, columns: depth });
        const right = part(work.b, { rows: columns, columns: depth });
        copyIn(left, a, { row: i, column: k });
        copyIn(right, b, { row: j, column: k });
        gemm({ a: left, b: transposed(right), c });
      }
      for (let r = 0; r < rows; r++) {
        const from = c.offset + r * c.rowStride;
        result.set(c.data.subarray(from, from + columns), (i + r) * b.rows + j);
      }
    }
  }
  return { rows: a.rows, columns: b.rows, data: result };
}

function copyIn(
  to: Block<Float32Array | Float64Array>,
  from: Matrix,
  { row, column }: { row: number; column: number },
): void {
  for (let r = 0; r < to.rows; r++) {
    const start = (row + r) * from.columns + column;
    to.data.set(from.data.subarray(start, start + to.columns), to.offset + r * to.rowStride);
  }
}

let kernels: Kernels | undefined;
let singles: Work<Float32Array> | undefined;
let doubles: Work<Float64Array> | undefined;

const LENGTHS = [STEP.a * STEP.depth, STEP.b * STEP.depth, STEP.a * STEP.b] as const;

/** Kept: a memory of its own for every product would be address space by the gigabyte until it is collected. */
function open(): Kernels {
  // Half as much again: singles take half the room of doubles.
  kernels ??= openKernels(Math.ceil(1.5 * LENGTHS.reduce((sum, length) => sum + length)));
  return kernels;
}

function singleWork(): Work<Float32Array> {
  singles ??= workOf((length) => open().allocateSingle(length));
  return singles;
}

function doubleWork(): Work<Float64Array> {
  doubles ??= workOf((length) => open().allocate(length));
  return doubles;
}

function workOf<Data extends Float32Array | Float64Array>(allocate: (length: number) => Data): Work<Data> {
  const [a, b, c] = LENGTHS.map(allocate);
  return {
    a: block(a, STEP.a, STEP.depth),
    b: block(b, STEP.b, STEP.depth),
    c: block(c, STEP.a, STEP.b),
  };
}
