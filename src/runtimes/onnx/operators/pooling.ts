import { integersOf } from '../../../models/attributes';
import type { OnnxAttribute } from '../model-proto';
import { computed, knownShape, type Translator } from '../translator';
import { placeWindow } from './window';

/** Padding counts neither in a maximum nor in an average. */
const pooling =
  (op: string, attributes: Record<string, OnnxAttribute>): Translator =>
  (node, [x], emitter) => {
    const [batch, height, width, channels] = knownShape(node, x, { rank: 4 });
    const [, ...size] = integersOf(node, 'ksize', [1, 1, 1, 1]) as [number, number, number, number];
    const kernel: [number, number] = [size[0], size[1]];
    const { strides, pads, output } = placeWindow(node, [height, width], kernel);
    const name = emitter.node(op, [emitter.channelsFirst(x)], {
      kernel_shape: kernel,
      strides,
      pads,
      ...attributes,
    });
    return computed(name, [batch, ...output, channels], { channelsFirst: true });
  };

export const poolingOperators: Record<string, Translator> = {
  AvgPool: pooling('AveragePool', { count_include_pad: 0 }),
  MaxPool: pooling('MaxPool', {}),
};
