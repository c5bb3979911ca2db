import { expect, test } from 'vitest';
import type { GraphBuilder } from '../../../src/models/graph-builder';
import type { GraphModel } from '../../../src/models/model';
import { translateModel } from '../../../src/runtimes/onnx/translate';
import { residualNetwork } from '../small-networks';
import { drawn, type Sketch } from './both-engines';

function sized(draw: (sketch: Sketch) => string, size: number): GraphModel {
  const { model, output } = drawn(draw);
  return { ...model, outputs: { features: { node: output, size } } };
}

test('what lies behind the outputs asked for is neither translated nor written', () => {
  const model = residualNetwork();
  const nodes = model.graph.nodes.map((node) => (node.name === 'logits' ? { ...node, op: 'Unheard' } : node));
  const cut = { ...model, graph: { ...model.graph, nodes } };
  expect(() => translateModel(cut, ['logits'])).toThrow();
  const features = translateModel(cut, ['features']).encode().length;
  expect(features).toBeLessThan(translateModel(model, ['features', 'logits']).encode().length);
  expect(translateModel(model, ['map']).encode().length).toBeLessThan(features);
});

test('the same model gives the same bytes', () => {
  const [first, second] = [1, 2].map(() => translateModel(residualNetwork(), ['features', 'map']).encode());
  expect(Buffer.compare(first, second)).toBe(0);
});

test('operators without a translation are all named, with their nodes', () => {
  const model = sized(({ images, op }) => op('Frob', [op('Nicate', [op('Frob', [images])])]), 189);
  expect(() => translateModel(model, ['features'])).toThrow(
    expect.objectContaining({
      code: 'UNSUPPORTED_OPERATOR',
      message: expect.stringContaining('Frob, Nicate'),
      details: {
        operators: [
          { node: 'Frob0', op: 'Frob' },
          { node: 'Nicate1', op: 'Nicate' },
          { node: 'Frob2', op: 'Frob' },
        ],
      },
    }),
  );
});

test.each<[string, (sketch: Sketch) => string]>([
  ['a reshape that fixes the batch', ({ images, op, ints }) => op('Reshape', [images, ints([1, 189])])],
  [
    'a cut through the batch',
    ({ images, op, ints }) => op('Slice', [images, ints([0, 0, 0, 0]), ints([1, -1, -1, -1])]),
  ],
  [
    'a symmetric border of the batch',
    ({ images, op, ints }) =>
      op('MirrorPad', [images, ints([1, 0, 1, 1, 1, 1, 0, 0], [4, 2])], { mode: { s: btoa('SYMMETRIC') } }),
  ],
  ['axes that the graph computes', ({ images, op, floats }) => op('Mean', [images, floats([1])])],
  [
    'a second output of a batch norm',
    ({ images, op, floats }) =>
      op('Identity', [`${op('FusedBatchNorm', [images, ...[1, 2, 3, 4].map(() => floats([3]))])}:1`]),
  ],
  [
    'channels before height',
    ({ images, op, floats }) => op('BiasAdd', [images, floats([3])], { data_format: { s: btoa('NCHW') } }),
  ],
  ['a cast to integers', ({ images, op }) => op('Cast', [images], { DstT: { type: 'DT_INT32' } })],
  ['a filter for other channels', ({ images, op, floats }) => op('Conv2D', [images, floats([1, 1, 2, 3])])],
  [
    'a window larger than its input',
    ({ images, op }) =>
      op('MaxPool', [images], {
        ksize: { list: { i: ['1', '12', '1', '1'] } },
        padding: { s: btoa('VALID') },
      }),
  ],
])('%s is refused by its node', (_, draw) => {
  expect(() => translateModel(sized(draw, 189), ['features'])).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED_OPERATOR' }),
  );
});

test('outputs that are not one row per image, or of another size, are invalid', () => {
  const invalid = expect.objectContaining({ code: 'MODEL_INVALID' });
  const mean = ({ builder, images }: { builder: GraphBuilder; images: string }) =>
    builder.mean('mean', images, { axes: [0] });
  expect(() => translateModel(sized(mean, 189), ['features'])).toThrow(invalid);
  const relu = ({ builder, images }: { builder: GraphBuilder; images: string }) =>
    builder.relu('relu', images);
  expect(() => translateModel(sized(relu, 188), ['features'])).toThrow(invalid);
  expect(translateModel(sized(relu, 189), ['features']).outputs).toHaveLength(1);
});

test('a graph deeper than the call stack is translated', () => {
  const model = sized(({ builder, images }) => {
    let last = images;
    for (let i = 0; i < 20_000; i++) last = builder.identity(`identity${i}`, last);
    return last;
  }, 189);
  expect(translateModel(model, ['features']).encode().length).toBeGreaterThan(0);
});
