import { GanMetricsError } from '../errors';
import { toFloat16 } from '../files/float16';
import { attribute } from './attributes';
import { nodeName } from './graph-checks';
import type { Graph, GraphAttribute, GraphNode, WeightSpec } from './model';

/** Values with a shape, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Activation = 'relu' | 'relu6' | 'elu' | 'sigmoid';

/** `same` as TensorFlow pads (the odd pixel at the end), or `[[top, bottom], [left, right]]`. */
export type Padding = 'same' | 'valid' | readonly [readonly [number, number], readonly [number, number]];

export interface ConvolutionOptions {
  /** height × width × in × out; for a depthwise convolution height × width × in × multiplier */
  readonly kernel: Tensor;
  readonly bias?: Float32Array;
  /** 1 by default */
  readonly strides?: number | readonly [number, number];
  /** 1 by default */
  readonly dilations?: number | readonly [number, number];
  /** `same` by default */
  readonly padding?: Padding;
  readonly activation?: Activation;
}

export interface PoolOptions {
  readonly size: number | readonly [number, number];
  /** as `size` by default */
  readonly strides?: number | readonly [number, number];
  /** `valid` by default; padding never counts, neither in a maximum nor in an average */
  readonly padding?: 'same' | 'valid';
}

export interface DenseOptions {
  /** in × out */
  readonly kernel: Tensor;
  readonly bias?: Float32Array;
  readonly activation?: Activation;
}

/** Adds nodes to a graph; each method returns the name of its node, which is the input of later ones. */
export interface GraphBuilder {
  /** Images, [n, height, width, channels]. */
  input(name: string, size: { height: number; width: number; channels?: number }): string;
  constant(name: string, value: Tensor | { shape: readonly number[]; data: Int32Array }): string;
  conv2d(name: string, x: string, options: ConvolutionOptions): string;
  depthwiseConv2d(name: string, x: string, options: ConvolutionOptions): string;
  maxPool(name: string, x: string, options: PoolOptions): string;
  avgPool(name: string, x: string, options: PoolOptions): string;
  /** Joins along `axis`, by default the channels. */
  concat(name: string, inputs: readonly string[], axis?: number): string;
  add(name: string, a: string, b: string): string;
  relu(name: string, x: string): string;
  /** Mean over `axes`, by default height and width. */
  mean(name: string, x: string, options?: { axes?: readonly number[]; keepDims?: boolean }): string;
  /** x · kernel + bias. */
  dense(name: string, x: string, options: DenseOptions): string;
  biasAdd(name: string, x: string, bias: Float32Array): string;
  /** Zeros before and after each dimension, `[[0, 0], [1, 1], [1, 1], [0, 0]]` for a border of one. */
  pad(name: string, x: string, paddings: readonly (readonly [number, number])[]): string;
  identity(name: string, x: string): string;
  /** Any other operator, by its TensorFlow name. */
  node(name: string, op: string, inputs: readonly string[], attr?: Record<string, GraphAttribute>): string;
  build(): Graph;
}

/**
 * Builds a tfjs graph model in memory, node for node as the TensorFlow.js converter writes them.
 *
 * @param options  storage of float weights: `float32` (default), or `float16`, which halves their size and
 *   rounds them
 * @throws MODEL_INVALID where a name comes twice, an input is not there yet, or a weight does not fit its
 *   shape or, in `float16`, its range
 */
export function graphBuilder({
  storage = 'float32',
}: {
  storage?: 'float32' | 'float16';
} = {}): GraphBuilder {
  const nodes = new Map<string, GraphNode>();
  const weights: { spec: WeightSpec; bytes: Uint8Array }[] = [];

  function node(
    name: string,
    op: string,
    input: readonly string[],
    attr: Record<string, GraphAttribute> = {},
  ): string {
    if (nodes.has(name)) throw new GanMetricsError('MODEL_INVALID', `The graph has two nodes named ${name}.`);
    const unknown = input.find((each) => !nodes.has(nodeName(each)));
    if (unknown !== undefined) {
      throw new GanMetricsError('MODEL_INVALID', `Node ${name} takes ${unknown}, which is not in the graph.`);
    }
    nodes.set(name, { name, op, ...(input.length > 0 && { input }), attr });
    return name;
  }

  function constant(
    name: string,
    { shape, data }: { shape: readonly number[]; data: Float32Array | Int32Array },
  ) {
    weights.push(storeWeight(name, { shape, data }, storage));
    const type = data instanceof Int32Array ? 'DT_INT32' : 'DT_FLOAT';
    const tensorShape = attribute.shape(shape).shape!;
    return node(name, 'Const', [], {
      value: { tensor: { dtype: type, tensorShape } },
      dtype: attribute.type(type),
    });
  }

  const floats = (name: string, data: Float32Array) => constant(name, { shape: [data.length], data });
  const integers = (name: string, values: readonly number[]) =>
    constant(name, { shape: [values.length], data: Int32Array.from(values) });

  /** The plain operator, or its fused form where a bias comes along. */
  function fusable(
    name: string,
    ops: { plain: string; fused: string; attr: Record<string, GraphAttribute> },
    x: string,
    { kernel, bias, activation }: DenseOptions,
  ): string {
    const inputs = [x, constant(`${name}/kernel`, kernel)];
    const attr = { ...FLOAT, ...ops.attr };
    if (!bias) {
      const plain = node(activation ? `${name}/linear` : name, ops.plain, inputs, attr);
      return activation ? node(name, ACTIVATIONS[activation], [plain], FLOAT) : plain;
    }
    const fusedOps = ['BiasAdd', ...(activation ? [ACTIVATIONS[activation]] : [])];
    return node(name, ops.fused, [...inputs, floats(`${name}/bias`, bias)], {
      ...attr,
      num_args: attribute.integer(1),
      fused_ops: attribute.texts(fusedOps),
      epsilon: attribute.float(0),
    });
  }

  function pool(
    name: string,
    op: string,
    x: string,
    { size, strides = size, padding = 'valid' }: PoolOptions,
  ) {
    return node(name, op, [x], { ...FLOAT, ksize: window(size), ...placement({ strides, padding }) });
  }

  return {
    node,
    constant,
    input: (name, { height, width, channels = 3 }) =>
      node(name, 'Placeholder', [], {
        dtype: attribute.type('DT_FLOAT'),
        shape: attribute.shape([-1, height, width, channels]),
      }),
    conv2d: (name, x, options) =>
      fusable(name, { plain: 'Conv2D', fused: '_FusedConv2D', attr: convolution(options) }, x, options),
    depthwiseConv2d: (name, x, options) =>
      fusable(
        name,
        { plain: 'DepthwiseConv2dNative', fused: 'FusedDepthwiseConv2dNative', attr: convolution(options) },
        x,
        options,
      ),
    maxPool: (name, x, options) => pool(name, 'MaxPool', x, options),
    avgPool: (name, x, options) => pool(name, 'AvgPool', x, options),
    concat: (name, inputs, axis = 3) =>
      node(
        name,
        'ConcatV2',
        [...inputs, constant(`${name}/axis`, { shape: [], data: Int32Array.of(axis) })],
        {
          ...FLOAT,
          N: attribute.integer(inputs.length),
          Tidx: attribute.type('DT_INT32'),
        },
      ),
    add: (name, a, b) => node(name, 'AddV2', [a, b], FLOAT),
    relu: (name, x) => node(name, 'Relu', [x], FLOAT),
    mean: (name, x, { axes = [1, 2], keepDims = false } = {}) =>
      node(name, 'Mean', [x, integers(`${name}/axes`, axes)], {
        ...FLOAT,
        keep_dims: attribute.flag(keepDims),
        Tidx: attribute.type('DT_INT32'),
      }),
    dense: (name, x, options) => {
      const attr = { transpose_a: attribute.flag(false), transpose_b: attribute.flag(false) };
      return fusable(name, { plain: 'MatMul', fused: '_FusedMatMul', attr }, x, options);
    },
    biasAdd: (name, x, bias) =>
      node(name, 'BiasAdd', [x, floats(`${name}/bias`, bias)], { ...FLOAT, data_format: NHWC }),
    pad: (name, x, paddings) => {
      const amounts = { shape: [paddings.length, 2], data: Int32Array.from(paddings.flat()) };
      return node(name, 'Pad', [x, constant(`${name}/paddings`, amounts)], FLOAT);
    },
    identity: (name, x) => node(name, 'Identity', [x], FLOAT),
    build: () => ({
      nodes: [...nodes.values()],
      weightSpecs: weights.map(({ spec }) => spec),
      weightData: join(weights.map(({ bytes }) => bytes)),
    }),
  };
}

const FLOAT = { T: attribute.type('DT_FLOAT') };
const NHWC = attribute.text('NHWC');
const ACTIVATIONS = { relu: 'Relu', relu6: 'Relu6', elu: 'Elu', sigmoid: 'Sigmoid' } as const;

function convolution({ strides = 1, dilations = 1, padding = 'same' }: ConvolutionOptions) {
  return { ...placement({ strides, padding }), dilations: window(dilations) };
}

function placement({ strides, padding }: { strides: number | readonly [number, number]; padding: Padding }) {
  const explicit = typeof padding === 'string' ? [] : [0, 0, ...padding.flat(), 0, 0];
  return {
    strides: window(strides),
    padding: attribute.text(typeof padding === 'string' ? padding.toUpperCase() : 'EXPLICIT'),
    explicit_paddings: attribute.integers(explicit),
    data_format: NHWC,
  };
}

/** A size per dimension of [n, height, width, channels]. */
function window(size: number | readonly [number, number]): GraphAttribute {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  return attribute.integers([1, height, width, 1]);
}

function storeWeight(
  name: string,
  { shape, data }: { shape: readonly number[]; data: Float32Array | Int32Array },
  storage: 'float32' | 'float16',
): { spec: WeightSpec; bytes: Uint8Array } {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (data.length !== expected) {
    throw new GanMetricsError(
      'MODEL_INVALID',
      `Expected ${expected} values in ${name}, of shape [${shape}], but received ${data.length}.`,
    );
  }
  const dtype = data instanceof Int32Array ? 'int32' : 'float32';
  if (storage === 'float32' || data instanceof Int32Array) {
    return {
      spec: { name, shape, dtype },
      bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    };
  }
  const halves = toFloat16(data);
  const overflow = halves.findIndex((half) => (half & 0x7c00) === 0x7c00);
  if (overflow >= 0) {
    throw new GanMetricsError(
      'MODEL_INVALID',
      `Value ${data[overflow]} of ${name} does not fit float16; store the graph as float32.`,
    );
  }
  return {
    spec: { name, shape, dtype, quantization: { dtype: 'float16', original_dtype: 'float32' } },
    bytes: new Uint8Array(halves.buffer),
  };
}

function join(parts: readonly Uint8Array[]): ArrayBuffer {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined.buffer;
}
