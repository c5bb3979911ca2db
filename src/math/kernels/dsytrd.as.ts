/** Tridiagonalization by blocked Householder reflections. The plain twin: dsytrd.ts. */
import { accumulate, PRODUCT, UPPER_TILES } from './dgemm.as';
import { argumentsOf, resultOf, run } from './tasks.as';
import { addCombination, dot, dotProducts, scale } from './vectors.as';

const PANEL: i32 = 32;
/** A product with a vector is cut into so many parts at most, each of so many quadruples of rows squared. */
const PARTS: i32 = 8;
const PART_AREA: i32 = 16_384;

/** Bytes of work for n rows: the matrix by tiles, V, W and V again, the parts of a product, and two vectors. */
export function dsytrdWork(n: i32): usize {
  const width: usize = (n + 3) & ~3;
  return width * (width + 3 * PANEL + PARTS + 1) * 8 + PANEL * 8;
}

/**
 * @param a     n × n, the upper triangle of rows `stride` elements apart; row k comes to hold what reflection k took
 *              to e[k], beside the diagonal
 * @param d     n doubles: the diagonal of the tridiagonal matrix
 * @param e     n doubles: beside the diagonal, n − 1 of them
 * @param work  what dsytrdWork says
 */
export function dsytrd(n: i32, a: usize, stride: i32, d: usize, e: usize, work: usize): void {
  const width = (n + 3) & ~3;
  const vectors = work + ((<usize>width * width) << 3);
  storeByTiles(n, a, (<usize>stride) << 3, width, work);
  memory.fill(vectors, 0, (<usize>PANEL * 3 * width) << 3);
  for (let j0 = 0; j0 < n; j0 += PANEL) {
    const end = min(n, j0 + PANEL);
    reducePanel(j0, end, n, a, (<usize>stride) << 3, width, work, vectors, d, e);
    if (end === n) return;
    // A −= V Wᵀ + W Vᵀ as one product of depth 2 · PANEL, [V W] times [W V].
    const bytes = (<usize>PANEL * width) << 3;
    memory.copy(vectors + 2 * bytes, vectors, bytes);
    const left = vectors + ((<usize>end) << 3);
    const rest = width - end;
    const to = tileAt(work, width, end, end);
    accumulate(
      PRODUCT,
      UPPER_TILES,
      rest,
      rest,
      2 * PANEL,
      -1,
      left,
      1,
      width,
      left + bytes,
      width,
      1,
      to,
      width,
    );
  }
}

/**
 * Four rows together, two columns at a time: what the product with a vector reads is one stream then, and what
 * the update writes is one piece. Tiles on the diagonal are whole; beyond n there are zeros.
 */
function storeByTiles(n: i32, a: usize, row: usize, width: i32, to: usize): void {
  for (let i = 0; i < width; i++) {
    for (let j = i & ~3; j < width; j++) {
      const at = i <= j ? a + <usize>i * row + ((<usize>j) << 3) : a + <usize>j * row + ((<usize>i) << 3);
      store<f64>(tileAt(to, width, i, j), i < n && j < n ? load<f64>(at) : 0);
    }
  }
}

function tileAt(tiles: usize, width: i32, i: i32, j: i32): usize {
  return (
    tiles + ((<usize>(i >> 2) * width) << 5) + ((<usize>(j >> 1)) << 6) + ((i & 3) << 4) + ((j & 1) << 3)
  );
}

function reducePanel(
  j0: i32,
  end: i32,
  n: i32,
  a: usize,
  stride: usize,
  width: i32,
  tiles: usize,
  vectorsV: usize,
  d: usize,
  e: usize,
): void {
  const vectorsW = vectorsV + ((<usize>PANEL * width) << 3);
  const parts = vectorsV + ((<usize>PANEL * 3 * width) << 3);
  const row = parts + ((<usize>PARTS * width) << 3);
  const coefficients = row + ((<usize>width) << 3);
  for (let k = j0; k < end; k++) {
    const i = k - j0;
    const rest = n - k - 1;
    // Row k as the reflections of this panel so far leave it.
    for (let j = k & ~1; j < width; j += 2) {
      v128.store(row + (j << 3), v128.load(tileAt(tiles, width, k, j)));
    }
    const diagonal = row + (k << 3);
    addCombination(i, rest + 1, -1, vectorsV + (k << 3), width, vectorsW + (k << 3), width, diagonal);
    addCombination(i, rest + 1, -1, vectorsW + (k << 3), width, vectorsV + (k << 3), width, diagonal);
    store<f64>(d + (k << 3), load<f64>(diagonal));
    memory.copy(a + <usize>k * stride + (k << 3), diagonal, (<usize>(rest + 1)) << 3);
    if (rest === 0) return;

    const wholeV = vectorsV + ((<usize>i * width) << 3);
    const wholeW = vectorsW + ((<usize>i * width) << 3);
    const v = wholeV + ((k + 1) << 3);
    const w = wholeW + ((k + 1) << 3);
    memory.copy(v, diagonal + 8, (<usize>rest) << 3);
    const tau = reflect(rest, v, e + (k << 3));
    // The product begins with whole tiles, in which rows up to k have no part.
    for (let j = (k + 1) & ~3; j <= k; j++) store<f64>(wholeV + (j << 3), 0);
    symmetricProduct((k + 1) >> 2, width, tiles, wholeV, wholeW, parts);
    const panelV = vectorsV + ((k + 1) << 3);
    const panelW = vectorsW + ((k + 1) << 3);
    dotProducts(i, rest, panelW, width, v, coefficients);
    addCombination(i, rest, -1, coefficients, 1, panelV, width, w);
    dotProducts(i, rest, panelV, width, v, coefficients);
    addCombination(i, rest, -1, coefficients, 1, panelW, width, w);
    scale(rest, tau, w);
    store<f64>(coefficients, dot(rest, w, v));
    addCombination(1, rest, -0.5 * tau, coefficients, 1, v, width, w);
  }
}

@unmanaged
class SymmetricProduct {
  first: i32;
  parts: i32;
  width: i32;
  tiles: usize;
  x: usize;
  results: usize;
}

/** y = A x from the tiles in row `first` on, as a sum of parts that are the same for any number of threads. */
function symmetricProduct(first: i32, width: i32, tiles: usize, x: usize, y: usize, results: usize): void {
  const rows = (width >> 2) - first;
  const parts = max(1, min(PARTS, (rows * rows) / PART_AREA));
  const job = changetype<SymmetricProduct>(argumentsOf());
  job.first = first;
  job.parts = parts;
  job.width = width;
  job.tiles = tiles;
  job.x = x;
  job.results = results;
  run(symmetricProductPart, symmetricProductCopy, writePart, parts, (32.0 * rows * rows) / parts);
  const bytes = (<usize>width) << 3;
  memory.copy(y + ((<usize>first) << 5), results + ((<usize>first) << 5), bytes - ((<usize>first) << 5));
  for (let part = 1; part < parts; part++) {
    const from = first + boundary(rows, part, parts);
    const at = (<usize>from) << 5;
    addCombination(1, width - from * 4, 1, ONE, 1, results + <usize>part * bytes + at, width, y + at);
  }
}

const ONE: usize = memory.data<f64>([1]);

/** Where a part begins, of a triangle cut into strips of equal area. */
function boundary(rows: i32, part: i32, parts: i32): i32 {
  return rows - <i32>Math.floor(rows * Math.sqrt(<f64>(parts - part) / parts));
}

/** What some rows of tiles, and the same columns, give to the product. */
function symmetricProductPart(part: i32): void {
  const job = changetype<SymmetricProduct>(argumentsOf());
  multiplyPart(job, part, job.results + ((<usize>part * job.width) << 3));
}

/** {@link symmetricProductPart} in memory of this thread. */
function symmetricProductCopy(part: i32): void {
  multiplyPart(changetype<SymmetricProduct>(argumentsOf()), part, resultOf());
}

/** Writes the copy to where it belongs. */
function writePart(part: i32): void {
  const job = changetype<SymmetricProduct>(argumentsOf());
  const from = (<usize>firstOf(job, part)) << 5;
  const bytes = (<usize>job.width) << 3;
  memory.copy(job.results + <usize>part * bytes + from, resultOf() + from, bytes - from);
}

function firstOf(job: SymmetricProduct, part: i32): i32 {
  return job.first + boundary((job.width >> 2) - job.first, part, job.parts);
}

function multiplyPart(job: SymmetricProduct, part: i32, y: usize): void {
  const begin = firstOf(job, part);
  const end = firstOf(job, part + 1);
  memory.fill(y + ((<usize>begin) << 5), 0, (<usize>(job.width - 4 * begin)) << 3);
  for (let i = begin; i < end; i++) {
    const corner = tileAt(job.tiles, job.width, 4 * i, 4 * i);
    const at = (<usize>i) << 5;
    fourRows(corner, job.x + at, y + at, y + ((<usize>job.width) << 3));
  }
}

/** Four rows from their corner on. The triangle is read once: both it and its transpose are multiplied. */
function fourRows(a: usize, x: usize, y: usize, end: usize): void {
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  for (let pair: usize = 0; pair < 2; pair++) {
    const v = v128.load(x + (pair << 4));
    const at = a + (pair << 6);
    s0 = f64x2.add(s0, f64x2.mul(v128.load(at), v));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(at, 16), v));
    s2 = f64x2.add(s2, f64x2.mul(v128.load(at, 32), v));
    s3 = f64x2.add(s3, f64x2.mul(v128.load(at, 48), v));
  }
  const x0 = v128.load64_splat(x);
  const x1 = v128.load64_splat(x, 8);
  const x2 = v128.load64_splat(x, 16);
  const x3 = v128.load64_splat(x, 24);
  let from = a + 128;
  let xs = x + 32;
  for (let to = y + 32; to < end; to += 16) {
    const v = v128.load(xs);
    const r0 = v128.load(from);
    const r1 = v128.load(from, 16);
    const r2 = v128.load(from, 32);
    const r3 = v128.load(from, 48);
    s0 = f64x2.add(s0, f64x2.mul(r0, v));
    s1 = f64x2.add(s1, f64x2.mul(r1, v));
    s2 = f64x2.add(s2, f64x2.mul(r2, v));
    s3 = f64x2.add(s3, f64x2.mul(r3, v));
    const first = f64x2.add(f64x2.mul(r0, x0), f64x2.mul(r1, x1));
    const second = f64x2.add(f64x2.mul(r2, x2), f64x2.mul(r3, x3));
    v128.store(to, f64x2.add(v128.load(to), f64x2.add(first, second)));
    from += 64;
    xs += 16;
  }
  store<f64>(y, load<f64>(y) + lanes(s0));
  store<f64>(y, load<f64>(y, 8) + lanes(s1), 8);
  store<f64>(y, load<f64>(y, 16) + lanes(s2), 16);
  store<f64>(y, load<f64>(y, 24) + lanes(s3), 24);
}

/** Turns x into v with v[0] = 1 and (I − τ v vᵀ) x = β e₁; stores β, returns τ. */
function reflect(n: i32, x: usize, beta: usize): f64 {
  const alpha = load<f64>(x);
  const below = n > 1 ? dot(n - 1, x + 8, x + 8) : 0;
  store<f64>(x, 1);
  if (below === 0) {
    store<f64>(beta, alpha);
    return 0;
  }
  const norm = Math.sqrt(alpha * alpha + below);
  const b = alpha > 0 ? -norm : norm;
  store<f64>(beta, b);
  scale(n - 1, 1 / (alpha - b), x + 8);
  return (b - alpha) / b;
}

function lanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
