import { expect, test } from 'vitest';
import { weightReader } from '../../src/models/graph-weights';
import type { WeightSpec } from '../../src/models/model';
import { tfjsWasm } from '../runtimes/tfjs-wasm';

// Odd lengths, so that later weights start at offsets no typed-array view could take.
const specs: WeightSpec[] = [
  { name: 'halves', shape: [3], dtype: 'float32', quantization: { dtype: 'float16' } },
  { name: 'flags', shape: [3], dtype: 'bool' },
  { name: 'floats', shape: [2, 1], dtype: 'float32' },
  { name: 'bytes', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', min: -0.3, scale: 0.017 } },
  { name: 'words', shape: [2], dtype: 'float32', quantization: { dtype: 'uint16', min: -1.1, scale: 3e-5 } },
  { name: 'counts', shape: [2], dtype: 'int32', quantization: { dtype: 'uint8', min: -7, scale: 1.5 } },
  { name: 'integers', shape: [], dtype: 'int32' },
];
const weightData = Uint8Array.from({ length: 6 + 3 + 8 + 3 + 4 + 2 + 4 }, (_, i) => (i * 37) % 61).buffer;
// Booleans are stored as 0 and 1.
new Uint8Array(weightData).set([1, 0, 1], 6);

test('weights of every stored type decode to the values tfjs gives them', async () => {
  const tf = await tfjsWasm();
  const tensors = tf.io.decodeWeights(
    weightData,
    specs as unknown as Parameters<typeof tf.io.decodeWeights>[1],
  );
  const weight = weightReader({ nodes: [], weightSpecs: specs, weightData });
  for (const { name, shape } of specs) {
    expect([...weight(name)!.data]).toEqual([...tensors[name].dataSync()]);
    expect(weight(name)!.shape).toEqual(shape);
  }
  tf.dispose(tensors);
});

test('a name without a weight has none', () => {
  expect(weightReader({ nodes: [], weightSpecs: specs, weightData })('other')).toBeUndefined();
});

test('weights longer or shorter than their shapes say are invalid', () => {
  for (const length of [weightData.byteLength - 1, weightData.byteLength + 1]) {
    expect(() =>
      weightReader({ nodes: [], weightSpecs: specs, weightData: new ArrayBuffer(length) }),
    ).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  }
});
