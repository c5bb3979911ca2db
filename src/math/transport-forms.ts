import { factorCovariance } from './factors';
import { type Block, block, part, transposed } from './kernels/block';
import type { Kernels } from './kernels/kernels';
import { openKernels } from './kernels/open-kernels';
import type { Matrix } from './matrix';
import { powerOfTwoOf } from './nuclear-norm';
import { symmetricRoots } from './symmetric-roots';

/** One of two sets of samples, or what is known of it. */
export interface TransportSide {
  /** d values */
  readonly mu: Float64Array;
  /** d × d; not needed where there are features of no more samples than dimensions */
  readonly sigma?: Matrix;
  /** n × d; absent where the set is known by its statistics only */
  readonly features?: Matrix;
  /** What an error calls the covariance. */
  readonly name: string;
}

/** Samples that are worked on at once. */
const ROWS = 256;
/** Columns of a triangular product that are made at once, and of a triangular solution. */
const PANEL = 256;
const SOLVED = 32;

/**
 * How the root in the Fréchet distance feels each sample: xᵀ T x for the samples x of a set, less their mean,
 * where T is the optimal transport map from the set's Gaussian to the other's. Averaged over the samples of
 * either side this is tr((Σ_a Σ_b)^½), to the ddof.
 *
 * One side's covariance is factored, Σ_a = FᵀF, and with the roots of M = F Σ_b Fᵀ alone, T_{b→a} = Fᵀ M^-½ F
 * and T_{a→b} = F⁻¹ M^½ F⁻ᵀ: two congruent forms, in M's dimensions, of y = F x and of the solution of x = Fᵀ y.
 * With no more samples than dimensions the samples themselves are the factor, and y a unit vector.
 *
 * @returns a form a sample, of the sides that have features
 * @throws NOT_COVARIANCE where the covariance that is factored is not positive semidefinite
 * @see Dowson, Landau 1982; Peyré, Cuturi 2019, "Computational Optimal Transport", remark 2.31
 */
export function transportForms(a: TransportSide, b: TransportSide): Forms {
  if (isFactor(b) && (!isFactor(a) || b.features.rows < a.features.rows)) {
    const [y, x] = formsOfFactored(b, a);
    return [x, y];
  }
  return formsOfFactored(a, b);
}

type Forms = [Float64Array | undefined, Float64Array | undefined];

/** Whether the samples are the smaller factor of their covariance. */
function isFactor(side: TransportSide): side is SampledSide {
  return isSampled(side) && side.features.rows <= side.mu.length;
}

function isSampled(side: TransportSide): side is SampledSide {
  return side.features !== undefined;
}

type SampledSide = TransportSide & { readonly features: Matrix };

function formsOfFactored(x: TransportSide, y: TransportSide): Forms {
  const d = x.mu.length;
  const [k, inner] = [x, y].map((side) => (isFactor(side) ? side.features.rows : d));
  const kernels = openKernels(
    k * d + inner * (d + k) + 4 * k * k + ROWS * (d + 2 * k) + 140 * (k + d) + 10_000,
  );
  const scales = [x, y].map(lengthScale);
  const factor = factorOf(kernels, x, scales[0]);
  const { root, inverseRoot } = symmetricRoots(kernels, inTermsOf(kernels, factor, { y, scale: scales[1] }));
  const rows = openRows(kernels, factor);
  const times = (forms: Float64Array) => forms.map((form) => form * scales[0] * scales[1]);

  const own = isFactor(x) ? diagonalForms(root) : isSampled(x) && rows.solved(x, scales[0], root);
  const other = isSampled(y) && rows.projected(y, scales[1], inverseRoot);
  return [own || undefined, other || undefined].map((each) => each && times(each)) as Forms;
}

/** Σ[order, order] = FᵀF. */
interface Factor {
  /** rank × d */
  readonly f: Block;
  readonly order: Int32Array;
  /** Whether F is zero below the diagonal. */
  readonly upper: boolean;
}

function factorOf(kernels: Kernels, side: TransportSide, scale: number): Factor {
  const d = side.mu.length;
  const order = Int32Array.from({ length: d }, (_, j) => j);
  if (isFactor(side)) {
    return { f: centeredFactor(kernels, side, { scale, order }), order, upper: false };
  }
  const factored = factorCovariance(kernels, { sigma: side.sigma!, name: side.name });
  for (let i = 0; i < factored.u.data.length; i++) factored.u.data[i] /= scale;
  return { f: part(factored.u, { rows: factored.rank }), order: factored.order, upper: true };
}

/** The centered samples over √(n − 1). */
function centeredFactor(
  kernels: Kernels,
  side: SampledSide,
  { scale, order }: { scale: number; order: Int32Array },
): Block {
  const { rows: n, columns: d } = side.features;
  const f = block(kernels.allocate(n * d), n, d);
  loadCentered(side, { from: 0, order, scale: scale * Math.sqrt(n - 1), to: f });
  return f;
}

/** The upper triangle of F Σ_y Fᵀ. */
function inTermsOf(
  kernels: Kernels,
  { f, order }: Factor,
  { y, scale }: { y: TransportSide; scale: number },
): Block {
  const [k, d] = [f.rows, f.columns];
  const m = block(kernels.allocate(k * k), k, k);
  if (isFactor(y)) {
    const samples = centeredFactor(kernels, y, { scale, order });
    const product = block(kernels.allocate(k * samples.rows), k, samples.rows);
    kernels.dgemm({ a: f, b: transposed(samples), c: product });
    kernels.dsyrk({ a: product, c: m });
    return m;
  }
  const sigma = block(kernels.allocate(d * d), d, d);
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      sigma.data[i * d + j] = y.sigma!.data[order[i] * d + order[j]] / scale / scale;
    }
  }
  const product = block(kernels.allocate(k * d), k, d);
  kernels.dgemm({ a: f, b: sigma, c: product });
  kernels.dgemmt({ a: product, b: transposed(f), c: m });
  return m;
}

/** Of samples that are the factor, y is √(n − 1) times a unit vector. */
function diagonalForms({ rows: n, data }: Block): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => (n - 1) * data[i * (n + 1)]);
}

/** The forms yᵀ S y of samples, block by block: of y = F x, or of the y of x = Fᵀ y. */
function openRows(kernels: Kernels, { f, order, upper }: Factor) {
  const [k, d] = [f.rows, f.columns];
  const samples = block(kernels.allocate(ROWS * d), ROWS, d);
  const [coordinates, products] = [0, 1].map(() => block(kernels.allocate(ROWS * k), ROWS, k));
  const forms = (side: SampledSide, scale: number, s: Block, coordinatesOf: (x: Block) => Block) => {
    const n = side.features.rows;
    const values = new Float64Array(n);
    halveDiagonal(s);
    for (let from = 0; from < n; from += ROWS) {
      const x = part(samples, { rows: Math.min(ROWS, n - from) });
      loadCentered(side, { from, order, scale, to: x });
      addForms(kernels, { y: coordinatesOf(x), s, products }, values.subarray(from));
    }
    return values;
  };
  const project = (x: Block) => {
    const y = part(coordinates, { rows: x.rows });
    y.data.fill(0);
    for (let j = 0; j < k; j += PANEL) {
      const columns = Math.min(PANEL, k - j);
      const column = upper ? j : 0;
      const b = transposed(part(f, { row: j, column, rows: columns }));
      kernels.dgemm({ a: part(x, { column }), b, c: part(y, { column: j, columns }) });
    }
    return y;
  };
  const solve = (x: Block) => {
    const y = part(x, { columns: k });
    solveUpper(kernels, f, y);
    return y;
  };
  return {
    projected: (side: SampledSide, scale: number, s: Block) => forms(side, scale, s, project),
    solved: (side: SampledSide, scale: number, s: Block) => forms(side, scale, s, solve),
  };
}

function halveDiagonal(s: Block): void {
  for (let i = 0; i < s.rows; i++) s.data[i * (s.columns + 1)] /= 2;
}

/** forms[i] = yᵢᵀ S yᵢ, from the upper triangle of S with half its diagonal: half the work. */
function addForms(
  kernels: Kernels,
  { y, s, products }: { y: Block; s: Block; products: Block },
  forms: Float64Array,
): void {
  const k = s.rows;
  const p = part(products, { rows: y.rows });
  p.data.fill(0);
  for (let column = 0; column < k; column += PANEL) {
    const columns = Math.min(PANEL, k - column);
    const rows = column + columns;
    // What lies below the diagonal of this panel's corner must not count.
    for (let i = column; i < rows; i++) s.data.fill(0, i * k + column, i * k + i);
    const c = part(p, { column, columns });
    kernels.dgemm({ a: part(y, { columns: rows }), b: part(s, { column, rows, columns }), c });
  }
  for (let i = 0; i < y.rows; i++) {
    const [at, to] = [y.offset + i * y.rowStride, p.offset + i * p.rowStride];
    let sum = 0;
    for (let j = 0; j < k; j++) sum += p.data[to + j] * y.data[at + j];
    forms[i] = 2 * sum;
  }
}

/** Replaces the rows x of a block by the y of x = Uᵀ y, of which U's first columns are all that is needed. */
function solveUpper(kernels: Kernels, u: Block, x: Block): void {
  for (let column = 0; column < u.rows; column += SOLVED) {
    const end = Math.min(column + SOLVED, u.rows);
    const c = part(x, { column, columns: end - column });
    const b = part(u, { column, rows: column, columns: end - column });
    if (column > 0) kernels.dgemm({ alpha: -1, a: part(x, { columns: column }), b, c });
    for (let i = 0; i < x.rows; i++) {
      const row = x.offset + i * x.rowStride;
      for (let j = column; j < end; j++) {
        let value = x.data[row + j];
        for (let l = column; l < j; l++) value -= x.data[row + l] * u.data[u.offset + l * u.rowStride + j];
        x.data[row + j] = value / u.data[u.offset + j * u.rowStride + j];
      }
    }
  }
}

/** Rows from `from` on, less the mean and over `scale`, their columns in this order. */
function loadCentered(
  { features, mu }: TransportSide,
  { from, order, scale, to }: { from: number; order: Int32Array; scale: number; to: Block },
): void {
  const d = mu.length;
  for (let i = 0; i < to.rows; i++) {
    for (let j = 0; j < d; j++) {
      const column = order[j];
      to.data[to.offset + i * to.rowStride + j] =
        (features!.data[(from + i) * d + column] - mu[column]) / scale;
    }
  }
}

/** A power of two of the size of what the samples stray: products of products stay in range. */
function lengthScale({ sigma, features, mu }: TransportSide): number {
  if (sigma) return 2 ** Math.round(Math.log2(powerOfTwoOf(sigma.data)) / 2);
  return powerOfTwoOf(features!.data.map((value, i) => value - mu[i % mu.length]));
}
