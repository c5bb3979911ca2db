import type { Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createRandom } from '../../src/math/random';
import { SIZE, type TrainingImages } from './data';
import { createDiscriminator, createGenerator, LATENTS } from './networks';
import type { Tfjs } from './open-backend';

export interface GameOptions {
  readonly batch: number;
  readonly filters: number;
  readonly seed: number;
  /** Of both Adams; 2e-4, the paper's, unless told. */
  readonly rate?: number | undefined;
}

/** What the discriminator said of one batch, before it learned from it: logits. */
export interface Judged {
  readonly real: ArrayLike<number>;
  readonly generated: ArrayLike<number>;
}

/** Generator against discriminator. */
export interface Game {
  /** One step of either; every step draws from a random sequence of its own. */
  play(step: number): Promise<Judged>;
  /** n images in [−1, 1] of the latents given, by the moving averages. */
  generate(latents: Float32Array): Tensor4D;
  /** Everything that training changes. */
  state(): Promise<Tensor[]>;
  restore(state: Tensor[]): Promise<void>;
  dispose(): void;
}

/** The recipe of DCGAN: Adam(2e-4, β₁ = 0.5), logits, and the loss of the generator that does not saturate. */
export function createGame(
  tfjs: Tfjs,
  images: TrainingImages,
  { batch, filters, seed, rate = 2e-4 }: GameOptions,
): Game {
  const { tf } = tfjs;
  const { channels, count, pixels } = images;
  const generator = createGenerator(tfjs, { channels, filters, seed });
  const discriminator = createDiscriminator(tfjs, { channels, filters, seed });
  const [optimizers, models] = [
    [tf.train.adam(rate, 0.5), tf.train.adam(rate, 0.5)],
    [generator, discriminator],
  ];
  const train = (side: 0 | 1, loss: () => Tensor) =>
    optimizers[side].minimize(() => tf.mean(loss()), false, variablesOf(models[side]));
  const judge = (shown: Tensor) => discriminator.apply(shown, { training: true }) as Tensor;
  const make = (z: Tensor) => generator.apply(z, { training: true }) as Tensor;

  const draw = (step: number) => {
    const random = createRandom(Math.imul(seed + 1, 0x9e3779b1) + step);
    const size = SIZE * SIZE * channels;
    const real = new Float32Array(batch * size);
    for (let i = 0; i < batch; i++) {
      const from = random.integer(count) * size;
      for (let k = 0; k < size; k++) real[i * size + k] = pixels[from + k] / 127.5 - 1;
    }
    return { real, z: Float32Array.from({ length: batch * LATENTS }, random.normal) };
  };

  return {
    async play(step) {
      const drawn = draw(step);
      const real = tf.tensor4d(drawn.real, [batch, SIZE, SIZE, channels]);
      const z = tf.tensor2d(drawn.z, [batch, LATENTS]);
      const generated = tf.tidy(() => make(z));
      const said: Tensor[] = [];
      // −log D(x) − log(1 − D(G(z))), of logits.
      train(1, () => {
        said.push(tf.keep(judge(real)), tf.keep(judge(generated)));
        return tf.add(tf.softplus(tf.neg(said[0])), tf.softplus(said[1]));
      });
      // −log D(G(z))
      train(0, () => tf.softplus(tf.neg(judge(make(z)))));
      const [ofReal, ofGenerated] = await Promise.all(said.map((logits) => logits.data()));
      tf.dispose([real, z, generated, said]);
      return { real: ofReal, generated: ofGenerated };
    },
    generate: (latents) =>
      tf.tidy(
        () =>
          generator.predict(
            tf.tensor2d(latents, [latents.length / LATENTS, LATENTS]) as Tensor2D,
          ) as Tensor4D,
      ),
    async state() {
      const moments = await Promise.all(optimizers.map((optimizer) => optimizer.getWeights()));
      return [
        ...models.flatMap((model) => model.getWeights()),
        ...moments.flat().map(({ tensor }) => tensor),
      ];
    },
    async restore(state) {
      for (const model of models) model.setWeights(state.splice(0, model.getWeights().length));
      for (const [side, optimizer] of optimizers.entries()) {
        const moments = state.splice(0, 1 + 2 * variablesOf(models[side]).length);
        await optimizer.setWeights(moments.map((tensor, i) => ({ name: `${side}/${i}`, tensor })));
      }
    },
    dispose() {
      for (const model of models) model.dispose();
      for (const optimizer of optimizers) optimizer.dispose();
    },
  };
}

/** The weights as the layers hold them, not copies. */
function variablesOf(model: LayersModel): Variable[] {
  return model.getWeights(true) as Variable[];
}
