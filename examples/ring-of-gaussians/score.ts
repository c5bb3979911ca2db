import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../src/math/random';
import {
  clippedShare,
  criticWasserstein,
  ganValue,
  generatorLosses,
  gradientPenalty,
  interpolate,
  jsDivergence,
  type Matrix,
  modeCoverage,
  parzenLogLikelihood,
  sampleMixture,
  slicedWasserstein,
} from '../../src/metrics/index';
import { type Game, noise, RING, slopes, toTensor } from './train';

const COUNT = 1000;
const BINS = 32;
const REACH = 3.2;
const REAL = sampleMixture(RING, { count: COUNT, seed: 77 }).samples;

/** Samples of the generator, the same noise at every step. */
export function generate({ generator }: Game): Matrix<Float64Array> {
  const data = valuesOf(() => generator.apply(noise(COUNT, createRandom(78))));
  return { rows: COUNT, columns: 2, data };
}

/**
 * Scores of the samples against held-out real ones, and what the discriminator's outputs say: of those that are
 * probabilities by the sigmoid, the value of the game; of critics, the Wasserstein distance that they imply.
 */
export function scoresOf(game: Game): Record<string, number> {
  const samples = generate(game);
  if (!samples.data.every(Number.isFinite)) return { modes: Number.NaN };
  const { value: modes, highQuality } = modeCoverage(samples, RING, { least: COUNT / 100 });
  return {
    modes,
    highQuality,
    js: jsDivergence(histogram(REAL), histogram(samples)).value,
    w1: slicedWasserstein(REAL, samples, { order: 1, projections: 32 }).value,
    logLikelihood: parzenLogLikelihood(samples, REAL, { bandwidth: 0.1 }).value,
    ...diagnose(game, samples),
  };
}

function diagnose(game: Game, samples: Matrix<Float64Array>): Record<string, number> {
  const { objective, discriminator } = game;
  const outputs = (points: Matrix) => valuesOf(() => discriminator.apply(toTensor(points)));
  const gradients = (value: (x: tf.Tensor2D) => tf.Tensor, points: Matrix): Matrix => ({
    rows: points.rows,
    columns: 2,
    data: valuesOf(() => slopes(value, toTensor(points))),
  });
  const said = { real: outputs(REAL), generated: outputs(samples) };
  const toGenerator = gradients((x) => objective.generatorLoss(discriminator.apply(x)), samples);
  const scores = { sampleGradient: gradientPenalty({ gradients: toGenerator }).norm.mean };
  const { boundary } = objective;
  if (boundary === undefined) {
    const between = interpolate({ real: REAL, generated: samples });
    const { norm } = gradientPenalty({ gradients: gradients(discriminator.apply, between) });
    const weights = discriminator.weights.flatMap((weight) => [...weight.dataSync()]);
    return {
      ...scores,
      criticSlope: norm.mean,
      // An estimate of the distance as good as the largest slope found is of the Lipschitz constant.
      ...(norm.largest > 0 && { criticW1: criticWasserstein(said, { lipschitz: norm.largest }).value }),
      ...(objective.clip !== undefined && {
        clipped: clippedShare(weights, { bound: objective.clip }).value,
      }),
    };
  }
  const logits = {
    real: said.real.map((s) => s - boundary),
    generated: said.generated.map((s) => s - boundary),
  };
  const { accuracy, jensenShannon } = ganValue(logits, { outputs: 'logits' });
  if (boundary !== 0) return { ...scores, accuracy };
  const { minimax, nonSaturating } = generatorLosses(logits, { outputs: 'logits' });
  return {
    ...scores,
    accuracy,
    discriminatorJs: jensenShannon.estimate,
    ...(objective.name === 'MMGAN'
      ? { minimaxGradient: minimax.gradient }
      : { nonSaturatingGradient: nonSaturating.gradient }),
  };
}

function valuesOf(compute: () => tf.Tensor): Float64Array {
  const result = tf.tidy(compute);
  const values = Float64Array.from(result.dataSync());
  result.dispose();
  return values;
}

/** Over a square around the ring; what lies outside counts to the outermost bins. */
function histogram({ rows, data }: Matrix): Float64Array {
  const counts = new Float64Array(BINS * BINS);
  const bin = (x: number) => Math.min(BINS - 1, Math.max(0, Math.floor(((x + REACH) / (2 * REACH)) * BINS)));
  for (let i = 0; i < rows; i++) counts[bin(data[2 * i]) * BINS + bin(data[2 * i + 1])]++;
  return counts;
}
