import { attribute } from '../attributes';
import type { GraphBuilder } from '../graph-builder';
import {
  invalidLayer,
  type Layer,
  type LayerTensor,
  type LayerTranslator,
  op,
  requiredWeight,
  scalar,
  unsupportedLayer,
} from './layer';

/** Writes an activation; the node that it ends with gets `name`. */
type Activate = (name: string, x: string, builder: GraphBuilder) => string;

const one =
  (operator: string): Activate =>
  (name, x, builder) =>
    op(builder, name, { op: operator, inputs: [x] });

/** Activations of layers, by the names tfjs gives them; Softmax is over the last axis. */
const ACTIVATIONS: Readonly<Record<string, Activate>> = {
  elu: one('Elu'),
  gelu: (name, x, builder) => {
    const { unary, binary, number } = steps(name, builder);
    const erf = unary('Erf', binary('Mul', x, number(Math.SQRT1_2)));
    const half = binary('Mul', x, number(0.5));
    return op(builder, name, { op: 'Mul', inputs: [half, binary('AddV2', erf, number(1))] });
  },
  gelu_new: (name, x, builder) => {
    const { unary, binary, number } = steps(name, builder);
    const cube = binary('Mul', binary('Mul', unary('Square', x), x), number(0.044715));
    const inner = binary('Mul', binary('AddV2', x, cube), number(Math.sqrt(2 / Math.PI)));
    const half = binary('Mul', x, number(0.5));
    return op(builder, name, { op: 'Mul', inputs: [half, binary('AddV2', unary('Tanh', inner), number(1))] });
  },
  hard_sigmoid: (name, x, builder) => {
    const { binary, number } = steps(name, builder);
    const line = binary('AddV2', binary('Mul', x, number(0.2)), number(0.5));
    return clip(name, line, { low: 0, high: 1, builder });
  },
  linear: (name, x, builder) => builder.identity(name, x),
  log_softmax: one('LogSoftmax'),
  mish: (name, x, builder) => {
    const { unary } = steps(name, builder);
    return op(builder, name, { op: 'Mul', inputs: [x, unary('Tanh', unary('Softplus', x))] });
  },
  relu: one('Relu'),
  relu6: one('Relu6'),
  selu: one('Selu'),
  sigmoid: one('Sigmoid'),
  softmax: one('Softmax'),
  softplus: one('Softplus'),
  softsign: (name, x, builder) => {
    const { unary, binary, number } = steps(name, builder);
    return op(builder, name, { op: 'RealDiv', inputs: [x, binary('AddV2', unary('Abs', x), number(1))] });
  },
  swish: (name, x, builder) => {
    const { unary } = steps(name, builder);
    return op(builder, name, { op: 'Mul', inputs: [x, unary('Sigmoid', x)] });
  },
  tanh: one('Tanh'),
};

/** Other names of the same: of Keras, and as tfjs writes class names. */
const ALIASES: Readonly<Record<string, string>> = {
  hardSigmoid: 'hard_sigmoid',
  logSoftmax: 'log_softmax',
  geluNew: 'gelu_new',
  silu: 'swish',
};

/** What the `activation` of a layer does to its result; the node it ends with is named after the layer. */
export function activate(
  layer: Layer,
  builder: GraphBuilder,
  write: (name: string) => LayerTensor,
): LayerTensor {
  const name = activationName(layer);
  if (name === 'linear') return write(layer.name);
  const { node, shape } = write(`${layer.name}/linear`);
  return { node: ACTIVATIONS[name](layer.name, node, builder), shape };
}

function activationName(layer: Layer): string {
  const value = layer.config.activation ?? 'linear';
  // Keras may write a function as an object with its name.
  const named = typeof value === 'object' ? (value as { config?: unknown }).config : value;
  const name = ALIASES[String(named)] ?? String(named);
  if (Object.hasOwn(ACTIVATIONS, name)) return name;
  throw unsupportedLayer(layer, `its activation is ${JSON.stringify(value)}`);
}

const relu: LayerTranslator = (layer, [x], builder) => {
  const { max_value: high, negative_slope: slope = 0, threshold = 0 } = layer.config;
  if (slope !== 0 || threshold !== 0) throw unsupportedLayer(layer, 'it has a slope or a threshold');
  if (high === undefined || high === null) return { ...x, node: builder.relu(layer.name, x.node) };
  if (typeof high !== 'number') throw invalidLayer(layer, `its max_value is ${JSON.stringify(high)}`);
  return { ...x, node: clip(layer.name, x.node, { low: 0, high, builder }) };
};

const leakyRelu: LayerTranslator = (layer, [x], builder) => {
  const alpha = layer.config.alpha ?? layer.config.negative_slope ?? 0.3;
  if (typeof alpha !== 'number') throw invalidLayer(layer, `its alpha is ${JSON.stringify(alpha)}`);
  const attr = { alpha: attribute.float(alpha) };
  return { ...x, node: op(builder, layer.name, { op: 'LeakyRelu', inputs: [x.node], attr }) };
};

const prelu: LayerTranslator = (layer, [x], builder) => {
  const { shape, data } = requiredWeight(layer, 'alpha');
  const slope = builder.constant(`${layer.name}/alpha`, { shape, data });
  return { ...x, node: op(builder, layer.name, { op: 'Prelu', inputs: [x.node, slope] }) };
};

const elu: LayerTranslator = (layer, [x], builder) => {
  if ((layer.config.alpha ?? 1) !== 1) throw unsupportedLayer(layer, 'its alpha is not 1');
  return { ...x, node: op(builder, layer.name, { op: 'Elu', inputs: [x.node] }) };
};

const softmax: LayerTranslator = (layer, [x], builder) => {
  const { axis = -1 } = layer.config;
  if (axis !== -1 && axis !== x.shape.length) throw unsupportedLayer(layer, 'it is not over the last axis');
  return { ...x, node: op(builder, layer.name, { op: 'Softmax', inputs: [x.node] }) };
};

export const activationLayers: Readonly<Record<string, LayerTranslator>> = {
  Activation: (layer, [x], builder) => ({
    ...x,
    node: ACTIVATIONS[activationName(layer)](layer.name, x.node, builder),
  }),
  ELU: elu,
  LeakyReLU: leakyRelu,
  PReLU: prelu,
  ReLU: relu,
  Softmax: softmax,
};

function clip(
  name: string,
  x: string,
  { low, high, builder }: { low: number; high: number; builder: GraphBuilder },
): string {
  const bounds = [scalar(builder, `${name}/low`, low), scalar(builder, `${name}/high`, high)];
  return op(builder, name, { op: 'ClipByValue', inputs: [x, ...bounds] });
}

/** The steps on the way to a result, with made-up names. */
function steps(name: string, builder: GraphBuilder) {
  let made = 0;
  const next = () => `${name}/step_${made++}`;
  return {
    unary: (operator: string, x: string) => op(builder, next(), { op: operator, inputs: [x] }),
    binary: (operator: string, a: string, b: string) => op(builder, next(), { op: operator, inputs: [a, b] }),
    number: (value: number) => scalar(builder, next(), value),
  };
}
