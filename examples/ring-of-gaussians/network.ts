import { createRequire } from 'node:module';
import path from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
// Brings the gradients along: the build of tfjs-core for Node has none of its own.
import '@tensorflow/tfjs-layers';
import { createRandom } from '../../src/math/random';

/** tfjs on WebAssembly, one thread: seven times as fast here as plain JavaScript. */
export async function openTfjs(): Promise<void> {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  if (!tf.findBackend('wasm') || tf.getBackend() !== 'wasm') {
    setWasmPaths(`${path.dirname(main)}${path.sep}`);
    await tf.setBackend('wasm');
  }
  await tf.ready();
}

/** Dense layers with ReLU between them. */
export interface Network {
  readonly weights: tf.Variable[];
  apply(x: tf.Tensor2D): tf.Tensor2D;
  dispose(): void;
}

/**
 * @param sizes    of the input, the hidden layers and the output
 * @param options  seed of the weights; outputScale: what those of the last layer are multiplied by
 */
export function createNetwork(
  sizes: readonly number[],
  { seed, outputScale = 1 }: { seed: number; outputScale?: number },
): Network {
  const random = createRandom(seed);
  // Variables outlive the tidying, the tensors they were made of do not.
  const layers = tf.tidy(() =>
    sizes.slice(1).map((columns, k) => {
      const rows = sizes[k];
      // He's initialization: ReLU halves the variance.
      const scale = Math.sqrt(2 / rows) * (k === sizes.length - 2 ? outputScale : 1);
      const kernel = Float32Array.from({ length: rows * columns }, () => scale * random.normal());
      return {
        kernel: tf.variable(tf.tensor2d(kernel, [rows, columns])),
        bias: tf.variable(tf.zeros([columns])),
      };
    }),
  );
  const weights = layers.flatMap(({ kernel, bias }) => [kernel, bias] as tf.Variable[]);
  return {
    weights,
    apply: (x) =>
      layers.reduce<tf.Tensor2D>((y, { kernel, bias }, k) => {
        const sums = tf.add<tf.Tensor2D>(product(y, kernel), bias);
        return k < layers.length - 1 ? tf.relu(sums) : sums;
      }, x),
    dispose: () => {
      for (const weight of weights) weight.dispose();
    },
  };
}

/**
 * A matrix product whose gradients are products of transposed copies. tfjs asks its backend to transpose on the fly,
 * which on WebAssembly is the slow path: this makes a training step three times as fast. It can be differentiated
 * twice, as the gradient penalty needs it to be.
 */
export const product: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D = tf.customGrad((...inputs) => {
  const [a, b, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor2D, tf.GradSaveFunc];
  save([a, b]);
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [left, right] = saved as tf.Tensor2D[];
      return [
        product(dy as tf.Tensor2D, tf.transpose(right)),
        product(tf.transpose(left), dy as tf.Tensor2D),
      ];
    },
  };
});
