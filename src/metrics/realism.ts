import { invalidOption } from '../errors';
import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { closePairs } from '../math/neighbors/close-pairs';
import type { RealAndGenerated } from './manifold/neighbors';
import { type RealBalls, realBalls } from './manifold/real-balls';

export interface RealismOptions {
  /** Rank of the neighbor that a real sample's ball reaches to; 3, the paper's. */
  readonly neighbors?: number | undefined;
  /** Which balls count: the smaller half (default, the paper: outliers have large ones), or all. */
  readonly balls?: 'smaller half' | 'all' | undefined;
  /** radius² / (distance² + 1e-5) instead of radius / distance; off by default. */
  readonly squared?: boolean | undefined;
}

/** What the two reference tools set {@link RealismOptions} to. */
export const REALISM_COMPAT = {
  'dgm-eval': { neighbors: 5, balls: 'smaller half', squared: false },
  'improved-precision-and-recall': { neighbors: 3, balls: 'all', squared: true },
} as const satisfies Record<string, RealismOptions>;

/** Added to a squared distance, so that a copy of a real sample has a finite score. */
const EPSILON = 1e-5;

/**
 * Realism of every generated sample: how many times nearer it is to a real sample than that sample's k-th
 * neighbor, at best; max over real r of radius(r) / distance(r, g).
 * Higher is better. Range: [0, ∞]; 1 and more inside a ball that counts, ∞ for a copy where not `squared`.
 *
 * @param samples  features, n × d and m × d, more than `neighbors` rows each
 * @param options  neighbors (3), balls ('smaller half'), squared (false)
 * @returns m values, in order
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Kynkäänniemi et al. 2019, arXiv:1904.06991, equation 3
 * @example
 * import { realism } from 'gan-metrics/metrics';
 *
 * const real = [[0], [1], [2], [3]];
 * // At 0.5 from the nearest real sample, whose neighbor is 1 away; and at 17.
 * const scores = realism({ real, generated: [[0.5], [20]] }, { neighbors: 1, balls: 'all' });
 * console.log([...scores]); // [ 2, 0.0588235 ]
 */
export function realism(samples: RealAndGenerated, options: RealismOptions = {}): Float64Array {
  return compute(realismComputation(samples, options), defaultProduct);
}

/** {@link realism}, with its products left to the caller. */
export function* realismComputation(
  samples: RealAndGenerated,
  { neighbors = 3, ...options }: RealismOptions = {},
): Computation<Float64Array> {
  requireBalls(options.balls);
  return yield* realismAmong(yield* realBalls(samples, neighbors), options);
}

/** {@link realism}, given the balls. */
export function* realismAmong(
  { space, real: x, generated: y, radii: all }: RealBalls,
  { balls = 'smaller half', squared = false }: Omit<RealismOptions, 'neighbors'> = {},
): Computation<Float64Array> {
  const most = balls === 'all' ? Number.POSITIVE_INFINITY : median(all);
  const radii = all.map((radius) => (radius <= most ? radius : 0));
  const largest = radii.reduce((a, b) => Math.max(a, b));
  const epsilon = squared ? EPSILON * space.scale ** 2 : 0;
  const ratio = (radius: number, distance: number) => (radius === 0 ? 0 : radius / (distance + epsilon));
  const best = new Float64Array(y.size);
  // Only as near as this can any ball beat what was found.
  const limits = new Float64Array(y.size).fill(Number.POSITIVE_INFINITY);
  yield* closePairs(space, {
    rows: { points: x, limits: new Float64Array(x.size).fill(-1) },
    columns: { points: y, limits },
    visit: (i, j, lower) => {
      if (ratio(radii[i], Math.max(0, lower)) <= best[j]) return;
      const score = ratio(radii[i], space.exact(x, i, y, j));
      if (score <= best[j]) return;
      best[j] = score;
      limits[j] = largest / score;
    },
  });
  return squared ? best : best.map(Math.sqrt);
}

function requireBalls(balls: RealismOptions['balls'] = 'smaller half'): void {
  if (balls !== 'all' && balls !== 'smaller half')
    throw invalidOption('balls', "'smaller half' or 'all'", balls);
}

/** Of squared radii, so that the middle of two is taken between the radii themselves. */
function median(squares: Float64Array): number {
  const sorted = squares.slice().sort();
  const middle = (sorted.length - 1) / 2;
  return ((Math.sqrt(sorted[Math.floor(middle)]) + Math.sqrt(sorted[Math.ceil(middle)])) / 2) ** 2;
}
