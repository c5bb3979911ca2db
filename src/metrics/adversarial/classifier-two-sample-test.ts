import { invalidOption } from '../../errors';
import type { Matrix, MatrixLike } from '../../math/matrix';
import { normalTail } from '../../math/normal';
import { createRandom } from '../../math/random';
import { takeRows } from '../../math/take-rows';
import { DIRECTED, toSamplePair } from '../divergence/sample-pair';
import { sigmoid } from './discriminator-outputs';
import { ganValue } from './gan-value';
import { fitLogistic } from './logistic-regression';
import { neighborsInOtherFolds, neighborVotes } from './nearest-neighbor-classifier';

export interface ClassifierTwoSampleTest {
  /** Held-out accuracy, the mean of both sides': ½ where nothing tells them apart, 1 where everything does. */
  readonly value: number;
  readonly accuracy: { readonly real: number; readonly generated: number };
  /** Of the hypothesis that both were drawn from one distribution; small values speak against it. */
  readonly pValue: number;
  /** How the p-value was had. */
  readonly method: 'normal' | 'permutations';
  readonly classifier: 'logistic' | 'knn';
  readonly folds: number;
  /**
   * Of the logistic classifier: what its held-out outputs say of the Jensen–Shannon divergence, in nats; see `ganValue`.
   */
  readonly jensenShannon?: { readonly estimate: number; readonly lower: number; readonly upper: number };
  /** Held-out D of each sample, to be had from no training on it. */
  readonly outputs: { readonly real: readonly number[]; readonly generated: readonly number[] };
}

export interface ClassifierTwoSampleTestOptions {
  /** `logistic` (default): linear, on standardized features; `knn`: local, for few dimensions. */
  readonly classifier?: 'logistic' | 'knn';
  /** Parts of cross-validation, 2 to 20; 5 by default. */
  readonly folds?: number;
  /** Of `knn`; √(n + m) rounded, odd, by default. */
  readonly neighbors?: number;
  /** Of `logistic`: weight of ½ ‖w‖² beside the summed losses; 1 by default, as in scikit-learn. */
  readonly regularization?: number;
  /** Relabelings for an exact p-value, each trained anew; 0 by default: the normal limit. */
  readonly permutations?: number;
  /** Of the folds and the permutations; 0 by default. */
  readonly seed?: number;
}

/**
 * Classifier two-sample test: a discriminator of one's own, trained on part of the samples and asked about the rest.
 * Stands in for the optimal discriminator where none is at hand, and cannot see more than it: its accuracy is a lower
 * bound of (1 + TV)/2. Accuracy near ½ is better for the generator. Range: [0, 1].
 *
 * The default p-value, by the normal limit of the held-out accuracy under equality, takes predictions for independent;
 * as folds share training samples it is approximate. With `permutations` it is exact.
 *
 * @param samples  real n × d and generated m × d, as many as there are folds and more each; n and m may differ
 * @param options  classifier ('logistic'), folds (5), neighbors, regularization (1), permutations (0), seed (0)
 * @throws SHAPE_MISMATCH, TOO_FEW_SAMPLES, NOT_FINITE, INVALID_OPTION
 * @see Lopez-Paz, Oquab 2017, arXiv:1610.06545
 * @example
 * import { classifierTwoSampleTest, sampleMixture } from 'gan-metrics/metrics';
 *
 * const features = (mean: number, seed: number) =>
 *   sampleMixture({ centers: [[mean, 0]], sigma: 1 }, { count: 200, seed }).samples;
 * const same = classifierTwoSampleTest({ real: features(0, 1), generated: features(0, 2) });
 * console.log(same.value, same.pValue > 0.05); // 0.525 true
 * const moved = classifierTwoSampleTest({ real: features(0, 1), generated: features(2, 2) });
 * // The best there is tells N(0, 1) from N(2, 1) in 84 of 100 cases.
 * console.log(moved.value, moved.pValue < 1e-6); // 0.805 true
 */
export function classifierTwoSampleTest(
  { real, generated }: { readonly real: MatrixLike; readonly generated: MatrixLike },
  options: ClassifierTwoSampleTestOptions = {},
): ClassifierTwoSampleTest {
  const { classifier = 'logistic', folds: foldCount = 5, permutations = 0, seed = 0 } = options;
  requireOptions({ ...options, classifier, folds: foldCount, permutations });
  const [x, y] = toSamplePair(real, generated, { least: foldCount, names: DIRECTED });
  const samples = stack(x, y);
  const random = createRandom(seed);
  const folds = assignFolds(samples.rows, { foldCount, order: random.draw(samples.rows, samples.rows) });
  const labels = Uint8Array.from({ length: samples.rows }, (_, i) => (i < x.rows ? 1 : 0));
  const predict =
    classifier === 'knn'
      ? neighborPredictor(samples, { folds, foldCount, neighbors: options.neighbors })
      : logisticPredictor(samples, { folds, foldCount, regularization: options.regularization ?? 1 });
  const outputs = predict(labels);
  const observed = judge(outputs, labels);
  const base = {
    value: observed.value,
    accuracy: observed.accuracy,
    classifier,
    folds: foldCount,
    ...(classifier === 'logistic' && {
      jensenShannon: ganValue({ real: outputs.subarray(0, x.rows), generated: outputs.subarray(x.rows) })
        .jensenShannon,
    }),
    outputs: { real: [...outputs.subarray(0, x.rows)], generated: [...outputs.subarray(x.rows)] },
  };
  if (permutations === 0) return { ...base, pValue: observed.pValue, method: 'normal' };
  let asLarge = 1;
  for (let k = 0; k < permutations; k++) {
    const order = random.draw(labels.length, labels.length);
    const relabeled = Uint8Array.from(order, (i) => labels[i]);
    if (judge(predict(relabeled), relabeled).value >= observed.value - 1e-12) asLarge++;
  }
  return { ...base, pValue: asLarge / (permutations + 1), method: 'permutations' };
}

function requireOptions({
  classifier,
  folds,
  neighbors,
  regularization,
  permutations,
}: ClassifierTwoSampleTestOptions): void {
  if (classifier !== 'logistic' && classifier !== 'knn') {
    throw invalidOption('classifier', "'logistic' or 'knn'", classifier);
  }
  if (!Number.isSafeInteger(folds) || folds! < 2 || folds! > 20) {
    throw invalidOption('folds', 'an integer from 2 to 20', folds);
  }
  if (!Number.isSafeInteger(permutations) || permutations! < 0) {
    throw invalidOption('permutations', 'an integer of at least 0', permutations);
  }
  if (neighbors !== undefined && classifier !== 'knn') {
    throw invalidOption('neighbors', "nothing with classifier 'logistic'", neighbors);
  }
  if (regularization === undefined) return;
  if (classifier !== 'logistic')
    throw invalidOption('regularization', "nothing with classifier 'knn'", regularization);
  if (!(regularization > 0 && Number.isFinite(regularization))) {
    throw invalidOption('regularization', 'a positive number', regularization);
  }
}

/** Labels in, held-out D of every sample out. */
type Predictor = (labels: Uint8Array) => Float64Array;

function neighborPredictor(
  samples: Matrix,
  {
    folds,
    foldCount,
    neighbors: given,
  }: { folds: Uint8Array; foldCount: number; neighbors: number | undefined },
): Predictor {
  const n = samples.rows;
  const most = n - Math.ceil(n / foldCount);
  const neighbors = given ?? Math.min(Math.floor(Math.sqrt(n) / 2) * 2 + 1, most);
  if (!Number.isSafeInteger(neighbors) || neighbors < 1 || neighbors > most) {
    throw invalidOption('neighbors', `an integer from 1 to ${most}, the samples to train on,`, neighbors);
  }
  const indices = neighborsInOtherFolds(samples, { folds, neighbors });
  return (labels) => neighborVotes(indices, { labels, folds, foldCount });
}

function logisticPredictor(
  samples: Matrix<Float64Array>,
  { folds, foldCount, regularization }: { folds: Uint8Array; foldCount: number; regularization: number },
): Predictor {
  const parts = Array.from({ length: foldCount }, (_, fold) => {
    const indices = Array.from(folds, (_, i) => i);
    const [train, test] = [true, false].map((other) => indices.filter((i) => (folds[i] !== fold) === other));
    return { train, test, features: takeRows(samples, train), held: takeRows(samples, test) };
  });
  return (labels) => {
    const outputs = new Float64Array(labels.length);
    for (const { train, test, features, held } of parts) {
      const known = Uint8Array.from(train, (i) => labels[i]);
      const one = known.every((label) => label === known[0]);
      // By chance a fold can hold a whole side: then nothing was learned about it.
      const logits = one
        ? new Float64Array(test.length)
        : fitLogistic({ features, labels: known, regularization }).logits(held);
      test.forEach((i, k) => {
        outputs[i] = sigmoid(logits[k]);
      });
    }
    return outputs;
  };
}

/** Accuracy, D = ½ counting half, and its p-value where verdicts do not hang on the labels. */
function judge(outputs: Float64Array, labels: Uint8Array) {
  const verdicts = outputs.map((d) => (Math.sign(d - 0.5) + 1) / 2);
  const sums = [0, 0];
  const counts = [0, 0];
  verdicts.forEach((verdict, i) => {
    sums[labels[i]] += verdict;
    counts[labels[i]]++;
  });
  const accuracy = { real: sums[1] / counts[1], generated: 1 - sums[0] / counts[0] };
  const value = (accuracy.real + accuracy.generated) / 2;
  const center = (sums[0] + sums[1]) / labels.length;
  const variance = verdicts.reduce((sum, verdict) => sum + (verdict - center) ** 2, 0) / labels.length;
  const error = Math.sqrt((variance / 4) * (1 / counts[0] + 1 / counts[1]));
  return { value, accuracy, pValue: error > 0 ? normalTail((value - 0.5) / error) : 0.5 };
}

function assignFolds(
  count: number,
  { foldCount, order }: { foldCount: number; order: readonly number[] },
): Uint8Array {
  const folds = new Uint8Array(count);
  order.forEach((i, place) => {
    folds[i] = place % foldCount;
  });
  return folds;
}

function stack(x: Matrix, y: Matrix): Matrix<Float64Array> {
  const data = new Float64Array(x.data.length + y.data.length);
  data.set(x.data);
  data.set(y.data, x.data.length);
  return { rows: x.rows + y.rows, columns: x.columns, data };
}
