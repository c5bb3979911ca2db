/**
 * dgemm, dgemmt and squared distances: operands are packed into panels that stay in cache, and tiles of
 * 4 × 4 results are kept in registers. The result is cut into blocks of fixed size, each a task of its own:
 * threads may share them, and every entry is summed in the same order whoever does. The plain twins: dgemm.ts,
 * squared-distances.ts.
 */
import { argumentsOf, resultOf, run, workspace } from './tasks.as';

/** Results per tile side: eight two-lane accumulators, six operands and a product fit the sixteen registers. */
const TILE: i32 = 4;
/** Depth of a panel: four rows, each value twice, × 256 are 16 KB, which a first-level cache holds. */
const DEPTH: i32 = 256;
/** The block of a task. */
const ROWS: i32 = 256;
const COLUMNS: i32 = 512;
/** Columns packed at once: 128 × 256 × 8 bytes = 256 KB, which a second-level cache holds. */
const STRIP: i32 = 128;

/** Bytes of workspace: packed columns, packed rows, and a tile for what lies over an edge. */
const PACKED_B: usize = 0;
const PACKED_A: usize = 128 * 256 * 8;
const EDGE: usize = PACKED_A + 256 * 256 * 16;

export const PRODUCT: i32 = 0;
export const SQUARED_DIFFERENCE: i32 = 1;

/** Which entries of the result are wanted. */
export const ALL: i32 = 0;
/** Those with row ≤ column. */
export const UPPER: i32 = 1;
/** {@link UPPER}, and what else is in tiles on the diagonal; the result is stored by tiles. */
export const UPPER_TILES: i32 = 2;

@unmanaged
class Accumulation {
  kind: i32;
  region: i32;
  m: i32;
  n: i32;
  depth: i32;
  aRowStride: i32;
  aColumnStride: i32;
  bRowStride: i32;
  bColumnStride: i32;
  alpha: f64;
  a: usize;
  b: usize;
  c: usize;
  /** Bytes from one row to the next, for rows of one tile and from tile to tile; from column to column, too. */
  rowStep: usize;
  tileRowStep: usize;
  pairStep: usize;
  tileColumnStep: usize;
}

/**
 * c[i][j] += Σ_k of alpha·a[i][k]·b[k][j] (PRODUCT) or (a[i][k] − b[k][j])² (SQUARED_DIFFERENCE) in a region.
 * Strides count elements; rows of c are contiguous. With UPPER_TILES cRowStride is that of rows of tiles, a
 * quarter of the elements in four rows, and m and n are multiples of four.
 */
export function accumulate(
  kind: i32,
  region: i32,
  m: i32,
  n: i32,
  depth: i32,
  alpha: f64,
  a: usize,
  aRowStride: i32,
  aColumnStride: i32,
  b: usize,
  bRowStride: i32,
  bColumnStride: i32,
  c: usize,
  cRowStride: i32,
): void {
  if (m <= 0 || n <= 0 || depth <= 0) return;
  const to = changetype<Accumulation>(argumentsOf());
  to.kind = kind;
  to.region = region;
  to.m = m;
  to.n = n;
  to.depth = depth;
  to.alpha = alpha;
  to.a = a;
  to.aRowStride = aRowStride;
  to.aColumnStride = aColumnStride;
  to.b = b;
  to.bRowStride = bRowStride;
  to.bColumnStride = bColumnStride;
  to.c = c;
  const stride = (<usize>cRowStride) << 3;
  const tiled = region === UPPER_TILES;
  to.tileRowStep = stride;
  to.tileColumnStep = tiled ? 32 : 8;
  to.rowStep = tiled ? 16 : stride;
  to.pairStep = tiled ? 64 : 16;
  const operations = 2.0 * min(m, ROWS) * min(n, COLUMNS) * depth;
  run(accumulateBlock, accumulateCopy, writeBlock, blocks(m, ROWS) * blocks(n, COLUMNS), operations);
}

function firstRow(task: i32, job: Accumulation): i32 {
  return (task / blocks(job.n, COLUMNS)) * ROWS;
}

/** Those at the right come first: of a triangle the small blocks are the last. */
function firstColumn(task: i32, job: Accumulation): i32 {
  const across = blocks(job.n, COLUMNS);
  return (across - 1 - (task % across)) * COLUMNS;
}

function isOutside(job: Accumulation, i0: i32, j0: i32): bool {
  return job.region !== ALL && i0 > min(job.n, j0 + COLUMNS) - 1;
}

/** One block of the result, all of its depth. */
function accumulateBlock(task: i32): void {
  const job = changetype<Accumulation>(argumentsOf());
  const i0 = firstRow(task, job);
  const j0 = firstColumn(task, job);
  const to = job.c + <usize>i0 * job.tileRowStep + <usize>j0 * job.tileColumnStep;
  addBlock(job, i0, j0, to, job.tileRowStep, job.rowStep);
}

/** {@link accumulateBlock} of a copy of the block. */
function accumulateCopy(task: i32): void {
  const job = changetype<Accumulation>(argumentsOf());
  const i0 = firstRow(task, job);
  const j0 = firstColumn(task, job);
  if (isOutside(job, i0, j0)) return;
  copyBlock(job, i0, j0, false);
  const step = (<usize>min(COLUMNS, job.n - j0)) << 3;
  addBlock(job, i0, j0, resultOf(), step, job.region === UPPER_TILES ? 16 : step);
}

/** Writes the copy to where it belongs. */
function writeBlock(task: i32): void {
  const job = changetype<Accumulation>(argumentsOf());
  const i0 = firstRow(task, job);
  const j0 = firstColumn(task, job);
  if (!isOutside(job, i0, j0)) copyBlock(job, i0, j0, true);
}

function copyBlock(job: Accumulation, i0: i32, j0: i32, back: bool): void {
  const m = min(ROWS, job.m - i0);
  const n = min(COLUMNS, job.n - j0);
  // Four rows are one piece where the result is stored by tiles.
  const together = job.region === UPPER_TILES ? 4 : 1;
  const bytes = ((<usize>n) << 3) * together;
  let at = job.c + <usize>i0 * job.tileRowStep + <usize>j0 * job.tileColumnStep;
  let copy = resultOf();
  for (let i = 0; i < m; i += together) {
    memory.copy(back ? at : copy, back ? copy : at, bytes);
    at += job.tileRowStep * together;
    copy += bytes;
  }
}

/** Adds to the block of c that begins at (i0, j0), which lies at `to`. */
function addBlock(job: Accumulation, i0: i32, j0: i32, to: usize, tileRowStep: usize, rowStep: usize): void {
  if (isOutside(job, i0, j0)) return;
  const m = min(ROWS, job.m - i0);
  const end = min(job.n, j0 + COLUMNS);
  const packedA = workspace + PACKED_A;
  const packedB = workspace + PACKED_B;
  for (let k0 = 0; k0 < job.depth; k0 += DEPTH) {
    const k = min(DEPTH, job.depth - k0);
    const a = job.a + ((<usize>i0 * job.aRowStride + <usize>k0 * job.aColumnStride) << 3);
    packRows(packedA, a, m, k, job.aRowStride, job.aColumnStride, job.alpha);
    for (let j = j0; j < end; j += STRIP) {
      const n = min(STRIP, end - j);
      if (job.region !== ALL && i0 > j + n - 1) continue;
      const b = job.b + ((<usize>k0 * job.bRowStride + <usize>j * job.bColumnStride) << 3);
      packColumns(packedB, b, n, k, job.bColumnStride, job.bRowStride);
      tiles(job, to + <usize>(j - j0) * job.tileColumnStep, tileRowStep, rowStep, i0, j, m, n, k);
    }
  }
}

function blocks(length: i32, size: i32): i32 {
  return (length + size - 1) / size;
}

/** Panels of four rows, stored depth-first, every value twice, as splats cost an instruction more than loads. */
function packRows(
  to: usize,
  from: usize,
  rows: i32,
  depth: i32,
  rowStride: i32,
  depthStride: i32,
  factor: f64,
): void {
  const step = (<usize>depthStride) << 3;
  const row = (<usize>rowStride) << 3;
  const factors = f64x2.splat(factor);
  for (let i = 0; i < rows; i += TILE) {
    // Rows past the end repeat the last: their results are dropped.
    const at0 = from + <usize>i * row;
    const at1 = from + <usize>min(i + 1, rows - 1) * row;
    const at2 = from + <usize>min(i + 2, rows - 1) * row;
    const at3 = from + <usize>min(i + 3, rows - 1) * row;
    let at: usize = 0;
    for (let k = 0; k < depth; k++) {
      v128.store(to, f64x2.mul(factors, v128.load64_splat(at0 + at)));
      v128.store(to, f64x2.mul(factors, v128.load64_splat(at1 + at)), 16);
      v128.store(to, f64x2.mul(factors, v128.load64_splat(at2 + at)), 32);
      v128.store(to, f64x2.mul(factors, v128.load64_splat(at3 + at)), 48);
      to += 64;
      at += step;
    }
  }
}

/** Panels of four columns, stored depth-first. */
function packColumns(
  to: usize,
  from: usize,
  columns: i32,
  depth: i32,
  columnStride: i32,
  depthStride: i32,
): void {
  const step = (<usize>depthStride) << 3;
  const column = (<usize>columnStride) << 3;
  for (let j = 0; j < columns; j += TILE) {
    const at0 = from + <usize>j * column;
    if (j + 2 * TILE <= columns && columnStride === 1) {
      // Two panels at once, as a line of cache has eight values, and would be gone before its turn came again.
      const second = to + ((<usize>depth) << 5);
      let at = at0;
      for (let k: usize = 0; k < (<usize>depth) << 5; k += 32) {
        v128.store(to + k, v128.load(at));
        v128.store(to + k, v128.load(at, 16), 16);
        v128.store(second + k, v128.load(at, 32));
        v128.store(second + k, v128.load(at, 48), 16);
        at += step;
      }
      to = second + ((<usize>depth) << 5);
      j += TILE;
      continue;
    }
    if (j + TILE <= columns && columnStride === 1) {
      let at = at0;
      for (let k = 0; k < depth; k++) {
        v128.store(to, v128.load(at));
        v128.store(to, v128.load(at, 16), 16);
        to += 32;
        at += step;
      }
      continue;
    }
    const at1 = from + <usize>min(j + 1, columns - 1) * column;
    const at2 = from + <usize>min(j + 2, columns - 1) * column;
    const at3 = from + <usize>min(j + 3, columns - 1) * column;
    let at: usize = 0;
    for (let k = 0; k < depth; k++) {
      store<f64>(to, load<f64>(at0 + at));
      store<f64>(to, load<f64>(at1 + at), 8);
      store<f64>(to, load<f64>(at2 + at), 16);
      store<f64>(to, load<f64>(at3 + at), 24);
      to += 32;
      at += step;
    }
  }
}

function tiles(
  job: Accumulation,
  c: usize,
  tileRowStep: usize,
  rowStep: usize,
  i0: i32,
  j0: i32,
  m: i32,
  n: i32,
  k: i32,
): void {
  const edge = workspace + EDGE;
  for (let i = 0; i < m; i += TILE) {
    const a = workspace + PACKED_A + ((<usize>i) << 4) * k;
    const row = i0 + i;
    const first = job.region === ALL ? 0 : max(0, row - j0) & ~(TILE - 1);
    for (let j = first; j < n; j += TILE) {
      const b = workspace + PACKED_B + ((<usize>j) << 3) * k;
      const column = j0 + j;
      const to = c + <usize>i * tileRowStep + <usize>j * job.tileColumnStep;
      const inside = i + TILE <= m && j + TILE <= n;
      if (inside && (job.region !== UPPER || row + TILE - 1 <= column)) {
        if (job.kind === PRODUCT) productTile(a, b, k, to, rowStep, job.pairStep);
        else differenceTile(a, b, k, to, rowStep, job.pairStep);
        continue;
      }
      memory.fill(edge, 0, 128);
      if (job.kind === PRODUCT) productTile(a, b, k, edge, 32, 16);
      else differenceTile(a, b, k, edge, 32, 16);
      for (let r = 0; r < min(TILE, m - i); r++) {
        for (let s = 0; s < min(TILE, n - j); s++) {
          if (job.region === UPPER && row + r > column + s) continue;
          const at = to + <usize>r * rowStep + (s << 3);
          store<f64>(at, load<f64>(at) + load<f64>(edge + (r << 5) + (s << 3)));
        }
      }
    }
  }
}

/** Two steps of depth a round; the way out between them keeps the compiler from mixing them, and spilling. */
function productTile(a: usize, b: usize, depth: i32, c: usize, rowStep: usize, pairStep: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  const end = a + ((<usize>depth) << 6);
  while (true) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load(a);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    const a1 = v128.load(a, 16);
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    const a2 = v128.load(a, 32);
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    c21 = f64x2.add(c21, f64x2.mul(a2, b1));
    const a3 = v128.load(a, 48);
    c30 = f64x2.add(c30, f64x2.mul(a3, b0));
    c31 = f64x2.add(c31, f64x2.mul(a3, b1));
    if (a + 64 === end) break;
    const b2 = v128.load(b, 32);
    const b3 = v128.load(b, 48);
    const a4 = v128.load(a, 64);
    c00 = f64x2.add(c00, f64x2.mul(a4, b2));
    c01 = f64x2.add(c01, f64x2.mul(a4, b3));
    const a5 = v128.load(a, 80);
    c10 = f64x2.add(c10, f64x2.mul(a5, b2));
    c11 = f64x2.add(c11, f64x2.mul(a5, b3));
    const a6 = v128.load(a, 96);
    c20 = f64x2.add(c20, f64x2.mul(a6, b2));
    c21 = f64x2.add(c21, f64x2.mul(a6, b3));
    const a7 = v128.load(a, 112);
    c30 = f64x2.add(c30, f64x2.mul(a7, b2));
    c31 = f64x2.add(c31, f64x2.mul(a7, b3));
    a += 128;
    b += 64;
    if (a === end) break;
  }
  addRow(c, pairStep, c00, c01);
  addRow(c + rowStep, pairStep, c10, c11);
  addRow(c + 2 * rowStep, pairStep, c20, c21);
  addRow(c + 3 * rowStep, pairStep, c30, c31);
}

function differenceTile(a: usize, b: usize, depth: i32, c: usize, rowStep: usize, pairStep: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  const end = a + ((<usize>depth) << 6);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load(a);
    const d00 = f64x2.sub(a0, b0);
    c00 = f64x2.add(c00, f64x2.mul(d00, d00));
    const d01 = f64x2.sub(a0, b1);
    c01 = f64x2.add(c01, f64x2.mul(d01, d01));
    const a1 = v128.load(a, 16);
    const d10 = f64x2.sub(a1, b0);
    c10 = f64x2.add(c10, f64x2.mul(d10, d10));
    const d11 = f64x2.sub(a1, b1);
    c11 = f64x2.add(c11, f64x2.mul(d11, d11));
    const a2 = v128.load(a, 32);
    const d20 = f64x2.sub(a2, b0);
    c20 = f64x2.add(c20, f64x2.mul(d20, d20));
    const d21 = f64x2.sub(a2, b1);
    c21 = f64x2.add(c21, f64x2.mul(d21, d21));
    const a3 = v128.load(a, 48);
    const d30 = f64x2.sub(a3, b0);
    c30 = f64x2.add(c30, f64x2.mul(d30, d30));
    const d31 = f64x2.sub(a3, b1);
    c31 = f64x2.add(c31, f64x2.mul(d31, d31));
    a += 64;
    b += 32;
  }
  addRow(c, pairStep, c00, c01);
  addRow(c + rowStep, pairStep, c10, c11);
  addRow(c + 2 * rowStep, pairStep, c20, c21);
  addRow(c + 3 * rowStep, pairStep, c30, c31);
}

function addRow(c: usize, pairStep: usize, left: v128, right: v128): void {
  v128.store(c, f64x2.add(v128.load(c), left));
  v128.store(c + pairStep, f64x2.add(v128.load(c + pairStep), right));
}
