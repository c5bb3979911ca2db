import { GanMetricsError } from '../errors';
import { type Computation, compute } from '../math/computation';
import { defaultProduct } from '../math/default-product';
import { type Matrix, type MatrixLike, toMatrix } from '../math/matrix';
import { normalInterval } from './interval';
import { defineMetric, type Intervals } from './metric';
import { mmdComputation } from './mmd';
import type { Warning } from './warning';

export interface CmmdOptions {
  /** Says that the features are image embeddings by CLIP (ViT-L/14 at 336 pixels in the paper). */
  readonly clip?: boolean;
}

export interface Cmmd {
  readonly value: number;
  readonly samples: readonly [number, number];
  /** For four rows a side and more. */
  readonly standardError?: number;
  readonly warnings: readonly Warning[];
}

/** The paper's: the value is scaled to be readable. */
const SCALE = 1000;
const SIGMA = 10;

/** Of two points opposite each other: rows of length 1 are never more than 2 apart. */
const LARGEST = 2 * SCALE * (1 - Math.exp(-2 / SIGMA ** 2));

/**
 * CLIP-MMD: 1000 times the squared MMD of features of length 1, rbf kernel with σ = 10, biased estimate.
 * Lower is better. Range: [0, 39.6]: rows of length 1 are never far apart. Symmetric in its arguments.
 *
 * @param a  n × d
 * @param b  m × d
 * @param options  clip (false): without it the result warns that it is a CMMD in form only
 * @throws SHAPE_MISMATCH, NOT_FINITE (also a row of zeros, which has no direction), TOO_FEW_SAMPLES
 * @see Jayasumana et al. 2024, arXiv:2401.09603
 * @example
 * import { cmmd } from 'gan-metrics/metrics';
 *
 * // Opposite directions, whatever the lengths: 2000 (1 − exp(−0.02)).
 * console.log(cmmd([[1, 0], [2, 0]], [[-1, 0], [-3, 0]], { clip: true }).value); // 39.6027
 * console.log(cmmd([[1, 0]], [[5, 0]]).warnings[0].code); // FEATURES_NOT_CLIP
 */
export function cmmd(a: MatrixLike, b: MatrixLike, options: CmmdOptions = {}): Cmmd {
  return compute(cmmdComputation(a, b, options), defaultProduct);
}

/**
 * {@link cmmd} for a caller that has a fast matrix product.
 *
 * @example
 * import { cmmdComputation, type Matrix } from 'gan-metrics/metrics';
 *
 * // a · bᵀ, made wherever it is fastest.
 * function product({ a, b }: { a: Matrix; b: Matrix }): Matrix {
 *   const data = new (a.data instanceof Float32Array ? Float32Array : Float64Array)(a.rows * b.rows);
 *   for (let i = 0; i < data.length; i++) {
 *     const [row, column] = [Math.floor(i / b.rows), i % b.rows];
 *     for (let k = 0; k < a.columns; k++) {
 *       data[i] += a.data[row * a.columns + k] * b.data[column * b.columns + k];
 *     }
 *   }
 *   return { rows: a.rows, columns: b.rows, data };
 * }
 * const [first, second] = [[[1, 0], [2, 0]], [[-1, 0], [0, 1]]];
 * const computation = cmmdComputation(first, second, { clip: true });
 * let step = computation.next();
 * while (!step.done) step = computation.next(product(step.value));
 * console.log(step.value.value); // 24.7764
 */
export function* cmmdComputation(
  a: MatrixLike,
  b: MatrixLike,
  { clip = false }: CmmdOptions = {},
): Computation<Cmmd> {
  const x = ofLengthOne(toMatrix(a, 'the first set'), 'the first set');
  const y = ofLengthOne(toMatrix(b, 'the second set'), 'the second set');
  const { value, standardError, samples } = yield* mmdComputation(x, y, {
    sigma: SIGMA,
    estimator: 'biased',
  });
  const scaled = standardError === undefined ? {} : { standardError: SCALE * standardError };
  return { value: SCALE * value, ...scaled, samples, warnings: clip ? [] : [NOT_CLIP] };
}

const NOT_CLIP: Warning = {
  code: 'FEATURES_NOT_CLIP',
  message:
    'CMMD is defined on CLIP image embeddings: on other features, and with its bandwidth of 10, the value compares ' +
    'with no published one. Set clip where the features are CLIP’s.',
};

function ofLengthOne({ rows, columns, data }: Matrix, name: string): Matrix<Float64Array> {
  const result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    let square = 0;
    for (let j = 0; j < columns; j++) square += row[j] * row[j];
    const length = Math.sqrt(square);
    if (!(length > 0 && length < Number.POSITIVE_INFINITY)) {
      throw new GanMetricsError(
        'NOT_FINITE',
        `Expected rows of finite, positive length in ${name} but that of row ${i} is ${length}.`,
        { details: { row: i } },
      );
    }
    for (let j = 0; j < columns; j++) result[i * columns + j] = row[j] / length;
  }
  return { rows, columns, data: result };
}

export const cmmdMetric = defineMetric({
  id: 'cmmd',
  name: 'CLIP maximum mean discrepancy',
  needs: ['features'],
  sides: 'both',
  values: { value: { better: 'lower', range: [0, LARGEST] } },
  advised: 10_000,
  blindTo: 'the length of the features; with σ = 10, most of what lies beyond their first two moments',
  source: 'Jayasumana et al. 2024, arXiv:2401.09603',
  compute: ({ real, generated }, options: CmmdOptions = {}): Cmmd =>
    cmmd(real.features, generated.features, options),
  computation: ({ real, generated }, options: CmmdOptions = {}) =>
    cmmdComputation(real.features, generated.features, options),
  interval: {
    needs: [],
    ofResult: ({ value, standardError, samples: [n, m] }, { confidence }): Intervals => {
      if (standardError === undefined) return {};
      const of =
        `the expected CMMD of samples of these sizes, ${n} real and ${m} generated; not that of infinitely many, ` +
        'which is lower';
      return { value: normalInterval({ value, standardError }, { confidence, method: 'U-statistic', of }) };
    },
  },
});
