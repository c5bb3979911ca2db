import { type Block, block, part, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { tridiagonalInverseRoot, tridiagonalProduct } from './tridiagonal-roots';

/** Reflections that are applied at once. */
const PANEL = 64;

/**
 * A^½ and A^-½ of a positive semidefinite matrix, to about 1e-10 of their norms where A is well conditioned and
 * 1e-8 where it is singular: there A^-½ is a pseudo-inverse as far as what is multiplied with it lies in the
 * range of A. Some n³ · 9 operations, nearly all of them matrix products.
 *
 * @param a  n × n, rows contiguous; the upper triangle is read, and all of it destroyed. Room for
 *           4 n² + 70 n + 5000 doubles more is needed
 */
export function symmetricRoots(kernels: Kernels, a: Block): { root: Block; inverseRoot: Block } {
  const n = a.rows;
  const [root, inverseRoot] = [0, 1].map(() => block(kernels.allocate(n * n), n, n));
  const { d, e } = kernels.dsytrd({ a });
  const values = kernels.allocate(n);
  const beside = kernels.allocate(n);
  values.set(d);
  beside.set(e);
  kernels.dsterf({ d: values, e: beside.subarray(0, n - 1) });
  const tridiagonal = {
    d,
    e,
    least: values.reduce((x, y) => Math.min(x, y)),
    most: values.reduce((x, y) => Math.max(x, y)),
  };
  tridiagonalInverseRoot(tridiagonal, inverseRoot);
  tridiagonalProduct(tridiagonal, inverseRoot, root);

  const reflections = openReflections(kernels, a, e);
  for (const x of [root, inverseRoot]) {
    // Q X, then Q (Q X)ᵀ = Q X Qᵀ, as X is symmetric.
    reflections(x);
    transpose(x);
    reflections(x);
  }
  return { root, inverseRoot };
}

/**
 * Q of A = Q T Qᵀ, as {@link Kernels.dsytrd} leaves it: row k of `a` holds the vector that reflection k took to
 * e[k]. Returns what replaces an x by Q x.
 *
 * @see Schreiber, Van Loan 1989, "A storage-efficient WY representation for products of Householder transformations"
 */
function openReflections(kernels: Kernels, a: Block, e: Float64Array): (x: Block) => void {
  const n = a.rows;
  const taus = Float64Array.from({ length: Math.max(0, n - 1) }, (_, k) => normalize(a, k, e[k]));
  const [products, factored] = [0, 1].map(() => block(kernels.allocate(PANEL * n), PANEL, n));
  const t = block(kernels.allocate(PANEL * PANEL), PANEL, PANEL);
  return (x) => {
    const panels = Math.ceil((n - 1) / PANEL);
    for (let panel = panels - 1; panel >= 0; panel--) {
      const row = panel * PANEL;
      const rows = Math.min(PANEL, n - 1 - row);
      const v = part(a, { row, column: row + 1, rows });
      const [y, z] = [products, factored].map((each) => part(each, { rows }));
      triangularFactor(kernels, { v, taus: taus.subarray(row, row + rows), t, work: y });
      y.data.fill(0);
      z.data.fill(0);
      const rest = part(x, { row: row + 1 });
      kernels.dgemm({ a: v, b: rest, c: y });
      kernels.dgemm({ a: part(t, { rows, columns: rows }), b: y, c: z });
      kernels.dgemm({ alpha: -1, a: transposed(v), b: z, c: rest });
    }
  };
}

/** Turns row k of `a` into the vector v of reflection I − τ v vᵀ, zeros before it; returns τ. */
function normalize(a: Block, k: number, beta: number): number {
  const row = a.data.subarray(a.offset + k * a.rowStride, a.offset + k * a.rowStride + a.columns);
  const alpha = row[k + 1];
  row.fill(0, 0, k + 1);
  row[k + 1] = 1;
  if (alpha === beta) {
    row.fill(0, k + 2);
    return 0;
  }
  for (let j = k + 2; j < row.length; j++) row[j] /= alpha - beta;
  return (beta - alpha) / beta;
}

/** The upper triangular t of H₁ … H_m = I − Vᵀ t V, rows of v being the vectors. */
function triangularFactor(
  kernels: Kernels,
  { v, taus, t, work }: { v: Block; taus: Float64Array; t: Block; work: Block },
): void {
  const m = v.rows;
  const inner = block(work.data.fill(0, 0, m * m), m, m);
  kernels.dgemm({ a: v, b: transposed(v), c: inner });
  t.data.fill(0);
  for (let j = 0; j < m; j++) {
    t.data[j * PANEL + j] = taus[j];
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let l = i; l < j; l++) sum += t.data[i * PANEL + l] * inner.data[l * m + j];
      t.data[i * PANEL + j] = -taus[j] * sum;
    }
  }
}

function transpose({ data, rows: n }: Block): void {
  for (let i = 1; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = data[i * n + j];
      data[i * n + j] = data[j * n + i];
      data[j * n + i] = value;
    }
  }
}
