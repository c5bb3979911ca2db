import type { Computation } from '../math/computation';
import { type BlockVisitor, type GramSets, type RowVisitor, visitBlocks, visitRows } from './mmd-gram';
import type { KernelEvaluation } from './mmd-kernel';

/** Sums of kernel values within one set. */
export interface WithinSums {
  /** rows[i] = Σ_{j ≠ i} k(xᵢ, xⱼ) */
  readonly rows: Float64Array;
  /** Σ_{i ≠ j} k(xᵢ, xⱼ)² */
  squares: number;
  /** Σᵢ k(xᵢ, xᵢ) */
  diagonal: number;
}

/** Sums of kernel values between two sets. */
export interface BetweenSums {
  /** rows[i] = Σⱼ k(xᵢ, yⱼ) */
  readonly rows: Float64Array;
  /** columns[j] = Σᵢ k(xᵢ, yⱼ) */
  readonly columns: Float64Array;
  /** Σ k(xᵢ, yⱼ)² */
  squares: number;
}

/** All that a discrepancy and its variance need of the kernel values of n rows x and m rows y. */
export interface GramSums {
  readonly xx: WithinSums;
  readonly yy: WithinSums;
  readonly xy: BetweenSums;
}

export function createSums(n: number, m: number): GramSums {
  const within = (rows: number): WithinSums => ({ rows: new Float64Array(rows), squares: 0, diagonal: 0 });
  const xy: BetweenSums = { rows: new Float64Array(n), columns: new Float64Array(m), squares: 0 };
  return { xx: within(n), yy: within(m), xy };
}

/** One pass over the kernel values of two sets. */
export function* sumGram(sets: GramSets, kernel: KernelEvaluation): Computation<GramSums> {
  const sums = createSums(sets.x.indices.length, sets.y.indices.length);
  yield* visitBlocks(sets, kernel, {
    xx: addWithin(sums.xx, kernel),
    yy: addWithin(sums.yy, kernel),
    xy: ({ x, y, products }) => {
      const rows = sums.xy.rows.subarray(x.start);
      const columns = sums.xy.columns.subarray(y.start);
      sums.xy.squares += kernel.sum({ products, x: x.offsets, y: y.offsets }, { rows, columns });
    },
  });
  return sums;
}

function addWithin(sums: WithinSums, kernel: KernelEvaluation): BlockVisitor {
  const addTriangle = visitRows(kernel, addUpper(sums));
  return (block) => {
    if (block.upper) return addTriangle(block);
    const { x, y, products } = block;
    const [rows, columns] = [sums.rows.subarray(x.start), sums.rows.subarray(y.start)];
    sums.squares += 2 * kernel.sum({ products, x: x.offsets, y: y.offsets }, { rows, columns });
  };
}

/** Of rows that begin with the value of a row with itself. */
function addUpper(sums: WithinSums): RowVisitor {
  const { rows } = sums;
  return (i, first, values, count) => {
    sums.diagonal += values[0];
    let sum = 0;
    let squares = 0;
    for (let t = 1; t < count; t++) {
      const value = values[t];
      sum += value;
      squares += value * value;
      rows[first + t] += value;
    }
    rows[i] += sum;
    sums.squares += 2 * squares;
  };
}

/** Squared MMD without the pairs of a row with itself: its expectation is the squared MMD of the distributions. */
export function unbiasedMmd({ xx, yy, xy }: GramSums): number {
  const [n, m] = [xx.rows.length, yy.rows.length];
  return total(xx.rows) / (n * (n - 1)) + total(yy.rows) / (m * (m - 1)) - (2 * total(xy.rows)) / (n * m);
}

/** Squared MMD of the two empirical distributions: at least 0, and too large by O(1/n). */
export function biasedMmd({ xx, yy, xy }: GramSums): number {
  const [n, m] = [xx.rows.length, yy.rows.length];
  const within = (total(xx.rows) + xx.diagonal) / n ** 2 + (total(yy.rows) + yy.diagonal) / m ** 2;
  return within - (2 * total(xy.rows)) / (n * m);
}

export function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
