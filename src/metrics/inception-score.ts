import { invalidOption } from '../errors';
import { atOnce } from '../math/computation';
import type { Matrix } from '../math/matrix';
import { type ClassPredictions, type PredictionReader, readPredictions } from './class-predictions';
import { type DifferenceSizes, pairedDifference } from './difference';
import { type SplitOptions, type Splitting, splitImages } from './inception-score-splits';
import { type Influence, type Interval, influenceError, normalInterval } from './interval';
import { defineMetric, type Estimates } from './metric';
import type { Warning } from './warning';

export interface InceptionScoreOptions extends SplitOptions {
  /** The variance of the scores of the parts is divided by splits − ddof. */
  readonly ddof?: 0 | 1;
}

export interface InceptionScore extends Splitting {
  /** The mean over the parts of exp(mean KL(p(y|x) ‖ p(y))). */
  readonly value: number;
  /** Standard deviation over the parts: what papers put behind ±, and no standard error. */
  readonly std: number;
  readonly ddof: 0 | 1;
  readonly scores: readonly number[];
  readonly samples: number;
  readonly warnings: readonly Warning[];
}

/**
 * Inception Score: how certain a classifier is of every image and how varied the classes are over all of them.
 * Higher is better. Range: [1, classes]. Never looks at real images.
 *
 * @param predictions  { logits } or { probabilities } of generated images, n × classes
 * @param options      splits (10), remainder ('spread') or blockSize, order ('shuffled'), seed (0), ddof (0)
 * @throws NOT_FINITE, NOT_PROBABILITIES, SHAPE_MISMATCH, TOO_FEW_SAMPLES for fewer images than splits, INVALID_OPTION
 * @see Salimans et al. 2016, arXiv:1606.03498
 * @example
 * import { inceptionScore } from 'gan-metrics/metrics';
 *
 * // Certain of every image, all three classes alike: 3.
 * const varied = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
 * console.log(inceptionScore({ probabilities: varied }, { splits: 1 }).value); // 3
 * // One class only, or no idea of any image: 1.
 * const collapsed = [[9, 0, 0], [9, 0, 0], [9, 0, 0]];
 * console.log(inceptionScore({ logits: collapsed }, { splits: 1 }).value); // 1
 */
export function inceptionScore(
  predictions: ClassPredictions,
  options: InceptionScoreOptions = {},
): InceptionScore {
  const reader = readPredictions(predictions);
  const { parts, splitting } = splitImages(reader.rows, options);
  const ddof = checkedDdof(options.ddof, parts.length);
  const scored = parts.map((part) => scorePart(reader, part));
  const scores = scored.map(({ score }) => score);
  const value = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const squares = scores.reduce((sum, score) => sum + (score - value) ** 2, 0);
  const warnings = [
    ...smallParts(Math.min(...parts.map((part) => part.length)), reader.classes),
    ...(splitting.order === 'given' ? drift(parts, scored) : []),
  ];
  const std = Math.sqrt(squares / (scores.length - ddof));
  return { value, std, ddof, scores, ...splitting, samples: reader.rows, warnings };
}

/**
 * How much each image moves the Inception Score: in its part, IS · (KL(pᵢ ‖ p̄) − mean KL), as what it does through
 * the part's p̄ adds up to zero.
 *
 * @param predictions  as for {@link inceptionScore}, and the same options
 * @throws as {@link inceptionScore} does
 * @example
 * import { inceptionScoreInfluence } from 'gan-metrics/metrics';
 *
 * const probabilities = [[1, 0], [0, 1], [0.5, 0.5]];
 * const { generated, value } = inceptionScoreInfluence({ probabilities }, { splits: 1 });
 * // 2^(2/3); the image of no clear class lowers it.
 * console.log(value, [...generated]); // 1.5874 [ 0.366768, 0.366768, -0.733535 ]
 */
export function inceptionScoreInfluence(
  predictions: ClassPredictions,
  options: SplitOptions = {},
): InceptionScoreInfluence {
  const reader = readPredictions(predictions);
  const { parts } = splitImages(reader.rows, options);
  const generated = new Float64Array(reader.rows);
  const p = new Float64Array(reader.classes);
  let value = 0;
  for (const part of parts) {
    const { score, marginal } = scorePart(reader, part);
    const logs = marginal.map((q) => (q > 0 ? Math.log(q) : 0));
    value += score / parts.length;
    for (const i of part) {
      const divergence = reader.read(i, p) - p.reduce((sum, q, j) => sum + q * logs[j], 0);
      const share = reader.rows / (part.length * parts.length);
      generated[i] = share * score * (divergence - Math.log(score));
    }
  }
  return { generated, value, splits: parts.length };
}

export interface InceptionScoreInfluence extends Influence {
  /** What is influenced. */
  readonly value: number;
  readonly splits: number;
}

interface ScoredPart {
  readonly score: number;
  readonly marginal: Float64Array;
  /** Σᵢ p², of every class. */
  readonly squares: Float64Array;
}

function scorePart(reader: PredictionReader, part: Uint32Array): ScoredPart {
  const p = new Float64Array(reader.classes);
  const marginal = new Float64Array(reader.classes);
  const squares = new Float64Array(reader.classes);
  let negativeEntropy = 0;
  for (const i of part) {
    negativeEntropy += reader.read(i, p);
    for (let j = 0; j < p.length; j++) {
      marginal[j] += p[j];
      squares[j] += p[j] * p[j];
    }
  }
  for (let j = 0; j < p.length; j++) marginal[j] /= part.length;
  return { score: Math.exp(meanDivergence(negativeEntropy / part.length, marginal)), marginal, squares };
}

/** Mean KL(p ‖ p̄) = H(p̄) − mean H(p), at least 0. */
export function meanDivergence(meanNegativeEntropy: number, marginal: Float64Array): number {
  const ofMarginal = marginal.reduce((sum, q) => (q > 0 ? sum + q * Math.log(q) : sum), 0);
  return Math.max(meanNegativeEntropy - ofMarginal, 0);
}

function checkedDdof(ddof: 0 | 1 = 0, splits: number): 0 | 1 {
  if (ddof !== 0 && ddof !== 1) throw invalidOption('ddof', '0 or 1', ddof);
  if (splits > ddof) return ddof;
  throw invalidOption('ddof', '0 with a single split, whose scores have no spread', ddof);
}

/** What to know of a score of so few images. */
export function smallParts(fewest: number, classes: number): Warning[] {
  if (fewest >= classes) return [];
  return [
    {
      code: 'FEWER_SAMPLES_THAN_CLASSES',
      message:
        `${fewest} images cannot show the variety of ${classes} classes: the value is biased downwards and ` +
        'comparable only with values from equally many images scored together. Use more images, or fewer splits.',
    },
  ];
}

/** How many standard deviations above chance count as drift, and what of the score it must cost to be told. */
const DRIFT = { deviations: 8, cost: 0.01 };

/**
 * Images that come class by class make every split poorer than the set. Between the splits the class distributions
 * then vary more than within, which a ratio of variances tells (pseudo-F with the chi-square distance; Anderson 2001).
 */
function drift(parts: readonly Uint32Array[], scored: readonly ScoredPart[]): Warning[] {
  const n = parts.reduce((sum, part) => sum + part.length, 0);
  const s = parts.length;
  if (s === 1 || n === s) return [];
  let between = 0;
  let total = 0;
  for (let j = 0; j < scored[0].marginal.length; j++) {
    const mean = scored.reduce((sum, { marginal }, k) => sum + marginal[j] * parts[k].length, 0) / n;
    if (mean === 0) continue;
    scored.forEach(({ marginal, squares }, k) => {
      between += (parts[k].length * (marginal[j] - mean) ** 2) / mean;
      total += (squares[j] - parts[k].length * mean * mean) / mean;
    });
  }
  const within = (total - between) / (n - s);
  const byChance = within * (s - 1);
  const limit = byChance * (1 + DRIFT.deviations * Math.sqrt(2 / (s - 1)));
  const cost = 1 - Math.exp(-(between - byChance) / (2 * n));
  if (between <= limit || cost < DRIFT.cost) return [];
  return [
    {
      code: 'ORDER_NOT_RANDOM',
      message:
        'The classes drift along the order of the images, as where they lie sorted by class: every split lacks some, ' +
        `which lowers the value by about ${(100 * cost).toPrecision(2)} %. Use order 'shuffled'.`,
    },
  ];
}

/** The tools' choices. torchmetrics shuffles with PyTorch's generator: its order cannot be drawn again. */
export const INCEPTION_SCORE_COMPAT: Readonly<
  Record<'adm' | 'stylegan3' | 'torch-fidelity', InceptionScoreOptions>
> = {
  adm: { blockSize: 5000, order: 'given' },
  stylegan3: { splits: 10, remainder: 'spread', order: 'given', ddof: 0 },
  'torch-fidelity': { splits: 10, remainder: 'spread', order: 'shuffled', seed: 2020, ddof: 0 },
};

export const inceptionScoreMetric = defineMetric({
  id: 'is',
  name: 'Inception Score',
  needs: ['logits'],
  sides: 'generated',
  values: { value: { better: 'higher', range: [1, Number.POSITIVE_INFINITY] } },
  advised: 50_000,
  blindTo: 'real images altogether; variety within a class; copies of the training set',
  source: 'Salimans et al. 2016, arXiv:1606.03498',
  compat: INCEPTION_SCORE_COMPAT,
  compute: ({ generated }, options: InceptionScoreOptions = {}): InceptionScore =>
    inceptionScore({ logits: generated.logits }, options),
  interval: {
    needs: ['logits'],
    compute: ({ generated }, options) => ({
      value: inceptionScoreInterval({ logits: generated.logits }, options),
    }),
  },
  difference: pairedDifference<InceptionScoreOptions>({
    needs: ['logits'],
    options: ['splits', 'remainder', 'blockSize', 'order', 'seed'],
    dependsOnSize: true,
    estimate: ({ generated }, options) => atOnce(() => estimate(generated.logits, options)),
    of: (_, n) => differenceIsOf(n),
  }),
});

function estimate(logits: Matrix, options: SplitOptions = {}): Estimates {
  const { value, warnings } = inceptionScore({ logits }, options);
  const influence = inceptionScoreInfluence({ logits }, options);
  return {
    n: { real: null, generated: logits.rows },
    numbers: { value: { value, influence, interval: intervalFacts(influence) } },
    warnings,
  };
}

/** What the interval of a difference is for. */
export function differenceIsOf({ a, b }: DifferenceSizes): string {
  return `the difference of the expected Inception Scores of ${a} images of a and ${b} of b`;
}

/**
 * Interval of the Inception Score by influence functions, for what as many images in as many splits give on average,
 * which lies below the score of infinitely many. The spread of the splits (`std`) gives no such interval.
 *
 * @param predictions  as for {@link inceptionScore}
 * @param options      confidence (0.95), in (0, 1); splits and order as of the score
 * @throws as {@link inceptionScore} does
 * @example
 * import { inceptionScoreInterval } from 'gan-metrics/metrics';
 *
 * const logits = Array.from({ length: 300 }, (_, i) => [i % 3 === 0 ? 4 : 0, i % 3 === 1 ? 2 : 0, 0]);
 * const { low, high } = inceptionScoreInterval({ logits }, { splits: 1 });
 * console.log(low, high); // 1.40375 1.47046
 */
export function inceptionScoreInterval(
  predictions: ClassPredictions,
  { confidence = 0.95, ...options }: SplitOptions & { readonly confidence?: number } = {},
): Interval {
  const influence = inceptionScoreInfluence(predictions, options);
  return normalInterval(
    { value: influence.value, standardError: influenceError(influence) },
    { confidence, ...intervalFacts(influence) },
  );
}

function intervalFacts({ generated, splits }: InceptionScoreInfluence) {
  return {
    method: 'influence function',
    of: `the expected Inception Score of ${generated.length} images in ${splits} ${splits === 1 ? 'split' : 'splits'}`,
  } as const;
}
