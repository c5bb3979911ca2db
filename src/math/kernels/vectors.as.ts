/** Level-2 steps of the factorizations, on contiguous vectors; rows are taken four at a time. */

/** y[i] += Σ_r factors[r·factorStride] · rows[r][i] · sign for i < n. */
export function addCombination(
  count: i32,
  n: i32,
  sign: f64,
  factors: usize,
  factorStride: i32,
  rows: usize,
  rowStride: i32,
  y: usize,
): void {
  const stride = (<usize>rowStride) << 3;
  const step = (<usize>factorStride) << 3;
  let r = 0;
  for (; r + 4 <= count; r += 4) {
    const x0 = rows + <usize>r * stride;
    const x1 = x0 + stride;
    const x2 = x1 + stride;
    const x3 = x2 + stride;
    const at = factors + <usize>r * step;
    const f0 = sign * load<f64>(at);
    const f1 = sign * load<f64>(at + step);
    const f2 = sign * load<f64>(at + 2 * step);
    const f3 = sign * load<f64>(at + 3 * step);
    const s0 = f64x2.splat(f0);
    const s1 = f64x2.splat(f1);
    const s2 = f64x2.splat(f2);
    const s3 = f64x2.splat(f3);
    const even = (<usize>n & ~1) << 3;
    for (let i: usize = 0; i < even; i += 16) {
      const first = f64x2.add(f64x2.mul(s0, v128.load(x0 + i)), f64x2.mul(s1, v128.load(x1 + i)));
      const second = f64x2.add(f64x2.mul(s2, v128.load(x2 + i)), f64x2.mul(s3, v128.load(x3 + i)));
      v128.store(y + i, f64x2.add(v128.load(y + i), f64x2.add(first, second)));
    }
    if (n & 1) {
      const first = f0 * load<f64>(x0 + even) + f1 * load<f64>(x1 + even);
      const second = f2 * load<f64>(x2 + even) + f3 * load<f64>(x3 + even);
      store<f64>(y + even, load<f64>(y + even) + (first + second));
    }
  }
  for (; r < count; r++) {
    const x = rows + <usize>r * stride;
    const f = sign * load<f64>(factors + <usize>r * step);
    const s = f64x2.splat(f);
    const even = (<usize>n & ~1) << 3;
    for (let i: usize = 0; i < even; i += 16) {
      v128.store(y + i, f64x2.add(v128.load(y + i), f64x2.mul(s, v128.load(x + i))));
    }
    if (n & 1) store<f64>(y + even, load<f64>(y + even) + f * load<f64>(x + even));
  }
}

/** products[r] = Σ_i rows[r][i] · x[i] for i < n. */
export function dotProducts(
  count: i32,
  n: i32,
  rows: usize,
  rowStride: i32,
  x: usize,
  products: usize,
): void {
  const stride = (<usize>rowStride) << 3;
  const even = (<usize>n & ~1) << 3;
  let r = 0;
  for (; r + 4 <= count; r += 4) {
    const x0 = rows + <usize>r * stride;
    const x1 = x0 + stride;
    const x2 = x1 + stride;
    const x3 = x2 + stride;
    let p0 = f64x2.splat(0);
    let p1 = f64x2.splat(0);
    let p2 = f64x2.splat(0);
    let p3 = f64x2.splat(0);
    for (let i: usize = 0; i < even; i += 16) {
      const v = v128.load(x + i);
      p0 = f64x2.add(p0, f64x2.mul(v, v128.load(x0 + i)));
      p1 = f64x2.add(p1, f64x2.mul(v, v128.load(x1 + i)));
      p2 = f64x2.add(p2, f64x2.mul(v, v128.load(x2 + i)));
      p3 = f64x2.add(p3, f64x2.mul(v, v128.load(x3 + i)));
    }
    const last = n & 1 ? load<f64>(x + even) : 0;
    store<f64>(products + (r << 3), lanes(p0) + (n & 1 ? last * load<f64>(x0 + even) : 0));
    store<f64>(products + (r << 3), lanes(p1) + (n & 1 ? last * load<f64>(x1 + even) : 0), 8);
    store<f64>(products + (r << 3), lanes(p2) + (n & 1 ? last * load<f64>(x2 + even) : 0), 16);
    store<f64>(products + (r << 3), lanes(p3) + (n & 1 ? last * load<f64>(x3 + even) : 0), 24);
  }
  for (; r < count; r++) store<f64>(products + (r << 3), dot(n, rows + <usize>r * stride, x));
}

export function dot(n: i32, x: usize, y: usize): f64 {
  const even = (<usize>n & ~1) << 3;
  let first = f64x2.splat(0);
  let second = f64x2.splat(0);
  let i: usize = 0;
  for (; i + 16 < even; i += 32) {
    first = f64x2.add(first, f64x2.mul(v128.load(x + i), v128.load(y + i)));
    second = f64x2.add(second, f64x2.mul(v128.load(x + i, 16), v128.load(y + i, 16)));
  }
  if (i < even) first = f64x2.add(first, f64x2.mul(v128.load(x + i), v128.load(y + i)));
  const sum = lanes(f64x2.add(first, second));
  return n & 1 ? sum + load<f64>(x + even) * load<f64>(y + even) : sum;
}

export function scale(n: i32, factor: f64, x: usize): void {
  const s = f64x2.splat(factor);
  const even = (<usize>n & ~1) << 3;
  for (let i: usize = 0; i < even; i += 16) v128.store(x + i, f64x2.mul(s, v128.load(x + i)));
  if (n & 1) store<f64>(x + even, factor * load<f64>(x + even));
}

function lanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
