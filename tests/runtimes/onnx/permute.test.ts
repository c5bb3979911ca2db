import { expect, test } from 'vitest';
import { permute } from '../../../src/runtimes/onnx/permute';
import { tfjsWasm } from '../tfjs-wasm';

test.each([
  [
    [2, 3, 4, 5],
    [3, 2, 0, 1],
  ],
  [
    [2, 3, 4, 5],
    [2, 3, 0, 1],
  ],
  [
    [1, 3, 1, 5],
    [0, 3, 1, 2],
  ],
  [
    [7, 3],
    [1, 0],
  ],
  [[4], [0]],
  [[], []],
  [
    [2, 0, 3],
    [1, 2, 0],
  ],
])('a tensor of shape %j permuted by %j is the one tfjs gives', async (shape, permutation) => {
  const tf = await tfjsWasm();
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
  const expected = tf.tidy(() => tf.transpose(tf.tensor(data, shape), permutation).dataSync());
  expect(permute(data, shape, permutation)).toEqual(expected);
});
