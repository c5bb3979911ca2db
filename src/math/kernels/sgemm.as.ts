/**
 * sgemm: operands are packed into panels that stay in cache, and tiles of 4 × 8 results are kept in registers,
 * as dgemm does it. The plain twin: sgemm.ts.
 */

/** Eight four-lane accumulators, two loads and one splat fit the sixteen registers. */
const TILE_ROWS: i32 = 4;
const TILE_COLUMNS: i32 = 8;
/** Depth of a panel: 8 columns × 256 × 4 bytes = 8 KB, which a first-level cache holds. */
const DEPTH: i32 = 256;
/** Rows packed at once: 128 × 256 × 4 bytes = 128 KB, which a second-level cache holds. */
const ROWS: i32 = 128;
const COLUMNS: i32 = 512;

const packedA: usize = memory.data(128 * 256 * 4, 16);
const packedB: usize = memory.data(256 * 512 * 4, 16);
const tile: usize = memory.data(4 * 8 * 4, 16);

/** c[i][j] += Σ_k a[i][k]·b[k][j]. Strides count elements; rows of c are contiguous. */
export function sgemm(
  m: i32,
  n: i32,
  depth: i32,
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
      const bBlock = b + ((<usize>k0 * bRowStride + <usize>j0 * bColumnStride) << 2);
      for (let j = 0; j < columns; j += TILE_COLUMNS) {
        const from = bBlock + ((<usize>j * bColumnStride) << 2);
        const to = packedB + ((<usize>j * k) << 2);
        packPanel(to, from, TILE_COLUMNS, columns - j, k, bColumnStride, bRowStride);
      }
      for (let i0 = 0; i0 < m; i0 += ROWS) {
        const rows = min(ROWS, m - i0);
        const aBlock = a + ((<usize>i0 * aRowStride + <usize>k0 * aColumnStride) << 2);
        for (let i = 0; i < rows; i += TILE_ROWS) {
          const from = aBlock + ((<usize>i * aRowStride) << 2);
          const to = packedA + ((<usize>i * k) << 2);
          packPanel(to, from, TILE_ROWS, rows - i, k, aRowStride, aColumnStride);
        }
        block(rows, columns, k, c + ((<usize>i0 * cRowStride + j0) << 2), cRowStride);
      }
    }
  }
}

/** `width` rows, stored depth-first; rows past the `left` that there are, are zero. */
function packPanel(
  to: usize,
  from: usize,
  width: i32,
  left: i32,
  depth: i32,
  rowStride: i32,
  depthStride: i32,
): void {
  const step = (<usize>depthStride) << 2;
  const row = (<usize>rowStride) << 2;
  const across = (<usize>width) << 2;
  let r = 0;
  if (depthStride === 1) {
    for (; r + 4 <= min(width, left); r += 4)
      packFour(to + ((<usize>r) << 2), from + r * row, across, depth, row);
  }
  for (; r < width; r++) {
    let at = from + <usize>r * row;
    let put = to + ((<usize>r) << 2);
    for (let k = 0; k < depth; k++) {
      store<f32>(put, r < left ? load<f32>(at) : 0);
      put += across;
      at += step;
    }
  }
}

/** Four contiguous rows, transposed four by four in registers. */
function packFour(to: usize, from: usize, across: usize, depth: i32, row: usize): void {
  let k = 0;
  for (; k + 4 <= depth; k += 4) {
    const r0 = v128.load(from);
    const r1 = v128.load(from + row);
    const r2 = v128.load(from + 2 * row);
    const r3 = v128.load(from + 3 * row);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
    v128.store(to + across, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
    v128.store(to + 2 * across, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5));
    v128.store(to + 3 * across, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7));
    to += 4 * across;
    from += 16;
  }
  for (; k < depth; k++) {
    for (let r = 0; r < 4; r++) store<f32>(to + ((<usize>r) << 2), load<f32>(from + <usize>r * row));
    to += across;
    from += 4;
  }
}

function block(rows: i32, columns: i32, depth: i32, c: usize, cRowStride: i32): void {
  const stride = (<usize>cRowStride) << 2;
  for (let j = 0; j < columns; j += TILE_COLUMNS) {
    const b = packedB + ((<usize>j * depth) << 2);
    for (let i = 0; i < rows; i += TILE_ROWS) {
      const a = packedA + ((<usize>i * depth) << 2);
      const to = c + <usize>i * stride + ((<usize>j) << 2);
      if (i + TILE_ROWS <= rows && j + TILE_COLUMNS <= columns) {
        productTile(a, b, depth, to, stride);
        continue;
      }
      memory.fill(tile, 0, 128);
      productTile(a, b, depth, tile, 32);
      for (let r = 0; r < min(TILE_ROWS, rows - i); r++) {
        for (let s = 0; s < min(TILE_COLUMNS, columns - j); s++) {
          const at = to + <usize>r * stride + ((<usize>s) << 2);
          store<f32>(at, load<f32>(at) + load<f32>(tile + (r << 5) + (s << 2)));
        }
      }
    }
  }
}

function productTile(a: usize, b: usize, depth: i32, c: usize, stride: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const end = a + ((<usize>depth) << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(a0, b0));
    c01 = f32x4.add(c01, f32x4.mul(a0, b1));
    const a1 = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(a1, b0));
    c11 = f32x4.add(c11, f32x4.mul(a1, b1));
    const a2 = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(a2, b0));
    c21 = f32x4.add(c21, f32x4.mul(a2, b1));
    const a3 = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(a3, b0));
    c31 = f32x4.add(c31, f32x4.mul(a3, b1));
    a += 16;
    b += 32;
  }
  addRow(c, c00, c01);
  addRow(c + stride, c10, c11);
  addRow(c + 2 * stride, c20, c21);
  addRow(c + 3 * stride, c30, c31);
}

function addRow(c: usize, left: v128, right: v128): void {
  v128.store(c, f32x4.add(v128.load(c), left));
  v128.store(c, f32x4.add(v128.load(c, 16), right), 16);
}
