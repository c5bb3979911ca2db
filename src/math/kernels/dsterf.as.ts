/** Eigenvalues of a symmetric tridiagonal matrix. The plain twin, which explains the steps: dsterf.ts. */

const EPSILON: f64 = f64.EPSILON / 2;
const STEPS_PER_VALUE: i32 = 30;

/** Replaces `d` by the eigenvalues, unordered; destroys `e`. Returns how many did not converge. */
export function dsterf(n: i32, d: usize, e: usize): i32 {
  for (let i = 0; i < n - 1; i++) set(e, i, at(e, i) * at(e, i));
  let steps = STEPS_PER_VALUE * n;
  let unfinished = 0;
  for (let first = 0; first < n; ) {
    const last = blockEnd(n, first, d, e);
    if (last > first && abs(at(d, last)) < abs(at(d, first))) reverse(first, last, d, e);
    for (let l = first; l <= last; ) {
      const m = blockEnd(last + 1, l, d, e);
      if (m === l) {
        l++;
      } else if (m === l + 1) {
        solvePair(l, d, e);
        l += 2;
      } else if (steps-- > 0) {
        sweep(l, m, d, e);
      } else {
        unfinished++;
        l++;
      }
    }
    first = last + 1;
  }
  return unfinished;
}

function blockEnd(n: i32, l: i32, d: usize, e: usize): i32 {
  let m = l;
  for (; m < n - 1; m++) {
    if (at(e, m) <= EPSILON * EPSILON * abs(at(d, m) * at(d, m + 1))) {
      set(e, m, 0);
      break;
    }
  }
  return m;
}

function sweep(l: i32, m: i32, d: usize, e: usize): void {
  const root = Math.sqrt(at(e, l));
  const half = (at(d, l + 1) - at(d, l)) / (2 * root);
  const shift = at(d, l) - root / (half + (half < 0 ? -1 : 1) * Math.sqrt(half * half + 1));
  let c: f64 = 1;
  let s: f64 = 0;
  let gamma = at(d, m) - shift;
  let p = gamma * gamma;
  for (let i = m - 1; i >= l; i--) {
    const b = at(e, i);
    const r = p + b;
    if (i !== m - 1) set(e, i + 1, s * r);
    const lastC = c;
    const lastGamma = gamma;
    c = p / r;
    s = b / r;
    const alpha = at(d, i);
    gamma = c * (alpha - shift) - s * lastGamma;
    set(d, i + 1, lastGamma + (alpha - gamma));
    p = c !== 0 ? (gamma * gamma) / c : lastC * b;
  }
  set(e, l, s * p);
  set(d, l, shift + gamma);
}

function solvePair(l: i32, d: usize, e: usize): void {
  const a = at(d, l);
  const c = at(d, l + 1);
  const root = Math.sqrt((a - c) * (a - c) + 4 * at(e, l));
  const sum = a + c;
  const larger = 0.5 * (sum < 0 ? sum - root : sum + root);
  set(d, l, larger);
  set(d, l + 1, larger === 0 ? 0 : (a / larger) * c - at(e, l) / larger);
  set(e, l, 0);
}

function reverse(first: i32, last: i32, d: usize, e: usize): void {
  for (let i = first, j = last; i < j; i++, j--) {
    const value = at(d, i);
    set(d, i, at(d, j));
    set(d, j, value);
  }
  for (let i = first, j = last - 1; i < j; i++, j--) {
    const value = at(e, i);
    set(e, i, at(e, j));
    set(e, j, value);
  }
}

function at(x: usize, i: i32): f64 {
  return load<f64>(x + ((<usize>i) << 3));
}

function set(x: usize, i: i32, value: f64): void {
  store<f64>(x + ((<usize>i) << 3), value);
}
