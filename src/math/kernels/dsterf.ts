/** Rounding of one operation, relative. */
const EPSILON = Number.EPSILON / 2;
/** LAPACK allows as many; two or three are what it takes. */
const STEPS_PER_VALUE = 30;

/**
 * Eigenvalues of a symmetric tridiagonal matrix, by the implicit QL iteration without square roots. Small
 * eigenvalues of a graded matrix keep their digits.
 *
 * @param d  n values: the diagonal; replaced by the eigenvalues, unordered
 * @param e  n − 1 values beside the diagonal; destroyed
 * @returns how many eigenvalues did not converge: 0
 * @see Parlett 1998, "The Symmetric Eigenvalue Problem", chapter 8 (Pal, Walker, Kahan)
 */
export function dsterf(n: number, d: Float64Array, e: Float64Array): number {
  // The iteration works on squares only.
  for (let i = 0; i < n - 1; i++) e[i] *= e[i];
  let steps = STEPS_PER_VALUE * n;
  let unfinished = 0;
  for (let first = 0; first < n; ) {
    const last = blockEnd(n, first, d, e);
    // QL finds the eigenvalues of the first rows first: they should be the small ones.
    if (Math.abs(d[last]) < Math.abs(d[first])) {
      d.subarray(first, last + 1).reverse();
      e.subarray(first, last).reverse();
    }
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

/** The last row of the block that starts at row l: the next coupling is no more than rounding. */
function blockEnd(n: number, l: number, d: Float64Array, e: Float64Array): number {
  let m = l;
  for (; m < n - 1; m++) {
    if (e[m] <= EPSILON * EPSILON * Math.abs(d[m] * d[m + 1])) {
      e[m] = 0;
      break;
    }
  }
  return m;
}

/** One QL step on rows l … m with Wilkinson's shift, from the bottom up. */
function sweep(l: number, m: number, d: Float64Array, e: Float64Array): void {
  const root = Math.sqrt(e[l]);
  const half = (d[l + 1] - d[l]) / (2 * root);
  const shift = d[l] - root / (half + (half < 0 ? -1 : 1) * Math.sqrt(half * half + 1));
  let c = 1;
  let s = 0;
  let gamma = d[m] - shift;
  let p = gamma * gamma;
  for (let i = m - 1; i >= l; i--) {
    const b = e[i];
    const r = p + b;
    if (i !== m - 1) e[i + 1] = s * r;
    const lastC = c;
    const lastGamma = gamma;
    c = p / r;
    s = b / r;
    const alpha = d[i];
    gamma = c * (alpha - shift) - s * lastGamma;
    d[i + 1] = lastGamma + (alpha - gamma);
    p = c !== 0 ? (gamma * gamma) / c : lastC * b;
  }
  e[l] = s * p;
  d[l] = shift + gamma;
}

/** Eigenvalues of a 2 × 2 block: the smaller one by the product of both, where subtraction would cancel. */
function solvePair(l: number, d: Float64Array, e: Float64Array): void {
  const [a, c] = [d[l], d[l + 1]];
  const root = Math.sqrt((a - c) * (a - c) + 4 * e[l]);
  const sum = a + c;
  const larger = 0.5 * (sum < 0 ? sum - root : sum + root);
  d[l] = larger;
  d[l + 1] = larger === 0 ? 0 : (a / larger) * c - e[l] / larger;
  e[l] = 0;
}
