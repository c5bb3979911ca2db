/**
 * dgemm, dgemmt and squared distances: operands are packed into panels that stay in cache, and tiles of
 * 4 × 4 results are kept in registers. The plain twins: dgemm.ts, squared-distances.ts.
 */

/** Results per tile side: eight two-lane accumulators, two loads and one splat fit the sixteen registers. */
const TILE: i32 = 4;
/** Depth of a panel: 4 columns × 256 × 8 bytes = 8 KB, which a first-level cache holds. */
const DEPTH: i32 = 256;
/** Rows packed at once: 128 × 256 × 8 bytes = 256 KB, which a second-level cache holds. */
const ROWS: i32 = 128;
const COLUMNS: i32 = 512;

const packedA: usize = memory.data(128 * 256 * 8, 16);
const packedB: usize = memory.data(256 * 512 * 8, 16);
const tile: usize = memory.data(4 * 4 * 8, 16);

export const PRODUCT: i32 = 0;
export const SQUARED_DIFFERENCE: i32 = 1;

/**
 * c[i][j] += Σ_k of alpha·a[i][k]·b[k][j] (PRODUCT) or (a[i][k] − b[k][j])² (SQUARED_DIFFERENCE); with
 * `upper` only where i ≤ j. Strides count elements; rows of c are contiguous.
 */
export function accumulate(
  kind: i32,
  upper: bool,
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
  for (let j0 = 0; j0 < n; j0 += COLUMNS) {
    const columns = min(COLUMNS, n - j0);
    for (let k0 = 0; k0 < depth; k0 += DEPTH) {
      const k = min(DEPTH, depth - k0);
      const bBlock = b + (((<usize>k0 * bRowStride + <usize>j0 * bColumnStride) as usize) << 3);
      pack(packedB, bBlock, columns, k, bColumnStride, bRowStride, 1);
      for (let i0 = 0; i0 < m; i0 += ROWS) {
        if (upper && i0 > j0 + columns - 1) break;
        const rows = min(ROWS, m - i0);
        const aBlock = a + ((<usize>i0 * aRowStride + <usize>k0 * aColumnStride) << 3);
        pack(packedA, aBlock, rows, k, aRowStride, aColumnStride, alpha);
        block(kind, upper, i0, j0, rows, columns, k, c, cRowStride);
      }
    }
  }
}

/** Panels of four rows, each stored depth-first; rows past the end are zero. */
function pack(
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
    let at = from + <usize>i * row;
    if (i + TILE <= rows && rowStride === 1) {
      for (let k = 0; k < depth; k++) {
        v128.store(to, f64x2.mul(factors, v128.load(at)));
        v128.store(to, f64x2.mul(factors, v128.load(at, 16)), 16);
        to += 32;
        at += step;
      }
    } else if (i + TILE <= rows) {
      for (let k = 0; k < depth; k++) {
        store<f64>(to, factor * load<f64>(at));
        store<f64>(to, factor * load<f64>(at + row), 8);
        store<f64>(to, factor * load<f64>(at + 2 * row), 16);
        store<f64>(to, factor * load<f64>(at + 3 * row), 24);
        to += 32;
        at += step;
      }
    } else {
      for (let k = 0; k < depth; k++) {
        for (let r = 0; r < TILE; r++) {
          store<f64>(to + (r << 3), i + r < rows ? factor * load<f64>(at + <usize>r * row) : 0);
        }
        to += 32;
        at += step;
      }
    }
  }
}

function block(
  kind: i32,
  upper: bool,
  i0: i32,
  j0: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  c: usize,
  cRowStride: i32,
): void {
  const panel = (<usize>depth) << 5;
  const stride = (<usize>cRowStride) << 3;
  for (let j = 0; j < columns; j += TILE) {
    const b = packedB + <usize>(j >> 2) * panel;
    const last = upper ? min(rows, j0 + j + TILE - i0) : rows;
    for (let i = 0; i < last; i += TILE) {
      const a = packedA + <usize>(i >> 2) * panel;
      const whole = i + TILE <= rows && j + TILE <= columns && (!upper || i0 + i + TILE - 1 <= j0 + j);
      const to = c + <usize>(i0 + i) * stride + ((<usize>(j0 + j)) << 3);
      if (whole) {
        if (kind === PRODUCT) productTile(a, b, depth, to, stride);
        else differenceTile(a, b, depth, to, stride);
        continue;
      }
      memory.fill(tile, 0, 128);
      if (kind === PRODUCT) productTile(a, b, depth, tile, 32);
      else differenceTile(a, b, depth, tile, 32);
      for (let r = 0; r < min(TILE, rows - i); r++) {
        for (let s = 0; s < min(TILE, columns - j); s++) {
          if (upper && i0 + i + r > j0 + j + s) continue;
          const at = to + <usize>r * stride + (s << 3);
          store<f64>(at, load<f64>(at) + load<f64>(tile + (r << 5) + (s << 3)));
        }
      }
    }
  }
}

function productTile(a: usize, b: usize, depth: i32, c: usize, stride: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  const end = a + ((<usize>depth) << 5);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    const a1 = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    const a2 = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    c21 = f64x2.add(c21, f64x2.mul(a2, b1));
    const a3 = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(a3, b0));
    c31 = f64x2.add(c31, f64x2.mul(a3, b1));
    a += 32;
    b += 32;
  }
  addRow(c, c00, c01);
  addRow(c + stride, c10, c11);
  addRow(c + 2 * stride, c20, c21);
  addRow(c + 3 * stride, c30, c31);
}

function differenceTile(a: usize, b: usize, depth: i32, c: usize, stride: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  const end = a + ((<usize>depth) << 5);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(a);
    const d00 = f64x2.sub(a0, b0);
    c00 = f64x2.add(c00, f64x2.mul(d00, d00));
    const d01 = f64x2.sub(a0, b1);
    c01 = f64x2.add(c01, f64x2.mul(d01, d01));
    const a1 = v128.load64_splat(a, 8);
    const d10 = f64x2.sub(a1, b0);
    c10 = f64x2.add(c10, f64x2.mul(d10, d10));
    const d11 = f64x2.sub(a1, b1);
    c11 = f64x2.add(c11, f64x2.mul(d11, d11));
    const a2 = v128.load64_splat(a, 16);
    const d20 = f64x2.sub(a2, b0);
    c20 = f64x2.add(c20, f64x2.mul(d20, d20));
    const d21 = f64x2.sub(a2, b1);
    c21 = f64x2.add(c21, f64x2.mul(d21, d21));
    const a3 = v128.load64_splat(a, 24);
    const d30 = f64x2.sub(a3, b0);
    c30 = f64x2.add(c30, f64x2.mul(d30, d30));
    const d31 = f64x2.sub(a3, b1);
    c31 = f64x2.add(c31, f64x2.mul(d31, d31));
    a += 32;
    b += 32;
  }
  addRow(c, c00, c01);
  addRow(c + stride, c10, c11);
  addRow(c + 2 * stride, c20, c21);
  addRow(c + 3 * stride, c30, c31);
}

function addRow(c: usize, left: v128, right: v128): void {
  v128.store(c, f64x2.add(v128.load(c), left));
  v128.store(c, f64x2.add(v128.load(c, 16), right), 16);
}
