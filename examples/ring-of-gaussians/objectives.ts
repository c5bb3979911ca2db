import * as tf from '@tensorflow/tfjs-core';

/** What one of the five games minimizes, on both sides; outputs are the discriminator's, before any sigmoid. */
export interface Objective {
  readonly name: string;
  /** A scalar. */
  discriminatorLoss(outputs: { real: tf.Tensor; generated: tf.Tensor }): tf.Scalar;
  /** One a sample. */
  generatorLoss(generated: tf.Tensor): tf.Tensor;
  /** λ of the gradient penalty. */
  readonly penalty?: number;
  /** Weights of the discriminator are clipped to ± this. */
  readonly clip?: number;
  /** The output above which the discriminator says real; critics have none. */
  readonly boundary?: number;
  /** @param rate  1 for the generator's, more for a discriminator that is to be ahead of it */
  optimizer(rate: number): tf.Optimizer;
}

/** The same for four of them, so that nothing but the objective differs. */
const adam = (rate: number) => tf.train.adam(2e-3 * rate, 0.5, 0.9);

const crossEntropy: Objective['discriminatorLoss'] = ({ real, generated }) =>
  tf.add(tf.mean(tf.softplus(tf.neg(real))), tf.mean(tf.softplus(generated)));
const criticLoss: Objective['discriminatorLoss'] = ({ real, generated }) =>
  tf.sub(tf.mean(generated), tf.mean(real));

/** @see Goodfellow et al. 2014, Mao et al. 2017, Arjovsky et al. 2017, Gulrajani et al. 2017 */
export const objectives = {
  minimax: {
    name: 'MMGAN',
    discriminatorLoss: crossEntropy,
    // log(1 − D) = −softplus of the logit.
    generatorLoss: (generated) => tf.neg(tf.softplus(generated)),
    boundary: 0,
    optimizer: adam,
  },
  nonSaturating: {
    name: 'NSGAN',
    discriminatorLoss: crossEntropy,
    generatorLoss: (generated) => tf.softplus(tf.neg(generated)),
    boundary: 0,
    optimizer: adam,
  },
  leastSquares: {
    name: 'LSGAN',
    discriminatorLoss: ({ real, generated }) =>
      tf.add(tf.mean(tf.square(tf.sub(real, 1))), tf.mean(tf.square(generated))),
    generatorLoss: (generated) => tf.square(tf.sub(generated, 1)),
    boundary: 0.5,
    optimizer: adam,
  },
  clippedWasserstein: {
    name: 'WGAN',
    discriminatorLoss: criticLoss,
    generatorLoss: (generated) => tf.neg(generated),
    clip: 0.1,
    // Without momentum, as the paper has it.
    optimizer: () => tf.train.rmsprop(5e-4),
  },
  penalizedWasserstein: {
    name: 'WGAN-GP',
    discriminatorLoss: criticLoss,
    generatorLoss: (generated) => tf.neg(generated),
    // The paper has 10; its authors' own code for this ring, gan_toy.py, takes 0.1, which is faster.
    penalty: 0.1,
    optimizer: adam,
  },
} satisfies Record<string, Objective>;

export type ObjectiveId = keyof typeof objectives;
