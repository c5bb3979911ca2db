import { bytes, encode, float, integer, message, type Part, text } from './protobuf';

/** A value of an ONNX node attribute: whole numbers are written as such unless `{ float }` says otherwise. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number };

export interface OnnxNode {
  readonly op: string;
  /** An empty name is an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant; its data is asked for when the model is written. */
export interface OnnxInitializer {
  readonly name: string;
  readonly type: 'float32' | 'int64';
  readonly shape: readonly number[];
  readonly data: () => Float32Array | BigInt64Array;
}

/** An input or output; a text names a size that is known when the model runs. */
export interface OnnxValueInfo {
  readonly name: string;
  /** float32 unless said. */
  readonly type?: 'float32' | 'float64';
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

/** The operator set the translation is written for; reductions take their axes as an input from here on. */
const OPSET = 18;
const IR_VERSION = 8;
const ELEMENT_TYPES = {
  float32: { code: 1, bytes: 4 },
  int64: { code: 7, bytes: 8 },
  float64: { code: 11, bytes: 8 },
};

/**
 * Writes an ONNX model (a `ModelProto`).
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the numbers of the fields
 */
export function encodeModel({ nodes, initializers, inputs, outputs }: OnnxGraph): Uint8Array<ArrayBuffer> {
  return encode([
    integer(1, IR_VERSION),
    text(2, 'gan-metrics'),
    message(7, [
      ...nodes.map((node) => message(1, nodeParts(node))),
      text(2, 'graph'),
      ...initializers.map((tensor) => message(5, tensorParts(tensor))),
      ...inputs.map((value) => message(11, valueParts(value))),
      ...outputs.map((value) => message(12, valueParts(value))),
    ]),
    message(8, [text(1, ''), integer(2, OPSET)]),
  ]);
}

function nodeParts({ op, inputs, outputs, attributes = {} }: OnnxNode): Part[] {
  return [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      message(5, [text(1, name), ...attributeParts(value)]),
    ),
  ];
}

function attributeParts(value: OnnxAttribute): Part[] {
  if (typeof value === 'number') return [integer(3, value), integer(20, 2)];
  if (typeof value === 'string') return [text(4, value), integer(20, 3)];
  if ('float' in value) return [float(2, value.float), integer(20, 1)];
  return [...value.map((each) => integer(8, each)), integer(20, 7)];
}

function tensorParts({ name, type, shape, data }: OnnxInitializer): Part[] {
  const elements = shape.reduce((product, size) => product * size, 1);
  const element = ELEMENT_TYPES[type];
  return [
    ...shape.map((size) => integer(1, size)),
    integer(2, element.code),
    text(8, name),
    bytes(9, elements * element.bytes, () => {
      const { buffer, byteOffset, byteLength } = data();
      return new Uint8Array(buffer, byteOffset, byteLength);
    }),
  ];
}

function valueParts({ name, type = 'float32', shape }: OnnxValueInfo): Part[] {
  const sizes = shape.map((size) =>
    message(1, [typeof size === 'number' ? integer(1, size) : text(2, size)]),
  );
  const tensorType = message(1, [integer(1, ELEMENT_TYPES[type].code), message(2, sizes)]);
  return [text(1, name), message(2, [tensorType])];
}
