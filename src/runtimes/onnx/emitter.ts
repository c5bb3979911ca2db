import type { OnnxAttribute, OnnxInitializer, OnnxNode } from './model-proto';
import { permute } from './permute';
import type { Shape, Size } from './shape';
import {
  type Constant,
  floatsOf,
  orderIsMoot,
  type Sizes,
  TO_CHANNELS_FIRST,
  TO_CHANNELS_LAST,
  type Value,
} from './value';

/** Collects the nodes and constants of an ONNX graph, and brings values into the order a node needs. */
export interface Emitter {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  /** Adds a node with one output and returns that output's name. */
  node(op: string, inputs: readonly string[], attributes?: Record<string, OnnxAttribute>): string;
  /** Adds a node with `count` outputs. */
  split(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, OnnxAttribute>,
    count: number,
  ): string[];
  /** A float constant; `data` is asked for when the model is written. */
  floats(shape: readonly number[], data: () => Float32Array): string;
  /** A single float, without dimensions. */
  scalar(value: number): string;
  /** A list of integers, some of them perhaps known only with the batch. */
  integers(values: readonly Size[]): string;
  /** The same elements in the same order, under another shape. */
  reshape(name: string, shape: Shape): string;
  /** The value in the order of its shape, [n, height, width, channels]. */
  channelsLast(value: Value): string;
  /** The value, of four dimensions, as [n, channels, height, width]. */
  channelsFirst(value: Value): string;
}

/** @param input  the name of the graph's input, whose first size is the batch */
export function createEmitter(input: string): Emitter {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxInitializer[] = [];
  // Values already brought into an order, and lists already written, are used again.
  const ordered = { first: new Map<Value, string>(), last: new Map<Value, string>() };
  const lists = new Map<string, string>();

  const emitter: Emitter = {
    nodes,
    initializers,
    node: (op, inputs, attributes = {}) => emitter.split(op, inputs, attributes, 1)[0],
    split(op, inputs, attributes, count) {
      const outputs = Array.from({ length: count }, (_, i) => `${op}_${nodes.length}_${i}`);
      nodes.push({ op, inputs, outputs, attributes });
      return outputs;
    },
    floats(shape, data) {
      const name = `constant_${initializers.length}`;
      initializers.push({ name, type: 'float32', shape, data });
      return name;
    },
    scalar: (value) => emitter.floats([], () => Float32Array.of(value)),
    integers(values) {
      const key = JSON.stringify(values);
      const name = lists.get(key) ?? writeIntegers(values);
      lists.set(key, name);
      return name;
    },
    reshape(name, shape) {
      const dynamic = shape.filter((size) => typeof size === 'object').length;
      // One size may be left for the engine to work out.
      const sizes = dynamic === 1 ? shape.map((size) => (typeof size === 'object' ? -1 : size)) : shape;
      return emitter.node('Reshape', [name, emitter.integers(sizes)]);
    },
    channelsLast: (value) => cached(ordered.last, value, () => inOrder(value, false)),
    channelsFirst: (value) => cached(ordered.first, value, () => inOrder(value, true)),
  };
  return emitter;

  function inOrder(value: Value, channelsFirst: boolean): string {
    if (value.kind === 'constant') return writeConstant(value, channelsFirst);
    if (value.kind === 'sizes') return writeSizes(value);
    if (value.channelsFirst === channelsFirst) return value.name;
    const permutation = channelsFirst ? TO_CHANNELS_FIRST : TO_CHANNELS_LAST;
    if (!orderIsMoot(value.shape)) return emitter.node('Transpose', [value.name], { perm: permutation });
    return emitter.reshape(
      value.name,
      channelsFirst ? permutation.map((axis) => value.shape[axis]) : value.shape,
    );
  }

  function writeConstant(constant: Constant, channelsFirst: boolean): string {
    const { shape } = constant;
    if (!channelsFirst) return emitter.floats(shape, () => floatsOf(constant));
    const sizes = TO_CHANNELS_FIRST.map((axis) => shape[axis]);
    return emitter.floats(sizes, () => permute(floatsOf(constant), shape, TO_CHANNELS_FIRST));
  }

  function writeSizes({ values, shape }: Sizes): string {
    return emitter.reshape(emitter.node('Cast', [emitter.integers(values)], { to: 1 }), shape);
  }

  function writeIntegers(values: readonly Size[]): string {
    if (values.some((value) => typeof value === 'object')) {
      return emitter.node(
        'Concat',
        values.map((value) => oneInteger(value)),
        { axis: 0 },
      );
    }
    const name = `integers_${initializers.length}`;
    const data = BigInt64Array.from(values as readonly number[], BigInt);
    initializers.push({ name, type: 'int64', shape: [values.length], data: () => data });
    return name;
  }

  function oneInteger(value: Size): string {
    if (typeof value === 'number') return emitter.integers([value]);
    const batch = emitter.node('Shape', [input], { start: 0, end: 1 });
    return value.batch === 1 ? batch : emitter.node('Mul', [batch, emitter.integers([value.batch])]);
  }
}

function cached(names: Map<Value, string>, value: Value, make: () => string): string {
  const name = names.get(value) ?? make();
  names.set(value, name);
  return name;
}
