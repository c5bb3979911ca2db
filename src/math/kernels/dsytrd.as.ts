/** Tridiagonalization by blocked Householder reflections. The plain twin: dsytrd.ts. */
import { accumulate, PRODUCT } from './dgemm.as';
import { addCombination, dot, dotProducts, scale } from './vectors.as';

const PANEL: i32 = 32;

/**
 * @param a     n × n, the upper triangle of rows `stride` elements apart; destroyed
 * @param d     n doubles: the diagonal of the tridiagonal matrix
 * @param e     n doubles: beside the diagonal, n − 1 of them
 * @param work  97 n doubles: the reflections V of a panel, W = A V corrected, V again, then a vector
 */
export function dsytrd(n: i32, a: usize, stride: i32, d: usize, e: usize, work: usize): void {
  const row = (<usize>stride) << 3;
  for (let j0 = 0; j0 < n; j0 += PANEL) {
    const end = min(n, j0 + PANEL);
    reducePanel(j0, end, n, a, stride, d, e, work);
    const rest = n - end;
    // A −= V Wᵀ + W Vᵀ as one product of depth 2 · PANEL, [V W] times [W V].
    const count = end - j0;
    copyPanel(count, n, work, 2);
    const left = work + ((<usize>end) << 3);
    const right = left + ((<usize>PANEL * n) << 3);
    const to = a + <usize>end * row + (end << 3);
    if (rest > 0) accumulate(PRODUCT, true, rest, rest, 2 * PANEL, -1, left, 1, n, right, n, 1, to, stride);
  }
}

/** Copies V behind W, so that [V W] and [W V] are both contiguous. */
function copyPanel(count: i32, n: i32, work: usize, to: i32): void {
  const bytes = (<usize>PANEL * n) << 3;
  memory.copy(work + <usize>to * bytes, work, (<usize>count * n) << 3);
}

function reducePanel(
  j0: i32,
  end: i32,
  n: i32,
  a: usize,
  stride: i32,
  d: usize,
  e: usize,
  work: usize,
): void {
  const row = (<usize>stride) << 3;
  const vectorsW = work + ((<usize>PANEL * n) << 3);
  const coefficients = work + ((<usize>PANEL * 3 * n) << 3);
  for (let k = j0; k < end; k++) {
    const i = k - j0;
    const rest = n - k - 1;
    const diagonal = a + <usize>k * row + (k << 3);
    // Row k as the reflections of this panel so far leave it.
    addCombination(i, rest + 1, -1, work + (k << 3), n, vectorsW + (k << 3), n, diagonal);
    addCombination(i, rest + 1, -1, vectorsW + (k << 3), n, work + (k << 3), n, diagonal);
    store<f64>(d + (k << 3), load<f64>(diagonal));
    if (rest === 0) return;

    const v = work + ((<usize>i * n + k + 1) << 3);
    const w = vectorsW + ((<usize>i * n + k + 1) << 3);
    memory.copy(v, diagonal + 8, (<usize>rest) << 3);
    const tau = reflect(rest, v, e + (k << 3));
    symmetricProduct(rest, a + <usize>(k + 1) * row + ((k + 1) << 3), row, v, w);
    const panelV = work + ((k + 1) << 3);
    const panelW = vectorsW + ((k + 1) << 3);
    dotProducts(i, rest, panelW, n, v, coefficients);
    addCombination(i, rest, -1, coefficients, 1, panelV, n, w);
    dotProducts(i, rest, panelV, n, v, coefficients);
    addCombination(i, rest, -1, coefficients, 1, panelW, n, w);
    scale(rest, tau, w);
    store<f64>(coefficients, dot(rest, w, v));
    addCombination(1, rest, -0.5 * tau, coefficients, 1, v, n, w);
  }
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

/**
 * y = A x. The triangle is read once: what a row adds to y and its product with x come from the same load,
 * four rows at a time, as memory is what this waits for.
 */
function symmetricProduct(n: i32, a: usize, row: usize, x: usize, y: usize): void {
  memory.fill(y, 0, (<usize>n) << 3);
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const corner = a + <usize>j * (row + 8);
    const tail = n - j - 4;
    cornerProduct(corner, row, x + (j << 3), y + (j << 3));
    fourRows(tail, corner + 32, row, x + (j << 3), y + (j << 3));
  }
  for (; j < n; j++) {
    const diagonal = a + <usize>j * (row + 8);
    const xj = load<f64>(x + (j << 3));
    let sum = load<f64>(diagonal) * xj;
    for (let i = j + 1; i < n; i++) {
      const value = load<f64>(diagonal + ((i - j) << 3));
      sum += value * load<f64>(x + (i << 3));
      store<f64>(y + (i << 3), load<f64>(y + (i << 3)) + value * xj);
    }
    store<f64>(y + (j << 3), load<f64>(y + (j << 3)) + sum);
  }
}

/** The 4 × 4 corner on the diagonal. */
function cornerProduct(a: usize, row: usize, x: usize, y: usize): void {
  for (let r = 0; r < 4; r++) {
    let sum: f64 = 0;
    for (let s = 0; s < 4; s++) {
      const at = r <= s ? a + <usize>r * row + (s << 3) : a + <usize>s * row + (r << 3);
      sum += load<f64>(at) * load<f64>(x + (s << 3));
    }
    store<f64>(y + (r << 3), load<f64>(y + (r << 3)) + sum);
  }
}

/** Right of the corner: n columns of four rows; x and y point at the corner's first entry. */
function fourRows(n: i32, a: usize, row: usize, x: usize, y: usize): void {
  const a1 = a + row;
  const a2 = a1 + row;
  const a3 = a2 + row;
  const x0 = v128.load64_splat(x);
  const x1 = v128.load64_splat(x, 8);
  const x2 = v128.load64_splat(x, 16);
  const x3 = v128.load64_splat(x, 24);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const xs = x + 32;
  const ys = y + 32;
  const even = (<usize>n & ~1) << 3;
  for (let i: usize = 0; i < even; i += 16) {
    const v = v128.load(xs + i);
    const r0 = v128.load(a + i);
    const r1 = v128.load(a1 + i);
    const r2 = v128.load(a2 + i);
    const r3 = v128.load(a3 + i);
    s0 = f64x2.add(s0, f64x2.mul(r0, v));
    s1 = f64x2.add(s1, f64x2.mul(r1, v));
    s2 = f64x2.add(s2, f64x2.mul(r2, v));
    s3 = f64x2.add(s3, f64x2.mul(r3, v));
    const first = f64x2.add(f64x2.mul(r0, x0), f64x2.mul(r1, x1));
    const second = f64x2.add(f64x2.mul(r2, x2), f64x2.mul(r3, x3));
    v128.store(ys + i, f64x2.add(v128.load(ys + i), f64x2.add(first, second)));
  }
  let t0 = lanes(s0);
  let t1 = lanes(s1);
  let t2 = lanes(s2);
  let t3 = lanes(s3);
  if (n & 1) {
    const v = load<f64>(xs + even);
    const r0 = load<f64>(a + even);
    const r1 = load<f64>(a1 + even);
    const r2 = load<f64>(a2 + even);
    const r3 = load<f64>(a3 + even);
    t0 += r0 * v;
    t1 += r1 * v;
    t2 += r2 * v;
    t3 += r3 * v;
    const first = r0 * load<f64>(x) + r1 * load<f64>(x, 8);
    const second = r2 * load<f64>(x, 16) + r3 * load<f64>(x, 24);
    store<f64>(ys + even, load<f64>(ys + even) + (first + second));
  }
  store<f64>(y, load<f64>(y) + t0);
  store<f64>(y, load<f64>(y, 8) + t1, 8);
  store<f64>(y, load<f64>(y, 16) + t2, 16);
  store<f64>(y, load<f64>(y, 24) + t3, 24);
}

function lanes(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
