import { GanMetricsError, invalidOption } from '../errors';
import type { Matrix, MatrixLike } from '../math/matrix';
import { rowSpectrum } from '../math/row-spectrum';
import { takeRows } from '../math/take-rows';
import { toSamples } from './divergence/sample-pair';
import type { Interval } from './interval';
import { assignGroups } from './jackknife';
import { type JackknifeOptions, jackknifeInterval, requireRest } from './jackknife-interval';
import { defineMetric } from './metric';
import type { Warning } from './warning';

export interface VendiOptions extends JackknifeOptions {
  /**
   * Order of the entropy; 1, Shannon's, by default. Below 1 rare kinds weigh more, above 1 frequent ones do;
   * Infinity looks at the most frequent alone.
   */
  readonly q?: number | undefined;
}

/** An effective number of different samples. Plain data. */
export interface Vendi {
  readonly value: number;
  readonly q: number;
  readonly n: number;
  /** Where confidence was given. */
  readonly interval?: Interval;
  readonly warnings: readonly Warning[];
}

/** Eigenvalues below this share of the sum are what rounding made of zeros. */
const ROUNDING = 2 ** -48;

/**
 * Vendi score: the exponential of the Rényi entropy of order q of the eigenvalues of K/n, K the cosine
 * similarities of the samples: how many entirely different samples would be as diverse.
 * Higher is more diverse. Range: [1, min(n, d)], 1 for samples that are multiples of one. It looks at one set
 * alone: noise is diverse.
 *
 * @param features  n × d, no row zero
 * @param options   q (1), at least 0; confidence, which adds an interval by a jackknife of groups (10) with
 *                  seed (0): as many computations more
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, ZERO_ROW, INVALID_OPTION
 * @see Friedman, Dieng 2023, arXiv:2210.02410; orders: Pasarkar, Dieng 2023, arXiv:2310.12952
 * @example
 * import { vendi } from 'gan-metrics/metrics';
 *
 * // Three directions at right angles: three different samples. Multiples of one: one.
 * console.log(vendi([[1, 0, 0], [0, 1, 0], [0, 0, 1]]).value); // 3
 * console.log(vendi([[1, 2, 3], [2, 4, 6], [3, 6, 9]]).value); // 1
 */
export function vendi(
  features: MatrixLike,
  { q = 1, confidence, groups = 10, seed = 0 }: VendiOptions = {},
): Vendi {
  if (!(q >= 0)) throw invalidOption('q', 'a number of at least 0', q);
  const x = toSamples(features, { name: 'features' });
  const n = x.rows;
  const value = scoreOf(x, q);
  const result = { value, q, n, warnings: [] };
  if (confidence === undefined) return result;
  const dealt = assignGroups(n, { groups, seed });
  requireRest(n, { name: 'features', groups, least: 1 });
  const rows = Array.from({ length: n }, (_, i) => i);
  const generated = Array.from({ length: groups }, (_, g) =>
    scoreOf(
      takeRows(
        x,
        rows.filter((i) => dealt.of[i] !== g),
      ),
      q,
    ),
  );
  const of = `the expected Vendi score of ${n} samples; not that of infinitely many, which is higher`;
  const interval = jackknifeInterval({ value, left: { real: [], generated } }, { confidence, of });
  return { ...result, interval };
}

function scoreOf(x: Matrix, q: number): number {
  const { rows: n, columns: d, data } = x;
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let at = i * d; at < (i + 1) * d; at++) square += data[at] * data[at];
    if (square === 0) {
      throw new GanMetricsError(
        'ZERO_ROW',
        `Expected features with a direction but row ${i} of features is zero: it has no cosine similarity.`,
        { details: { row: i } },
      );
    }
    scale[i] = 1 / Math.sqrt(square * n);
  }
  return effectiveNumber(rowSpectrum(x, scale), q);
}

/** exp of the Rényi entropy of shares that sum to 1. */
function effectiveNumber(shares: Float64Array, q: number): number {
  const present = shares.filter((share) => share > ROUNDING);
  const sum = (term: (share: number) => number) => present.reduce((total, share) => total + term(share), 0);
  if (q === Number.POSITIVE_INFINITY) return 1 / present.reduce((a, b) => Math.max(a, b));
  if (q === 1) return Math.exp(-sum((share) => share * Math.log(share)));
  return sum((share) => share ** q) ** (1 / (1 - q));
}

export const vendiMetric = defineMetric({
  id: 'vendi',
  name: 'Vendi score',
  needs: ['features'],
  sides: 'generated',
  values: { value: { better: 'higher', range: [1, Number.POSITIVE_INFINITY] } },
  advised: 1000,
  blindTo: 'real images altogether: noise is diverse',
  source: 'Friedman, Dieng 2023, arXiv:2210.02410',
  compute: ({ generated }, options?: VendiOptions) => vendi(generated.features, options),
  interval: { needs: [], ofResult: ({ interval }) => ({ value: interval! }) },
});
