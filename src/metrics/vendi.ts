import { GanMetricsError, invalidOption } from '../errors';
import type { MatrixLike } from '../math/matrix';
import { rowSpectrum } from '../math/row-spectrum';
import { toSamples } from './divergence/sample-pair';
import { defineMetric } from './metric';
import type { Warning } from './warning';

export interface VendiOptions {
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
 * @param options   q (1), at least 0
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, ZERO_ROW, INVALID_OPTION
 * @see Friedman, Dieng 2023, arXiv:2210.02410; orders: Pasarkar, Dieng 2023, arXiv:2310.12952
 */
export function vendi(features: MatrixLike, { q = 1 }: VendiOptions = {}): Vendi {
  if (!(q >= 0)) throw invalidOption('q', 'a number of at least 0', q);
  const x = toSamples(features, { name: 'features' });
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
  const value = effectiveNumber(rowSpectrum(x, scale), q);
  return { value, q, n, warnings: [] };
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
});
