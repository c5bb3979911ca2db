import { GanMetricsError } from '../../errors';
import { type ByteSource, withFileSource } from '../../files/byte-source';
import { protobufFields } from '../weights/protobuf';
import type { Declaration, DeclaredTensor } from './declaration';

/** What an ONNX file says of itself. */
export interface OnnxHeader extends Declaration {
  /** Files of weights that it names, relative to its own folder. */
  readonly dataFiles: readonly string[];
}

/**
 * Reads the inputs and outputs of an ONNX file, without its weights: those are skipped, however large.
 *
 * @throws MODEL_MISSING where there is no such file; MODEL_INVALID where it is not an ONNX model
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto for the numbers of the fields
 */
export async function readOnnxHeader(file: string): Promise<OnnxHeader> {
  try {
    const header = await withFileSource(file, readGraph);
    if (header.inputs.length === 0 || header.outputs.length === 0) throw invalid(file);
    return header;
  } catch (cause) {
    const code = cause instanceof GanMetricsError && cause.code;
    if (code === 'MODEL_INVALID') throw cause;
    if (code !== 'INVALID_OPTION') throw invalid(file, cause);
    throw new GanMetricsError('MODEL_MISSING', `There is no ${file}, or it cannot be read.`, { cause });
  }
}

/** A field of a message in the file: a number, or where its bytes are. */
interface Place {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

const GRAPH = 7;
const IN_GRAPH = { initializer: 5, input: 11, output: 12 };
const IN_TENSOR = { name: 8, externalData: 13 };

function readGraph(source: ByteSource): OnnxHeader {
  const inputs: DeclaredTensor[] = [];
  const outputs: DeclaredTensor[] = [];
  const initialized = new Set<string>();
  const dataFiles = new Set<string>();
  for (const model of places(source, { start: 0, end: source.size })) {
    if (model.number !== GRAPH) continue;
    for (const part of places(source, model)) {
      if (part.number === IN_GRAPH.input) inputs.push(valueInfo(bytesOf(source, part), source.name));
      if (part.number === IN_GRAPH.output) outputs.push(valueInfo(bytesOf(source, part), source.name));
      if (part.number !== IN_GRAPH.initializer) continue;
      for (const field of places(source, part)) {
        if (field.number === IN_TENSOR.name) initialized.add(textOf(bytesOf(source, field)));
        if (field.number === IN_TENSOR.externalData) {
          const { key, value } = entry(bytesOf(source, field), source.name);
          if (key === 'location') dataFiles.add(value);
        }
      }
    }
  }
  // Old files list their weights among the inputs.
  return { inputs: inputs.filter(({ name }) => !initialized.has(name)), outputs, dataFiles: [...dataFiles] };
}

/** The fields of a message, by their places; what is in them is read only where it is wanted. */
function* places(source: ByteSource, { start, end }: { start: number; end: number }): Generator<Place> {
  for (let at = start; at < end; ) {
    const tag = varint(source, at, end);
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    const length = wire === 2 ? varint(source, tag.end, end) : { value: 0, end: tag.end };
    const stop = wire === 0 ? varint(source, tag.end, end).end : length.end + (FIXED[wire] ?? length.value);
    if (stop > end || number === 0 || ![0, 1, 2, 5].includes(wire)) throw invalid(source.name);
    yield { number, start: length.end, end: stop };
    at = stop;
  }
}

/** Bytes of the wire types of fixed length. */
const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

function varint(source: ByteSource, at: number, end: number): { value: number; end: number } {
  const bytes = source.read(at, Math.min(10, end - at));
  let value = 0;
  for (let i = 0; i < bytes.length; i++) {
    value += (bytes[i] & 127) * 2 ** (7 * i);
    if (bytes[i] < 128) return { value, end: at + i + 1 };
  }
  throw invalid(source.name);
}

/** A header has no names or shapes of a megabyte. */
const LARGEST = 1 << 20;

function bytesOf(source: ByteSource, { start, end }: Place): Uint8Array {
  if (end - start > LARGEST) throw invalid(source.name);
  return source.read(start, end - start);
}

/** ValueInfoProto { name = 1, type = 2 { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 } } } } */
function valueInfo(bytes: Uint8Array, file: string): DeclaredTensor {
  let name = '';
  let type = 'not a tensor';
  let shape: (number | null)[] | undefined;
  for (const field of protobufFields(bytes, file)) {
    if (field.number === 1) name = textOf(field.bytes);
    if (field.number !== 2) continue;
    for (const tensor of nested(field.bytes, 1, file)) {
      for (const part of protobufFields(tensor, file)) {
        if (part.number === 1) type = ELEMENT_TYPES[Number(part.varint)] ?? `type ${part.varint}`;
        if (part.number === 2) shape = [...nested(part.bytes, 1, file)].map((dim) => sizeOf(dim, file));
      }
    }
  }
  return { name, type, ...(shape && { shape }) };
}

/** TensorProto.DataType, by number. */
const ELEMENT_TYPES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  16: 'bfloat16',
};

function sizeOf(dim: Uint8Array, file: string): number | null {
  for (const { number, varint: value } of protobufFields(dim, file)) {
    if (number === 1 && value !== undefined && value > 0n) return Number(value);
  }
  return null;
}

function* nested(bytes: Uint8Array, number: number, file: string): Generator<Uint8Array> {
  for (const field of protobufFields(bytes, file)) if (field.number === number) yield field.bytes;
}

/** StringStringEntryProto { key = 1, value = 2 } */
function entry(bytes: Uint8Array, file: string): { key: string; value: string } {
  const fields = new Map(
    [...protobufFields(bytes, file)].map((field) => [field.number, textOf(field.bytes)]),
  );
  return { key: fields.get(1) ?? '', value: fields.get(2) ?? '' };
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function invalid(file: string, cause?: unknown): GanMetricsError {
  return new GanMetricsError('MODEL_INVALID', `${file} is not an ONNX model, or it is damaged.`, { cause });
}
