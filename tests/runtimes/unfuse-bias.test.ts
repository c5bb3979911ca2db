import { expect, test } from 'vitest';
import { attribute } from '../../src/models/attributes';
import { selectRuntime } from '../../src/runtimes/select';
import { unfuseBias } from '../../src/runtimes/unfuse-bias';
import { relativeDifference } from './contract';
import { drawn } from './onnx/both-engines';
import { conv, convolved, type Draw, fused, placed, pooled } from './onnx/cases/parts';
import { onPlainTfjs } from './plain-tfjs';
import { randomValues } from './random-tensors';
import { residualNetwork } from './small-networks';

const scalar: Draw = (s) =>
  s.op('_FusedConv2D', [s.images, s.floats([3, 3, 3, 4]), s.given([], [0.7])], {
    ...placed('SAME'),
    ...fused('BiasAdd', 'Relu6'),
  });

const CASES: Record<string, Draw> = {
  'one number': scalar,
  'a residual connection': (s) =>
    s.op('_FusedConv2D', [s.images, s.floats([1, 1, 3, 4]), convolved(s)], {
      ...placed('SAME'),
      ...fused('BiasAdd'),
    }),
  'a residual connection, before a slope per channel': (s) =>
    s.op('_FusedConv2D', [s.images, s.floats([1, 1, 3, 4]), convolved(s), s.floats([1, 1, 4])], {
      ...placed('SAME'),
      ...fused('BiasAdd', 'Prelu'),
    }),
  'a residual connection, before a leaky activation': (s) =>
    s.op('_FusedConv2D', [s.images, s.floats([1, 1, 3, 4]), convolved(s)], {
      ...placed('SAME'),
      ...fused('BiasAdd', 'LeakyRelu'),
      leakyrelu_alpha: attribute.float(0.3),
    }),
  'one number after a depthwise convolution': (s) =>
    s.op('FusedDepthwiseConv2dNative', [s.images, s.floats([3, 3, 3, 2]), s.given([], [0.7])], {
      ...placed('SAME'),
      ...fused('BiasAdd', 'Relu'),
    }),
  'features beside a product of features': (s) =>
    s.op('_FusedMatMul', [pooled(s), s.floats([4, 4]), pooled(s)], fused('BiasAdd', 'Relu')),
};

test.each(Object.entries(CASES))('tfjs on WASM runs a fused operator whose bias is %s', async (_, draw) => {
  const { model, output } = drawn(draw);
  const batch = randomValues(3 * 9 * 7 * 3, 1);
  const { shape, values } = onPlainTfjs(model, { node: output, batch, count: 3 });
  const size = shape.slice(1).reduce((product, each) => product * each, 1);
  const { runtime } = await selectRuntime({ runtime: 'tfjs' });
  const network = await runtime.open({ ...model, outputs: { features: { node: output, size } } }, [
    'features',
  ]);
  const { features } = await network.run(batch, 3);
  await network.dispose();
  expect(relativeDifference(features, values)).toBeLessThan(1e-5);
});

test('a bias per channel stays fused', () => {
  const { graph } = residualNetwork();
  expect(unfuseBias(graph)).toEqual(graph);
  const { model } = drawn(conv([1, 1, 3, 4], placed('SAME')));
  expect(unfuseBias(model.graph)).toEqual(model.graph);
});
