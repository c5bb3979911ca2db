/** Pivoted Cholesky factorization, blocked. The plain twin: dpstrf.ts. */
import { accumulate, PRODUCT, UPPER } from './dgemm.as';
import { addCombination, scale } from './vectors.as';

const PANEL: i32 = 64;

/**
 * @param a      n × n, the upper triangle of rows `stride` elements apart
 * @param order  n int32: which row and column of the given matrix came to each place
 * @param work   2 n doubles: the diagonal of what is left to factor, then which row each row was exchanged with
 * @returns the rank; rows and columns past it hold what was left
 */
export function dpstrf(n: i32, a: usize, stride: i32, order: usize, tolerance: f64, work: usize): i32 {
  const row = (<usize>stride) << 3;
  for (let i = 0; i < n; i++) {
    store<i32>(order + (i << 2), i);
    store<f64>(work + (i << 3), load<f64>(a + <usize>i * row + (i << 3)));
  }
  for (let j0 = 0; j0 < n; j0 += PANEL) {
    const end = min(n, j0 + PANEL);
    const done = factorPanel(j0, end, n, a, stride, order, tolerance, work);
    exchangeAbove(j0, done, a, row, work + ((<usize>n) << 3));
    const at = a + <usize>j0 * row + (done << 3);
    const rest = n - done;
    const left = a + <usize>done * row + (done << 3);
    accumulate(PRODUCT, UPPER, rest, rest, done - j0, -1, at, 1, stride, at, stride, 1, left, stride);
    if (done < end) return done;
  }
  return n;
}

/** Rows j0 … end − 1 of the factor; returns the first one that could not be made. */
function factorPanel(
  j0: i32,
  end: i32,
  n: i32,
  a: usize,
  stride: i32,
  order: usize,
  tolerance: f64,
  work: usize,
): i32 {
  const row = (<usize>stride) << 3;
  for (let k = j0; k < end; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (load<f64>(work + (i << 3)) > load<f64>(work + (pivot << 3))) pivot = i;
    }
    const value = load<f64>(work + (pivot << 3));
    if (!(value > tolerance)) return k;
    store<i32>(work + ((<usize>n) << 3) + (k << 2), pivot);
    if (pivot !== k) exchange(j0, k, pivot, n, a, row, order, work);

    const diagonal = a + <usize>k * row + (k << 3);
    const right = diagonal + 8;
    const rest = n - k - 1;
    const above = a + <usize>j0 * row + (k << 3);
    addCombination(k - j0, rest, -1, above, stride, above + 8, stride, right);
    if (largest(rest, right) > 2 * value) {
      // Left as the trailing update expects it: without the part of this panel.
      addCombination(k - j0, rest, 1, above, stride, above + 8, stride, right);
      return k;
    }
    const root = Math.sqrt(value);
    store<f64>(diagonal, root);
    scale(rest, 1 / root, right);
    for (let i = 0; i < rest; i++) {
      const u = load<f64>(right + (i << 3));
      const at = work + ((k + 1 + i) << 3);
      store<f64>(at, load<f64>(at) - u * u);
    }
  }
  return end;
}

function largest(n: i32, x: usize): f64 {
  let most = f64x2.splat(0);
  const even = (<usize>n & ~1) << 3;
  for (let i: usize = 0; i < even; i += 16) most = f64x2.max(most, f64x2.abs(v128.load(x + i)));
  const result = max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
  return n & 1 ? max(result, abs(load<f64>(x + even))) : result;
}

/**
 * Exchanges rows and columns k < q of the symmetric matrix, of which only the upper triangle is stored. Rows of
 * earlier panels wait for `exchangeAbove`.
 */
function exchange(j0: i32, k: i32, q: i32, n: i32, a: usize, row: usize, order: usize, work: usize): void {
  for (let p = j0; p < k; p++) {
    const at = a + <usize>p * row;
    swap(at + (k << 3), at + (q << 3));
  }
  const rowK = a + <usize>k * row;
  const rowQ = a + <usize>q * row;
  swap(rowK + (k << 3), rowQ + (q << 3));
  for (let i = k + 1; i < q; i++) swap(rowK + (i << 3), a + <usize>i * row + (q << 3));
  for (let i = q + 1; i < n; i++) swap(rowK + (i << 3), rowQ + (i << 3));
  swap(work + (k << 3), work + (q << 3));
  const place = load<i32>(order + (k << 2));
  store<i32>(order + (k << 2), load<i32>(order + (q << 2)));
  store<i32>(order + (q << 2), place);
}

/** The exchanges of a panel on the rows above it, row by row: columns apart share no cache line. */
function exchangeAbove(j0: i32, end: i32, a: usize, row: usize, partners: usize): void {
  for (let p = 0; p < j0; p++) {
    const at = a + <usize>p * row;
    for (let k = j0; k < end; k++) {
      const q = load<i32>(partners + (k << 2));
      if (q !== k) swap(at + (k << 3), at + (q << 3));
    }
  }
}

function swap(x: usize, y: usize): void {
  const value = load<f64>(x);
  store<f64>(x, load<f64>(y));
  store<f64>(y, value);
}
