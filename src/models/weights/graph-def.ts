import { corruptFile, memoryBudget } from '../../files/corrupt-file';
import { readTensorProto } from './graph-def-tensor';
import { type ProtobufField, protobufFields } from './protobuf';
import { readWeightSource, type WeightSource } from './read-file';
import type { Tensor, Tensors } from './tensor';

/** An operation of a frozen graph; attributes that are lists, shapes or tensors are left out. */
export interface GraphDefNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: ReadonlyMap<string, string | number | boolean>;
}

/** A frozen TensorFlow graph: its operations, and the numeric values of its `Const` nodes by node name. */
export interface GraphDef {
  readonly nodes: readonly GraphDefNode[];
  readonly tensors: Tensors;
}

const MOST_NODES = 2 ** 17;
const NODE = 1;
const NODE_FIELDS = { name: 1, op: 2, input: 3, attribute: 5 } as const;
const ENTRY_FIELDS = { key: 1, value: 2 } as const;
const ATTRIBUTE_FIELDS = { text: 2, integer: 3, float: 4, flag: 5, tensor: 8 } as const;

/**
 * Reads a frozen TensorFlow GraphDef (`.pb`). Constants without numbers (texts) are no tensors.
 *
 * @param source  a path, or the file's bytes
 * @throws CORRUPT_FILE where it is no protobuf message, ends early, or a constant does not fit its shape;
 *   MODEL_MISSING
 * @see https://github.com/tensorflow/tensorflow/blob/v2.16.1/tensorflow/core/framework/graph.proto
 */
export async function readGraphDef(source: WeightSource): Promise<GraphDef> {
  const { file, bytes } = await readWeightSource(source);
  return parseGraphDef(bytes, file);
}

/** {@link readGraphDef} of bytes in memory; `file` is their name in messages. */
export function parseGraphDef(bytes: Uint8Array, file: string): GraphDef {
  const budget = memoryBudget(file, bytes.byteLength);
  const nodes: GraphDefNode[] = [];
  const tensors = new Map<string, Tensor>();
  for (const field of protobufFields(bytes, file)) {
    if (field.number !== NODE) continue;
    if (nodes.length === MOST_NODES) throw corruptFile(file, `it has more than ${MOST_NODES} nodes`);
    const { node, value } = readNode(field.bytes, file);
    nodes.push(node);
    if (node.op !== 'Const' || !value) continue;
    const tensor = readTensorProto(value, { file, tensor: node.name, budget });
    if (tensor) tensors.set(node.name, tensor);
  }
  return { nodes, tensors };
}

function readNode(message: Uint8Array, file: string): { node: GraphDefNode; value: Uint8Array | undefined } {
  let name = '';
  let op = '';
  let value: Uint8Array | undefined;
  const inputs: string[] = [];
  const attributes = new Map<string, string | number | boolean>();
  for (const field of protobufFields(message, file)) {
    if (field.number === NODE_FIELDS.name) name = text(field.bytes);
    else if (field.number === NODE_FIELDS.op) op = text(field.bytes);
    else if (field.number === NODE_FIELDS.input) inputs.push(text(field.bytes));
    else if (field.number === NODE_FIELDS.attribute) {
      const attribute = readAttribute(field.bytes, file);
      if (attribute.tensor && attribute.key === 'value') value = attribute.tensor;
      if (attribute.scalar !== undefined) attributes.set(attribute.key, attribute.scalar);
    }
  }
  return { node: { name, op, inputs, attributes }, value };
}

function readAttribute(entry: Uint8Array, file: string) {
  let key = '';
  let tensor: Uint8Array | undefined;
  let scalar: string | number | boolean | undefined;
  for (const field of protobufFields(entry, file)) {
    if (field.number === ENTRY_FIELDS.key) key = text(field.bytes);
    if (field.number !== ENTRY_FIELDS.value) continue;
    for (const value of protobufFields(field.bytes, file)) {
      if (value.number === ATTRIBUTE_FIELDS.tensor) tensor = value.bytes;
      else scalar = scalarOf(value) ?? scalar;
    }
  }
  return { key, tensor, scalar };
}

function scalarOf({ number, varint, bytes }: ProtobufField): string | number | boolean | undefined {
  if (number === ATTRIBUTE_FIELDS.text) return text(bytes);
  if (number === ATTRIBUTE_FIELDS.integer) return Number(BigInt.asIntN(64, varint ?? 0n));
  if (number === ATTRIBUTE_FIELDS.flag) return varint === 1n;
  if (number === ATTRIBUTE_FIELDS.float && bytes.byteLength === 4) {
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true);
  }
  return undefined;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
