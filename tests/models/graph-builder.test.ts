import { expect, test } from 'vitest';
import { graphBuilder } from '../../src/models/graph-builder';

const kernel = { shape: [1, 1, 3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };

test('a convolution with bias and activation is one fused node with its weights', () => {
  const builder = graphBuilder();
  const x = builder.input('images', { height: 4, width: 5 });
  builder.conv2d('conv', x, { kernel, bias: Float32Array.of(7, 8), strides: 2, activation: 'relu' });
  const { nodes, weightSpecs, weightData } = builder.build();
  expect(nodes.map(({ op }) => op)).toEqual(['Placeholder', 'Const', 'Const', '_FusedConv2D']);
  expect(nodes.at(-1)).toMatchObject({
    input: ['images', 'conv/kernel', 'conv/bias'],
    attr: {
      strides: { list: { i: ['1', '2', '2', '1'] } },
      padding: { s: btoa('SAME') },
      fused_ops: { list: { s: [btoa('BiasAdd'), btoa('Relu')] } },
    },
  });
  expect(weightSpecs.map(({ shape }) => shape)).toEqual([[1, 1, 3, 2], [2]]);
  expect([...new Float32Array(weightData)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test('float16 storage halves float weights and leaves integers alone', () => {
  const builder = graphBuilder({ storage: 'float16' });
  const x = builder.input('images', { height: 4, width: 5 });
  builder.mean('mean', builder.conv2d('conv', x, { kernel }));
  const { weightSpecs, weightData } = builder.build();
  expect(weightSpecs[0]).toMatchObject({ dtype: 'float32', quantization: { dtype: 'float16' } });
  expect(weightSpecs[1]).toEqual({ name: 'mean/axes', shape: [2], dtype: 'int32' });
  expect(weightData.byteLength).toBe(6 * 2 + 2 * 4);
});

test('a graph that cannot be is refused where it is built', () => {
  const invalid = expect.objectContaining({ code: 'MODEL_INVALID' });
  const builder = graphBuilder({ storage: 'float16' });
  const x = builder.input('images', { height: 4, width: 5 });
  expect(() => builder.relu('images', x)).toThrow(invalid);
  expect(() => builder.relu('relu', 'nowhere')).toThrow(invalid);
  expect(() => builder.constant('short', { shape: [3], data: Float32Array.of(1, 2) })).toThrow(invalid);
  expect(() => builder.constant('large', { shape: [1], data: Float32Array.of(1e6) })).toThrow(invalid);
});
