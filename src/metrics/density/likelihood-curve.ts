import { GanMetricsError } from '../../errors';
import type { Computation } from '../../math/computation';
import type { Warning } from '../warning';
import { goldenSection } from './golden-section';
import { logDensities, type Mixture, type Widths } from './log-densities';

/** How likely held-out points are at a bandwidth. */
export interface CurvePoint {
  /** The bandwidth, or what the scale of the samples is multiplied by where the bandwidth is not one number. */
  readonly bandwidth: number;
  /** Mean log-likelihood in nats; −∞ where a point lies in no window. */
  readonly value: number;
  /** Points that lie in no window. */
  readonly outside: number;
}

/** Mean log-likelihoods of points for several bandwidths, by one pass over the pairs. */
export function* likelihoodCurve(mixture: Mixture, widths: Widths): Computation<CurvePoint[]> {
  const densities = yield* logDensities(mixture, widths);
  return densities.map((values, k) => ({
    bandwidth: widths.factors[k],
    value: values.reduce((sum, value) => sum + value, 0) / values.length,
    outside: values.reduce((count, value) => count + (value === Number.NEGATIVE_INFINITY ? 1 : 0), 0),
  }));
}

/**
 * The curve over a grid (ascending), refined between the neighbors of its maximum where `tolerance` is given,
 * relative to the bandwidth.
 *
 * @throws INVALID_OPTION where at every bandwidth some point lies in no window
 */
export function* bestOfGrid(
  mixture: Mixture,
  { tolerance, ...widths }: Widths & { readonly tolerance?: number | undefined },
): Computation<{ best: CurvePoint; curve: CurvePoint[]; warnings: Warning[] }> {
  const grid = yield* likelihoodCurve(mixture, widths);
  const at = indexOfBest(grid);
  const warnings: Warning[] = [];
  const last = grid.length - 1;
  if (last > 0 && (at === 0 || at === last)) warnings.push(edgeWarning(grid, at));
  if (tolerance === undefined || last === 0) return { best: grid[at], curve: grid, warnings };
  const refined: CurvePoint[] = [];
  yield* goldenSection(
    function* (x) {
      const [point] = yield* likelihoodCurve(mixture, { ...widths, factors: [Math.exp(x)] });
      refined.push(point);
      return point.value;
    },
    {
      low: Math.log(grid[Math.max(0, at - 1)].bandwidth),
      high: Math.log(grid[Math.min(last, at + 1)].bandwidth),
      tolerance,
    },
  );
  const curve = [...grid, ...refined].sort((a, b) => a.bandwidth - b.bandwidth);
  return { best: curve[indexOfBest(curve)], curve, warnings };
}

/** The first of the largest values, as numpy.argmax. */
function indexOfBest(curve: readonly CurvePoint[]): number {
  let best = 0;
  curve.forEach(({ value }, k) => {
    if (value > curve[best].value) best = k;
  });
  if (curve[best].value > Number.NEGATIVE_INFINITY) return best;
  const [first, last] = [curve[0], curve[curve.length - 1]];
  throw new GanMetricsError(
    'INVALID_OPTION',
    `Expected a bandwidth at which every point lies in a window but from ${first.bandwidth} to ${last.bandwidth} ` +
      `none is (${last.outside} points lie outside at the last): take larger bandwidths, or a window without an ` +
      'end (gaussian, exponential).',
    { details: { curve } },
  );
}

function edgeWarning(grid: readonly CurvePoint[], at: number): Warning {
  const side = at === 0 ? 'smallest' : 'largest';
  return {
    code: 'BANDWIDTH_AT_GRID_EDGE',
    message:
      `The likelihood is highest at the ${side} bandwidth of the grid, ${Number(grid[at].bandwidth.toPrecision(6))}: ` +
      `the best one may lie beyond it. Extend the grid${at === 0 ? ' (points that repeat samples have no best bandwidth)' : ''}.`,
  };
}
