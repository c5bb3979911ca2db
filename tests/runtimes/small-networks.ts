import { graphBuilder } from '../../src/models/graph-builder';
import type { GraphModel, ModelInput } from '../../src/models/model';
import { randomTensor, randomValues } from './random-tensors';

/** Values of one image of these networks. */
export const PIXELS = 19 * 23 * 3;

/**
 * A residual network with every kind of layer that ours have: odd sizes, strides, SAME and VALID, pools
 * whose windows hang over the border, branches that join; features and logits.
 */
export function residualNetwork({
  storage = 'float32',
}: {
  storage?: 'float32' | 'float16';
} = {}): GraphModel {
  const builder = graphBuilder({ storage });
  let seed = 0;
  const conv = (name: string, x: string, shape: readonly [number, number, number, number], options = {}) =>
    builder.conv2d(name, x, {
      kernel: randomTensor(shape, seed++, Math.sqrt(3 / (shape[0] * shape[1] * shape[2]))),
      bias: randomValues(shape[3], seed++),
      activation: 'relu',
      ...options,
    });
  const images = builder.input('images', { height: 19, width: 23 });
  const stem = conv('stem', images, [3, 3, 3, 24], { strides: 2 });
  const residual = conv('residual', stem, [3, 3, 24, 24], { activation: undefined });
  const block = builder.relu('block', builder.add('sum', stem, residual));
  const pooled = builder.maxPool('pooled', block, { size: 3, strides: 2, padding: 'same' });
  const averaged = builder.avgPool('averaged', pooled, { size: 3, strides: 1, padding: 'same' });
  const wide = conv('wide', pooled, [1, 5, 24, 20]);
  const tall = conv('tall', wide, [5, 1, 20, 20]);
  const joined = builder.concat('joined', [averaged, wide, tall]);
  const reduced = conv('reduced', joined, [3, 3, 64, 40], { padding: 'valid' });
  const features = builder.mean('features', reduced);
  builder.dense('logits', features, {
    kernel: randomTensor([40, 10], seed++, 0.3),
    bias: randomValues(10, seed++),
  });
  builder.conv2d('behind', reduced, { kernel: randomTensor([1, 1, 40, 8], seed++) });
  return {
    id: 'residual',
    sha256: '0'.repeat(64),
    graph: builder.build(),
    input: { node: 'images', width: 23, height: 19 },
    preprocessing: 'clean',
    outputs: {
      features: { node: 'features', size: 40 },
      logits: { node: 'logits', size: 10 },
      // Four dimensions: the values come in the order [height, width, channels].
      map: { node: 'pooled', size: 5 * 6 * 24 },
    },
  };
}

/** A network that puts out its input, as `pixels`. */
export function passingOn(input: ModelInput): GraphModel {
  const { node, width, height } = input;
  const builder = graphBuilder();
  builder.identity('pixels', builder.input(node, { width, height }));
  return {
    id: 'passing-on',
    sha256: '0'.repeat(64),
    graph: builder.build(),
    input,
    preprocessing: 'clean',
    outputs: { pixels: { node: 'pixels', size: width * height * 3 } },
  };
}
