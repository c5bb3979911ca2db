/** exp and log-sum-exp, two numbers at a time. The plain twin: exponential.ts. */

/** x[i] = exp(x[i]) for i < n. */
export function exp(n: i32, x: usize): void {
  const even = (<usize>n & ~1) << 3;
  for (let i: usize = 0; i < even; i += 16) v128.store(x + i, exponential(v128.load(x + i)));
  if (n & 1) store<f64>(x + even, f64x2.extract_lane(exponential(v128.load64_splat(x + even)), 0));
}

/** sums[i] = log Σ_j exp(x[i][j]) over rows of n contiguous values. */
export function logSumExp(m: i32, n: i32, x: usize, rowStride: i32, sums: usize): void {
  for (let i = 0; i < m; i++) {
    const row = x + ((<usize>i * rowStride) << 3);
    const most = largest(n, row);
    const finite = most - most === 0;
    store<f64>(sums + (i << 3), finite ? most + Math.log(sumOfExponentials(n, row, most)) : most);
  }
}

/** Below e⁻⁶⁰ of the largest term: a billion of them move no bit. */
const NEGLIGIBLE: f64 = -60;

function sumOfExponentials(n: i32, x: usize, most: f64): f64 {
  const shift = f64x2.splat(most);
  const least = f64x2.splat(NEGLIGIBLE);
  let sum = f64x2.splat(0);
  let i: usize = 0;
  const fours = (<usize>n & ~3) << 3;
  for (; i < fours; i += 32) {
    const a = f64x2.sub(v128.load(x + i), shift);
    const b = f64x2.sub(v128.load(x + i + 16), shift);
    if (v128.any_true(f64x2.gt(f64x2.max(a, b), least))) {
      sum = f64x2.add(sum, f64x2.add(exponential(a), exponential(b)));
    }
  }
  const even = (<usize>n & ~1) << 3;
  if (i < even) sum = f64x2.add(sum, exponential(f64x2.sub(v128.load(x + i), shift)));
  const both = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  if (!(n & 1)) return both;
  return both + f64x2.extract_lane(exponential(f64x2.sub(v128.load64_splat(x + even), shift)), 0);
}

function largest(n: i32, x: usize): f64 {
  let most = f64x2.splat(-Infinity);
  const even = (<usize>n & ~1) << 3;
  for (let i: usize = 0; i < even; i += 16) most = f64x2.max(most, v128.load(x + i));
  if (n & 1) most = f64x2.max(most, v128.load64_splat(x + even));
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

/**
 * exp(x) = 2ⁿ exp(r), |r| ≤ ½ log 2: the Taylor series to r¹³ is short of exp(r) by 4e-18. Two factors make
 * 2ⁿ, so that results below the smallest normal number are rounded once and those above the largest are ∞.
 */
function exponential(given: v128): v128 {
  const x = f64x2.max(f64x2.splat(-760), f64x2.min(f64x2.splat(720), given));
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(Math.LOG2E)));
  // log 2 in two parts: the first has 32 bits, so that its product with n is exact.
  const high = f64x2.mul(n, f64x2.splat(0.6931471803691238));
  const low = f64x2.mul(n, f64x2.splat(1.9082149292705877e-10));
  const r = f64x2.sub(f64x2.sub(x, high), low);
  const p = series(r);
  const whole = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n));
  const first = i64x2.shr_s(whole, 1);
  const second = i64x2.sub(whole, first);
  return f64x2.mul(f64x2.mul(p, power(first)), power(second));
}

function power(n: v128): v128 {
  return i64x2.shl(i64x2.add(n, i64x2.splat(1023)), 52);
}

/** 1 + r + r²/2! + … + r¹³/13!, in pairs of terms: one after the other each would wait for the one before. */
function series(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const p0 = f64x2.add(f64x2.splat(1 / 2.0), f64x2.mul(f64x2.splat(1 / 6.0), r));
  const p2 = f64x2.add(f64x2.splat(1 / 24.0), f64x2.mul(f64x2.splat(1 / 120.0), r));
  const p4 = f64x2.add(f64x2.splat(1 / 720.0), f64x2.mul(f64x2.splat(1 / 5040.0), r));
  const p6 = f64x2.add(f64x2.splat(1 / 40320.0), f64x2.mul(f64x2.splat(1 / 362880.0), r));
  const p8 = f64x2.add(f64x2.splat(1 / 3628800.0), f64x2.mul(f64x2.splat(1 / 39916800.0), r));
  const p10 = f64x2.add(f64x2.splat(1 / 479001600.0), f64x2.mul(f64x2.splat(1 / 6227020800.0), r));
  const low = f64x2.add(p0, f64x2.mul(p2, r2));
  const middle = f64x2.add(p4, f64x2.mul(p6, r2));
  const high = f64x2.add(p8, f64x2.mul(p10, r2));
  const p = f64x2.add(low, f64x2.mul(r4, f64x2.add(middle, f64x2.mul(r4, high))));
  // The first terms carry the digits: r + r² (…) is added to 1 in one rounding.
  return f64x2.add(f64x2.splat(1), f64x2.add(r, f64x2.mul(r2, p)));
}
