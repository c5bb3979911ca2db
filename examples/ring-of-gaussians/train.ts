import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../src/math/random';
import { type Matrix, ringOfGaussians, sampleMixture } from '../../src/metrics/index';
import { createNetwork, type Network } from './network';
import type { Objective } from './objectives';

export const MODES = 8;
export const RING = ringOfGaussians({ modes: MODES, radius: 2, sigma: 0.1 });
export const LATENT = 2;
const HIDDEN = [64, 64];
const BATCH = 128;
/** Updates of the discriminator for each of the generator, at a rate four times as high: it is near its optimum. */
const DISCRIMINATOR_STEPS = 5;
const DISCRIMINATOR_RATE = 4;
/** Updates of the discriminator before the first of the generator. */
const HEAD_START = 100;
/** The generator starts as a small cloud in the middle of the ring, away from all modes. */
const CLOUD = 0.03;

export interface Game {
  readonly objective: Objective;
  readonly generator: Network;
  readonly discriminator: Network;
}

/**
 * Trains a generator against a discriminator on the ring. Weights, noise and batches follow from the seed, and are the
 * same for every objective.
 *
 * @param options  steps: updates of the generator; onStep is told how many have been done, from 0 on
 */
export function train(
  objective: Objective,
  { steps, seed, onStep }: { steps: number; seed: number; onStep(step: number, game: Game): void },
): Game {
  const generator = createNetwork([LATENT, ...HIDDEN, 2], { seed: seed * 1000 + 1, outputScale: CLOUD });
  const discriminator = createNetwork([2, ...HIDDEN, 1], { seed: seed * 1000 + 2 });
  const optimizers = {
    generator: scheduled(objective.optimizer(1)),
    discriminator: scheduled(objective.optimizer(DISCRIMINATOR_RATE)),
  };
  const game = { objective, generator, discriminator };
  const random = createRandom(seed * 1000 + 3);
  for (let step = 0; step < steps; step++) {
    onStep(step, game);
    for (const optimizer of Object.values(optimizers)) optimizer.slowTo(1 - step / steps);
    for (let k = 0; k < DISCRIMINATOR_STEPS + (step === 0 ? HEAD_START : 0); k++) {
      update(optimizers.discriminator, discriminator, () => {
        const real = toTensor(sampleMixture(RING, { count: BATCH, seed: random.next() }).samples);
        const generated = generator.apply(noise(BATCH, random));
        const outputs = discriminator.apply(tf.concat([real, generated]));
        const [ofReal, ofGenerated] = tf.split(outputs, 2);
        const loss = objective.discriminatorLoss({ real: ofReal, generated: ofGenerated });
        if (objective.penalty === undefined) return loss;
        const share = tf.tensor2d(
          Float32Array.from({ length: BATCH }, () => (random.next() + 0.5) / 2 ** 32),
          [BATCH, 1],
        );
        const between = tf.add<tf.Tensor2D>(generated, tf.mul(share, tf.sub(real, generated)));
        return tf.add(loss, tf.mul(objective.penalty, slopePenalty(discriminator, between)));
      });
      if (objective.clip !== undefined) clip(discriminator, objective.clip);
    }
    update(optimizers.generator, generator, () =>
      tf.mean(objective.generatorLoss(discriminator.apply(generator.apply(noise(BATCH, random))))),
    );
  }
  onStep(steps, game);
  for (const optimizer of Object.values(optimizers)) optimizer.dispose();
  return game;
}

export function disposeGame({ generator, discriminator }: Game): void {
  generator.dispose();
  discriminator.dispose();
}

/** An optimizer whose rate falls: tfjs reads it anew at every step, but its types hide it. */
function scheduled<Kind extends tf.Optimizer>(optimizer: Kind): Kind & { slowTo(share: number): void } {
  const inner = optimizer as unknown as { learningRate: number };
  const rate = inner.learningRate;
  const slowTo = (share: number) => {
    inner.learningRate = rate * share;
  };
  return Object.assign(optimizer, { slowTo });
}

/** Gradients of what `value` sums up to, at each point. */
export function slopes(value: (x: tf.Tensor2D) => tf.Tensor, points: tf.Tensor2D): tf.Tensor2D {
  return tf.grad((x: tf.Tensor) => tf.sum(value(x as tf.Tensor2D)))(points) as tf.Tensor2D;
}

/** E (‖∇f‖ − 1)² at the points. */
export function slopePenalty(discriminator: Network, points: tf.Tensor2D): tf.Scalar {
  const squares = tf.sum(tf.square(slopes(discriminator.apply, points)), 1);
  // The root of 0 has no slope, and a dead network has gradient 0.
  return tf.mean(tf.square(tf.sub(tf.sqrt(tf.add(squares, 1e-12)), 1)));
}

export function noise(count: number, random: { normal(): number }): tf.Tensor2D {
  return tf.tensor2d(
    Float32Array.from({ length: count * LATENT }, () => random.normal()),
    [count, LATENT],
  );
}

export function toTensor({ rows, columns, data }: Matrix): tf.Tensor2D {
  return tf.tensor2d(Float32Array.from(data), [rows, columns]);
}

function update(optimizer: tf.Optimizer, network: Network, loss: () => tf.Scalar): void {
  tf.tidy(() => optimizer.applyGradients(tf.variableGrads(loss, network.weights).grads));
}

function clip(network: Network, bound: number): void {
  tf.tidy(() => {
    for (const weight of network.weights) weight.assign(tf.clipByValue(weight, -bound, bound));
  });
}
