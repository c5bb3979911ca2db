import type { Matrix } from '../math/matrix';

/** Where products of one row x with rows y stand, and what a kernel needs of both beside them. */
export interface RowOfProducts {
  readonly start: number;
  readonly count: number;
  /** Of x. */
  readonly offset: number;
  /** Of y, from `first` on. */
  readonly offsets: Float64Array;
  readonly first: number;
}

/** into[t] = k(x, y_{first + t}) for t < count, of the products that begin at `products[start]`. */
export type ApplyKernel = (into: Float64Array, products: Matrix['data'], where: RowOfProducts) => void;

/** Products of rows x with rows y, n × m, and the offsets of both. */
export interface BlockOfProducts {
  readonly products: Matrix['data'];
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** What the sums of a block are added to: rows[i] += Σⱼ k(xᵢ, yⱼ), columns[j] += Σᵢ k(xᵢ, yⱼ). */
export interface BlockSums {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
}

/** Adds the sums of a block, and returns Σ k(xᵢ, yⱼ)². */
export type SumBlock = (block: BlockOfProducts, sums: BlockSums) => number;

/** Row by row, for any kernel. */
export function sumRows(apply: ApplyKernel): SumBlock {
  return (block, sums) => sumRowsFrom(0, apply, [block, sums]);
}

function sumRowsFrom(
  row: number,
  apply: ApplyKernel,
  [{ products, x, y }, { rows, columns }]: readonly [BlockOfProducts, BlockSums],
): number {
  const count = y.length;
  const values = new Float64Array(count);
  let squares = 0;
  for (let i = row; i < x.length; i++) {
    apply(values, products, { start: i * count, count, offset: x[i], offsets: y, first: 0 });
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const value = values[j];
      sum += value;
      squares += value * value;
      columns[j] += value;
    }
    rows[i] += sum;
  }
  return squares;
}

/**
 * {@link sumRows} of (γ xᵀy + c)³ − c³, which `apply` makes one by one: four rows at a time, each value used where
 * it is made, in half the time.
 */
export function sumCubes({ gamma, coef0 }: { gamma: number; coef0: number }, apply: ApplyKernel): SumBlock {
  const [a, b] = [3 * coef0, 3 * coef0 * coef0];
  return (block, { rows, columns }) => {
    const { products, x, y } = block;
    const m = y.length;
    const whole = x.length - (x.length % 4);
    let squares = 0;
    for (let i = 0; i < whole; i += 4) {
      const [p0, p1, p2, p3] = [i * m, (i + 1) * m, (i + 2) * m, (i + 3) * m];
      const [x0, x1, x2, x3] = [x[i], x[i + 1], x[i + 2], x[i + 3]];
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      let [q0, q1, q2, q3] = [0, 0, 0, 0];
      for (let j = 0; j < m; j++) {
        const offset = y[j];
        const z0 = gamma * (products[p0 + j] + x0 + offset);
        const z1 = gamma * (products[p1 + j] + x1 + offset);
        const z2 = gamma * (products[p2 + j] + x2 + offset);
        const z3 = gamma * (products[p3 + j] + x3 + offset);
        const k0 = ((z0 + a) * z0 + b) * z0;
        const k1 = ((z1 + a) * z1 + b) * z1;
        const k2 = ((z2 + a) * z2 + b) * z2;
        const k3 = ((z3 + a) * z3 + b) * z3;
        s0 += k0;
        s1 += k1;
        s2 += k2;
        s3 += k3;
        q0 += k0 * k0;
        q1 += k1 * k1;
        q2 += k2 * k2;
        q3 += k3 * k3;
        columns[j] += k0 + k1 + (k2 + k3);
      }
      rows[i] += s0;
      rows[i + 1] += s1;
      rows[i + 2] += s2;
      rows[i + 3] += s3;
      squares += q0 + q1 + (q2 + q3);
    }
    return squares + sumRowsFrom(whole, apply, [block, { rows, columns }]);
  };
}
