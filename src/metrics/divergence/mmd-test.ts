import { GanMetricsError, invalidOption } from '../../errors';
import { compute } from '../../math/computation';
import { defaultProduct } from '../../math/default-product';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { createRandom } from '../../math/random';
import { checkedPair, type MmdOptions, settleKernel } from '../mmd';
import { allRows, visitGram } from '../mmd-gram';
import { commonCenter, evaluateKernel, type MmdKernel } from '../mmd-kernel';

export type MmdTest = MmdKernel & {
  /** Squared MMD of the samples as given. */
  readonly value: number;
  /** Share of permutations, the samples as given among them, with a value as large. */
  readonly pValue: number;
  readonly permutations: number;
  readonly estimator: 'unbiased' | 'biased';
  readonly samples: readonly [number, number];
};

/** So many samples of both sides at most: their kernel values fill 800 MB. */
const MOST_SAMPLES = 10_000;

/**
 * Two-sample test by MMD: were both sets drawn from one distribution? Under that hypothesis the samples are
 * exchangeable, so the p-value (1 + permutations with as large an MMD) / (1 + permutations) is valid for any kernel
 * and sample size: it is at most α with probability α. Small p-values speak against equality; its least value is
 * 1/(1 + permutations). Keeps all (n + m)² kernel values in memory.
 *
 * @param a, b     n × d and m × d, n + m ≤ 10 000
 * @param options  those of `mmd` (kernel, sigma or sigmas, estimator …); permutations (500), seed (0)
 * @throws SHAPE_MISMATCH, NOT_FINITE, TOO_FEW_SAMPLES, TOO_MANY_SAMPLES, INVALID_OPTION
 * @see Gretton et al. 2012, jmlr.org/papers/v13/gretton12a.html; Phipson, Smyth 2010 on the 1 + …
 * @example
 * import { mmdTest, sampleMixture } from 'gan-metrics/metrics';
 *
 * const normal = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean]], sigma: 1 }, { count: 100, seed }).samples;
 * console.log(mmdTest(normal(0, 1), normal(0, 2), { permutations: 99 }).pValue > 0.05); // true
 * // As small as 99 permutations can show: 1 / 100.
 * console.log(mmdTest(normal(0, 1), normal(1, 2), { permutations: 99 }).pValue); // 0.01
 */
export function mmdTest(
  a: MatrixLike,
  b: MatrixLike,
  options: MmdOptions & { readonly permutations?: number; readonly seed?: number } = {},
): MmdTest {
  const { estimator = 'unbiased', permutations = 500, seed = 0, ...kernelOptions } = options;
  if (!Number.isSafeInteger(permutations) || permutations < 1) {
    throw invalidOption('permutations', 'a positive integer', permutations);
  }
  const [x, y] = checkedPair(a, b, 2);
  const size = x.rows + y.rows;
  if (size > MOST_SAMPLES) {
    throw new GanMetricsError(
      'TOO_MANY_SAMPLES',
      `Expected at most ${MOST_SAMPLES} samples in both sets but received ${size}: draw fewer, or take mmdLinear.`,
      { details: { samples: size, maximum: MOST_SAMPLES } },
    );
  }
  const kernel = settleKernel(kernelOptions, x, y);
  const gram = gramMatrix([x, y], kernel);
  const statistic = createStatistic(gram, { size, first: x.rows, estimator });
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const value = statistic(order);
  const random = createRandom(seed);
  let asLarge = 1;
  for (let k = 0; k < permutations; k++) {
    for (let i = 0; i < x.rows; i++) {
      const j = i + random.integer(size - i);
      [order[i], order[j]] = [order[j], order[i]];
    }
    // Equal sums in another order of terms are no smaller.
    if (statistic(order) >= value - 1e-12 * Math.abs(value)) asLarge++;
  }
  return {
    ...kernel,
    value,
    pValue: asLarge / (permutations + 1),
    permutations,
    estimator,
    samples: [x.rows, y.rows],
  };
}

/** Kernel values of all samples, those of x first, with all others. */
function gramMatrix([x, y]: readonly [Matrix, Matrix], kernel: MmdKernel): Float64Array {
  const size = x.rows + y.rows;
  const gram = new Float64Array(size * size);
  const evaluation = evaluateKernel(kernel, { center: commonCenter(x, y), precision: 'float64' });
  const put = (rowShift: number, columnShift: number) => {
    return (i: number, first: number, values: Float64Array, count: number) => {
      for (let t = 0; t < count; t++) {
        const [row, column] = [i + rowShift, first + t + columnShift];
        gram[row * size + column] = values[t];
        gram[column * size + row] = values[t];
      }
    };
  };
  const visit = { xx: put(0, 0), yy: put(x.rows, x.rows), xy: put(0, x.rows) };
  compute(visitGram({ x: allRows(x), y: allRows(y) }, evaluation, visit), defaultProduct);
  return gram;
}

/** Squared MMD as a function of which samples, by the order given, are the first set. */
function createStatistic(
  gram: Float64Array,
  { size, first: n, estimator }: { size: number; first: number; estimator: 'unbiased' | 'biased' },
): (order: Uint32Array) => number {
  const m = size - n;
  const rowSums = new Float64Array(size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) rowSums[i] += gram[i * size + j];
  const whole = rowSums.reduce((sum, value) => sum + value, 0);
  const trace = rowSums.reduce((sum, _, i) => sum + gram[i * size + i], 0);
  return (order) => {
    let [rows, within, diagonal] = [0, 0, 0];
    for (let p = 0; p < n; p++) {
      const offset = order[p] * size;
      rows += rowSums[order[p]];
      diagonal += gram[offset + order[p]];
      let sum = 0;
      for (let q = 0; q < p; q++) sum += gram[offset + order[q]];
      within += 2 * sum;
    }
    const across = rows - within - diagonal;
    const other = whole - trace - within - 2 * across;
    if (estimator === 'unbiased') {
      return within / (n * (n - 1)) + other / (m * (m - 1)) - (2 * across) / (n * m);
    }
    return (within + diagonal) / n ** 2 + (other + trace - diagonal) / m ** 2 - (2 * across) / (n * m);
  };
}
