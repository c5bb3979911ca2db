import { invalidOption } from '../errors';
import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { kMeans } from '../math/k-means';
import type { Matrix } from '../math/matrix';
import { createRandom } from '../math/random';
import { DIRECTED, toSamplePair } from './divergence/sample-pair';
import { featuresOf, type RealAndGenerated } from './manifold/neighbors';
import { defineMetric } from './metric';
import { largestF, prdFromHistograms, requireAngles } from './prd-curve';
import { differentSizes } from './sample-size';
import type { Warning } from './warning';

export interface PrdOptions {
  /** Clusters of the union, the bins of the histograms; 20, at most n + m. */
  readonly clusters?: number | undefined;
  /** Points of the curve; 1001, from 3 to 1e6. */
  readonly angles?: number | undefined;
  /** Clusterings whose curves are averaged; 10. */
  readonly runs?: number | undefined;
  /** Of the clusterings; 0. */
  readonly seed?: number | undefined;
}

/** Precision against recall of distributions. Plain data. */
export interface Prd {
  /** Largest F with β = 8: recall, mostly. */
  readonly f8: number;
  /** Largest F with β = 1/8: precision, mostly. */
  readonly fEighth: number;
  /** The curve, averaged over the runs, from precision 0 to recall 0. */
  readonly precision: readonly number[];
  readonly recall: readonly number[];
  readonly clusters: number;
  readonly runs: number;
  readonly seed: number;
  readonly n: { readonly real: number; readonly generated: number };
  readonly warnings: readonly Warning[];
}

/**
 * Precision and recall for distributions (PRD): real and generated samples are clustered together, and their
 * histograms over the clusters compared at every weighting of the two.
 * Higher is better. Range: [0, 1]. Clusters of unequal sets are unequally full: take sets of one size.
 *
 * @param samples  features, n × d and m × d, two rows or more each
 * @param options  clusters (20), angles (1001), runs (10), the authors' values; seed (0)
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION
 * @see Sajjadi et al. 2018, arXiv:1806.00035
 */
export function prdCurve(samples: RealAndGenerated, options: PrdOptions = {}): Prd {
  return compute(prdCurveComputation(samples, options), defaultProduct);
}

/** {@link prdCurve}, with its products left to the caller. */
export function* prdCurveComputation(
  samples: RealAndGenerated,
  { clusters = 20, angles = 1001, runs = 10, seed = 0 }: PrdOptions = {},
): Computation<Prd> {
  const [real, generated] = toSamplePair(samples.real, samples.generated, { least: 2, names: DIRECTED });
  const n = { real: real.rows, generated: generated.rows };
  const most = n.real + n.generated;
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > most) {
    throw invalidOption('clusters', `an integer from 1 to ${most}`, clusters);
  }
  if (!Number.isInteger(runs) || runs < 1) throw invalidOption('runs', 'an integer of at least 1', runs);
  requireAngles(angles);
  const union = joined(real, generated);
  const random = createRandom(seed);
  const precision = new Float64Array(angles);
  const recall = new Float64Array(angles);
  for (let run = 0; run < runs; run++) {
    const { labels } = yield* kMeans(union, { clusters, random });
    const curve = prdFromHistograms(
      {
        real: histogram(labels.subarray(0, n.real), clusters),
        generated: histogram(labels.subarray(n.real), clusters),
      },
      { angles },
    );
    for (let at = 0; at < angles; at++) {
      precision[at] += curve.precision[at] / runs;
      recall[at] += curve.recall[at] / runs;
    }
  }
  return {
    f8: largestF({ precision, recall }, 8),
    fEighth: largestF({ precision, recall }, 1 / 8),
    precision: [...precision],
    recall: [...recall],
    clusters,
    runs,
    seed,
    n,
    warnings: differentSizes(n),
  };
}

function joined(a: Matrix, b: Matrix): Matrix {
  const single = a.data instanceof Float32Array && b.data instanceof Float32Array;
  const data = new (single ? Float32Array : Float64Array)(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { rows: a.rows + b.rows, columns: a.columns, data };
}

function histogram(labels: Int32Array, clusters: number): Float64Array {
  const shares = new Float64Array(clusters);
  for (const label of labels) shares[label] += 1 / labels.length;
  return shares;
}

const share = { better: 'higher', range: [0, 1] } as const;

export const prdMetric = defineMetric({
  id: 'prd',
  name: 'Precision and recall for distributions',
  needs: ['features'],
  sides: 'both',
  values: { f8: share, fEighth: share },
  advised: 10_000,
  blindTo: 'what happens within a cluster; copies of the training set',
  source: 'Sajjadi et al. 2018, arXiv:1806.00035',
  compute: (samples, options?: PrdOptions) => prdCurve(featuresOf(samples), options),
  computation: (samples, options?: PrdOptions) => prdCurveComputation(featuresOf(samples), options),
});
