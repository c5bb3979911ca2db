import { invalidOption } from '../../errors';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { coupleQuantiles } from './coupling';
import { drawDirections, norm } from './directions';
import { toSamplePair } from './sample-pair';
import { projectedCosts } from './sliced-wasserstein';
import { requireOrder, type Wasserstein } from './wasserstein-1d';

export interface MaxSlicedWasserstein extends Wasserstein {
  /** The unit vector along which the samples differ most, of all that were found. */
  readonly direction: Float64Array;
}

export interface MaxSlicedWassersteinOptions {
  /** p ≥ 1; 2 by default. */
  readonly order?: number;
  /** Directions tried at first; 256 by default. */
  readonly projections?: number;
  /** How many of the best are climbed from; 4 by default. */
  readonly restarts?: number;
  /** Steps of a climb at most; 100 by default. */
  readonly iterations?: number;
  /** Of the draw; 0 by default. */
  readonly seed?: number;
}

/**
 * Max-sliced Wasserstein distance max_θ W_p(θ·a, θ·b): along the one direction that tells the samples apart best.
 * Lower is better. Range: [0, ∞), in feature units. Symmetric, a metric, and at most W_p.
 *
 * The maximum is sought by gradient ascent on the sphere from the best of the drawn directions, from the line
 * through the means and from the axis of most unlike spread; as the problem is not concave, the value is a lower
 * bound of the maximum.
 *
 * @param a, b     n × d and m × d; n and m may differ
 * @param options  order (2), projections (256), restarts (4), iterations (100), seed (0)
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, INVALID_OPTION
 * @see Deshpande et al. 2019, arXiv:1904.05877
 * @example
 * import { maxSlicedWasserstein } from 'gan-metrics/metrics';
 *
 * const square = [[0, 0], [1, 0], [0, 1], [1, 1]];
 * const moved = square.map(([x, y]) => [x + 3, y + 4]);
 * const { value, direction } = maxSlicedWasserstein(square, moved);
 * console.log(value, Array.from(direction, Math.abs)); // 5 [ 0.6, 0.8 ]
 */
export function maxSlicedWasserstein(
  a: MatrixLike,
  b: MatrixLike,
  {
    order = 2,
    projections = 256,
    restarts = 4,
    iterations = 100,
    seed = 0,
  }: MaxSlicedWassersteinOptions = {},
): MaxSlicedWasserstein {
  requireOrder(order);
  for (const [name, value] of Object.entries({ projections, restarts, iterations })) {
    if (!Number.isSafeInteger(value) || value < 1) throw invalidOption(name, 'a positive integer', value);
  }
  const pair = toSamplePair(a, b);
  const d = pair[0].columns;
  const lines = drawDirections({ count: projections, dimensions: d, seed });
  const costs = projectedCosts(pair, { lines, order });
  const best = Array.from(costs, (_, i) => i).sort((i, j) => costs[j] - costs[i]);
  const starts = [
    ...best.slice(0, restarts).map((i) => lines.data.slice(i * d, (i + 1) * d)),
    ...informedStarts(pair),
  ];
  const climbs = starts.map((start) => climb(pair, { start, order, iterations }));
  const { cost, direction } = climbs.reduce((most, each) => (each.cost > most.cost ? each : most));
  return { value: cost ** (1 / order), order, direction };
}

interface Point {
  readonly cost: number;
  readonly direction: Float64Array;
}

function climb(
  pair: readonly [Matrix, Matrix],
  { start, order, iterations }: { start: Float64Array; order: number; iterations: number },
): Point {
  let here = evaluate(pair, start, order);
  // As a share of a power step, which gradient / ‖gradient‖ is: halved where it does not rise.
  let step = 1;
  for (let k = 0; k < iterations && step > 1e-9; k++) {
    const length = norm(here.gradient);
    if (length === 0) break;
    const direction = unit(here.direction.map((x, j) => x + step * (here.gradient[j] / length - x)));
    const there = direction && evaluate(pair, direction, order);
    if (there && there.cost > here.cost) {
      const gain = there.cost - here.cost;
      here = there;
      step = Math.min(2 * step, 8);
      if (gain <= 1e-13 * here.cost) break;
    } else {
      step /= 2;
    }
  }
  return here;
}

/** W_pᵖ along a direction and its gradient, at which the coupling stays. */
function evaluate(
  [x, y]: readonly [Matrix, Matrix],
  direction: Float64Array,
  order: number,
): Point & { readonly gradient: Float64Array } {
  const [first, second] = [project(x, direction), project(y, direction)];
  const gradient = new Float64Array(direction.length);
  let cost = 0;
  const pulls = [new Float64Array(x.rows), new Float64Array(y.rows)];
  coupleQuantiles(x.rows, y.rows, (i, j, mass) => {
    const [r, s] = [first.order[i], second.order[j]];
    const difference = first.values[r] - second.values[s];
    const pull = mass * Math.abs(difference) ** (order - 1) * Math.sign(difference);
    cost += pull * difference;
    pulls[0][r] += pull;
    pulls[1][s] -= pull;
  });
  [x, y].forEach(({ rows, columns: d, data }, side) => {
    for (let i = 0; i < rows; i++) {
      const pull = pulls[side][i];
      for (let j = 0; j < d; j++) gradient[j] += pull * data[i * d + j];
    }
  });
  return { cost, direction, gradient };
}

function project({ rows, columns: d, data }: Matrix, direction: Float64Array) {
  const values = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += data[i * d + j] * direction[j];
    values[i] = sum;
  }
  const order = Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
  return { values, order };
}

/** The line through the means, and the axis along which the variances differ most. */
function informedStarts(pair: readonly [Matrix, Matrix]): Float64Array[] {
  const [p, q] = pair.map(columnMoments);
  const gap = p.variances.map((value, j) => Math.abs(value - q.variances[j]));
  const widest = gap.indexOf(Math.max(...gap));
  const between = unit(p.means.map((value, j) => value - q.means[j]));
  const axis = gap.map((_, j) => (j === widest ? 1 : 0));
  return between ? [between, axis] : [axis];
}

function columnMoments({ rows, columns: d, data }: Matrix) {
  const means = new Float64Array(d);
  const variances = new Float64Array(d);
  for (let k = 0; k < rows * d; k++) means[k % d] += data[k] / rows;
  for (let k = 0; k < rows * d; k++) variances[k % d] += (data[k] - means[k % d]) ** 2 / rows;
  return { means, variances };
}

function unit(vector: Float64Array): Float64Array | undefined {
  const length = norm(vector);
  return length === 0 ? undefined : vector.map((value) => value / length);
}
