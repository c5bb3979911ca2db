import { createNumpyRandom } from '../math/numpy-random';
import { type ClassPredictions, type PredictionReader, readPredictions } from './class-predictions';
import { extrapolate, growingSizes, interceptInflation } from './extrapolation';
import { inceptionScoreInfluence, meanDivergence, smallParts } from './inception-score';
import { type Interval, influenceError, normalInterval } from './interval';
import { defineMetric } from './metric';
import type { Warning } from './warning';

export interface InceptionScoreInfinityOptions {
  /** How many sizes, evenly spaced from `smallest` to all images, are scored. */
  readonly points?: number;
  readonly smallest?: number;
  readonly seed?: number;
  /** Adds an interval of this confidence, in (0, 1). */
  readonly confidence?: number;
}

export interface InceptionScoreInfinity {
  /** The intercept: what the score is heading for as images are added. */
  readonly value: number;
  /** The bias of the score of n images is about slope / n. */
  readonly slope: number;
  readonly sizes: readonly number[];
  readonly scores: readonly number[];
  readonly seed: number;
  readonly samples: number;
  /** Where confidence was given. */
  readonly interval?: Interval;
  readonly warnings: readonly Warning[];
}

/**
 * IS∞: the Inception Score extrapolated to infinitely many images. Scores of growing random subsets, each in one
 * split, are fitted by a line in 1/n.
 * Higher is better. Range: about [1, classes]; an extrapolation can leave it.
 *
 * @param predictions  { logits } or { probabilities } of generated images, n × classes
 * @param options      points (15), smallest (5000 as in the paper, half of the images where there are fewer than
 *                     10 000), seed (0), confidence
 * @throws NOT_FINITE, NOT_PROBABILITIES, SHAPE_MISMATCH, INVALID_OPTION; TOO_FEW_SAMPLES for fewer images than points
 * @see Chong, Forsyth 2020, arXiv:1911.07023
 * @example
 * import { inceptionScoreInfinity, sampleMixture } from 'gan-metrics/metrics';
 *
 * // Images each sure of one of 40 classes, all equally frequent: few images do not show them evenly.
 * const centers = Array.from({ length: 40 }, (_, k) => [k]);
 * const { modes } = sampleMixture({ centers, sigma: 1 }, { count: 600, seed: 1 });
 * const probabilities = Array.from(modes, (mode) => centers.map((_, k) => (k === mode ? 1 : 0)));
 * const { value, sizes, scores } = inceptionScoreInfinity({ probabilities });
 * console.log(sizes[0], scores[0]); // 300 36.8598
 * console.log(sizes.at(-1), scores.at(-1)); // 600 38.4475
 * console.log(value); // 39.8169
 */
export function inceptionScoreInfinity(
  predictions: ClassPredictions,
  { points = 15, smallest, seed = 0, confidence }: InceptionScoreInfinityOptions = {},
): InceptionScoreInfinity {
  const reader = readPredictions(predictions);
  const n = reader.rows;
  const sizes = growingSizes(n, { points, smallest: smallest ?? Math.min(5000, Math.floor(n / 2)) });
  const scores = scoreSubsets(reader, sizes, seed);
  const warnings = smallParts(sizes[0], reader.classes);
  const { value, slope } = extrapolate(sizes, scores);
  const result = { value, slope, sizes, scores, seed, samples: n, warnings };
  if (confidence === undefined) return result;
  const ofAll = influenceError(inceptionScoreInfluence(predictions, { splits: 1 }));
  const standardError = ofAll * Math.sqrt(interceptInflation(sizes, n));
  const of = `the expected intercept of ${n} images`;
  const interval = normalInterval({ value, standardError }, { confidence, method: 'influence function', of });
  return { ...result, interval };
}

/** One pass over the images: each is added to every subset that has drawn it. */
function scoreSubsets(reader: PredictionReader, sizes: readonly number[], seed: number): number[] {
  const random = createNumpyRandom(seed);
  const subsets = sizes.map((size) => {
    const drawn = new Uint8Array(reader.rows);
    for (const i of random.choice(reader.rows, size)) drawn[i] = 1;
    return { size, drawn, marginal: new Float64Array(reader.classes), negativeEntropy: 0 };
  });
  const p = new Float64Array(reader.classes);
  for (let i = 0; i < reader.rows; i++) {
    const negativeEntropy = reader.read(i, p);
    for (const subset of subsets) {
      if (!subset.drawn[i]) continue;
      subset.negativeEntropy += negativeEntropy;
      for (let j = 0; j < p.length; j++) subset.marginal[j] += p[j];
    }
  }
  return subsets.map(({ size, marginal, negativeEntropy }) => {
    const mean = marginal.map((sum) => sum / size);
    return Math.exp(meanDivergence(negativeEntropy / size, mean));
  });
}

export const inceptionScoreInfinityMetric = defineMetric({
  id: 'is-infinity',
  name: 'Inception Score of infinitely many images',
  needs: ['logits'],
  sides: 'generated',
  values: { value: { better: 'higher', range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] } },
  advised: 50_000,
  blindTo: 'real images altogether; variety within a class; copies of the training set',
  source: 'Chong, Forsyth 2020, arXiv:1911.07023',
  compute: ({ generated }, options: InceptionScoreInfinityOptions = {}): InceptionScoreInfinity =>
    inceptionScoreInfinity({ logits: generated.logits }, options),
  interval: { needs: [], ofResult: ({ interval }) => ({ value: interval! }) },
});
