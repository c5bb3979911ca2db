import { numberOf } from '../../../models/attributes';
import { computed, type Translator } from '../translator';
import { axisInMemory } from '../value';
import { inCommonOrder } from './elementwise';

/** With the statistics of training, as every network in use has them. */
const batchNorm: Translator = (node, [x, ...parameters], emitter) => {
  const name = emitter.node(
    'BatchNormalization',
    [emitter.channelsFirst(x), ...parameters.map(emitter.channelsLast)],
    { epsilon: { float: numberOf(node, 'epsilon', 1e-3) } },
  );
  return computed(name, x.shape, { channelsFirst: true });
};

const localResponse: Translator = (node, [x], emitter) => {
  const size = 2 * numberOf(node, 'depth_radius', 5) + 1;
  const name = emitter.node('LRN', [emitter.channelsFirst(x)], {
    size,
    // TensorFlow multiplies the sum of squares by alpha, ONNX their mean.
    alpha: { float: numberOf(node, 'alpha', 1) * size },
    beta: { float: numberOf(node, 'beta', 0.5) },
    bias: { float: numberOf(node, 'bias', 1) },
  });
  return computed(name, x.shape, { channelsFirst: true });
};

const overLastAxis =
  (op: string): Translator =>
  (_, [x], emitter) => {
    const { names, ...order } = inCommonOrder([x], emitter);
    return computed(emitter.node(op, names, { axis: axisInMemory(order, -1) }), order.shape, order);
  };

export const normalizationOperators: Record<string, Translator> = {
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  LRN: localResponse,
  LogSoftmax: overLastAxis('LogSoftmax'),
  Softmax: overLastAxis('Softmax'),
};
