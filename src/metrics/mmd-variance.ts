import { type GramSums, total } from './mmd-sums';

/**
 * What the variance of the unbiased squared MMD is made of (Hoeffding's decomposition), as properties of the two
 * distributions: they can be estimated from samples of one size and applied to another.
 */
export interface MmdVariance {
  /** Of g(x) = E k(x, X′) − E k(x, Y), over x and likewise over y: 0 where the distributions are equal. */
  readonly witness: { readonly x: number; readonly y: number };
  /** Of what of k(x, x′) neither x nor x′ explains alone. */
  readonly remainder: { readonly xx: number; readonly yy: number; readonly xy: number };
}

/**
 * Unbiased estimates of all parts. Plugging in row means instead would count the remainder twice, which matters
 * where it is all there is: near equality.
 *
 * @returns undefined for fewer than four rows on a side
 * @see Sutherland et al. 2017, arXiv:1611.04488; Hoeffding 1948
 */
export function mmdVariance({ xx, yy, xy }: GramSums): MmdVariance | undefined {
  const [n, m] = [xx.rows.length, yy.rows.length];
  if (n < 4 || m < 4) return undefined;
  const [ofX, ofY] = [withinMoments(xx), withinMoments(yy)];
  const between = betweenMoments(xy);
  const covarianceX = covarianceOfMeans(xx.rows, xy.rows, m);
  const covarianceY = covarianceOfMeans(yy.rows, xy.columns, n);
  return {
    witness: {
      x: ofX.shared - ofX.apart - 2 * covarianceX + between.sharedX - between.apart,
      y: ofY.shared - ofY.apart - 2 * covarianceY + between.sharedY - between.apart,
    },
    remainder: {
      xx: ofX.same - 2 * ofX.shared + ofX.apart,
      yy: ofY.same - 2 * ofY.shared + ofY.apart,
      xy: between.same - between.sharedX - between.sharedY + between.apart,
    },
  };
}

/**
 * Variance of the unbiased squared MMD of n rows x and m rows y; 4 Var(g)/n is the first-order part, the rest what
 * remains at equality. Estimates of a variance that is nearly 0 can be negative, and count as 0.
 */
export function varianceOfMmd({ witness, remainder }: MmdVariance, n: number, m: number): number {
  const first = (4 * witness.x) / n + (4 * witness.y) / m;
  const second =
    (2 * remainder.xx) / (n * (n - 1)) + (2 * remainder.yy) / (m * (m - 1)) + (4 * remainder.xy) / (n * m);
  return Math.max(first, 0) + Math.max(second, 0);
}

/** The mean of estimates from several samples. */
export function meanVariance(estimates: readonly MmdVariance[]): MmdVariance {
  const mean = (of: (estimate: MmdVariance) => number) =>
    estimates.reduce((sum, estimate) => sum + of(estimate), 0) / estimates.length;
  return {
    witness: { x: mean(({ witness }) => witness.x), y: mean(({ witness }) => witness.y) },
    remainder: {
      xx: mean(({ remainder }) => remainder.xx),
      yy: mean(({ remainder }) => remainder.yy),
      xy: mean(({ remainder }) => remainder.xy),
    },
  };
}

/** E k(a,b)², E k(a,b)k(a,c) and E k(a,b)k(c,d) over different rows of one set. */
function withinMoments({ rows, squares }: GramSums['xx']) {
  const n = rows.length;
  const rowSquares = total(rows.map((sum) => sum * sum));
  const pairs = n * (n - 1);
  return {
    same: squares / pairs,
    shared: (rowSquares - squares) / (pairs * (n - 2)),
    apart: (total(rows) ** 2 - 4 * rowSquares + 2 * squares) / (pairs * (n - 2) * (n - 3)),
  };
}

/** E k(x,y)², E k(x,y)k(x,y′), E k(x,y)k(x′,y) and E k(x,y)k(x′,y′). */
function betweenMoments({ rows, columns, squares }: GramSums['xy']) {
  const [n, m] = [rows.length, columns.length];
  const rowSquares = total(rows.map((sum) => sum * sum));
  const columnSquares = total(columns.map((sum) => sum * sum));
  const pairs = n * m;
  return {
    same: squares / pairs,
    sharedX: (rowSquares - squares) / (pairs * (m - 1)),
    sharedY: (columnSquares - squares) / (pairs * (n - 1)),
    apart: (total(rows) ** 2 - rowSquares - columnSquares + squares) / (pairs * (n - 1) * (m - 1)),
  };
}

/** Of E k(x, X′) and E k(x, Y) over x, from the sums of n − 1 and m values of every row. */
function covarianceOfMeans(within: Float64Array, between: Float64Array, m: number): number {
  const n = within.length;
  let products = 0;
  for (let i = 0; i < n; i++) products += within[i] * between[i];
  const shared = products / (n * (n - 1) * m);
  const apart = (total(within) * total(between) - 2 * products) / (n * (n - 1) * (n - 2) * m);
  return shared - apart;
}
