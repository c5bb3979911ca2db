import { corruptFile, type MemoryBudget } from '../../files/corrupt-file';
import { packedVarints, protobufFields } from './protobuf';
import { elementBytes, elementCount, readTensor, type Tensor, type TensorDtype } from './tensor';

const FIELDS = { dtype: 1, shape: 2, content: 4 } as const;
const SHAPE_FIELDS = { dimension: 2, size: 1 } as const;

/** Per number of `DataType`: the dtype, and the field of values listed one by one. */
const TYPES: ReadonlyMap<number, { dtype: TensorDtype; values: number; varints: boolean }> = new Map([
  [1, { dtype: 'float32', values: 5, varints: false }],
  [2, { dtype: 'float64', values: 6, varints: false }],
  [3, { dtype: 'int32', values: 7, varints: true }],
  [4, { dtype: 'uint8', values: 7, varints: true }],
  [5, { dtype: 'int16', values: 7, varints: true }],
  [6, { dtype: 'int8', values: 7, varints: true }],
  [9, { dtype: 'int64', values: 10, varints: true }],
  [10, { dtype: 'bool', values: 11, varints: true }],
  [14, { dtype: 'bfloat16', values: 13, varints: true }],
  [19, { dtype: 'float16', values: 13, varints: true }],
]);

/**
 * Reads a TensorProto: its bytes as they lie in memory (`tensor_content`), or values listed one by one, of
 * which the last stands for all that follow.
 *
 * @returns nothing where the tensor holds no numbers (texts, handles)
 * @throws CORRUPT_FILE where the values do not fit the shape
 * @see https://github.com/tensorflow/tensorflow/blob/v2.16.1/tensorflow/core/framework/tensor.proto
 */
export function readTensorProto(
  message: Uint8Array,
  context: { file: string; tensor: string; budget: MemoryBudget },
): Tensor | undefined {
  const { file, tensor, budget } = context;
  let type = 0;
  let shape: number[] = [];
  let content: Uint8Array | undefined;
  const listed = new Map<number, { chunks: Uint8Array[]; varints: bigint[] }>();
  for (const { number, varint, bytes } of protobufFields(message, file)) {
    if (number === FIELDS.dtype) type = Number(varint);
    else if (number === FIELDS.shape) shape = readShape(bytes, file);
    else if (number === FIELDS.content) content = bytes;
    else {
      const values = listed.get(number) ?? { chunks: [], varints: [] };
      if (varint === undefined) values.chunks.push(bytes);
      else values.varints.push(varint);
      listed.set(number, values);
    }
  }
  const known = TYPES.get(type);
  if (!known) return undefined;
  const { dtype } = known;
  if (content?.byteLength) {
    const expected = elementCount(shape) * elementBytes(dtype);
    if (content.byteLength !== expected) {
      throw corruptFile(file, `constant ${tensor} has ${content.byteLength} bytes instead of ${expected}`);
    }
    return readTensor({ bytes: content, dtype, shape }, context);
  }
  const values = listed.get(known.values) ?? { chunks: [], varints: [] };
  const bytes = known.varints
    ? varintBytes([...values.varints, ...values.chunks.flatMap((chunk) => packedVarints(chunk, file))], dtype)
    : joined(values.chunks);
  return readTensor({ bytes: repeatedToFit(bytes, { dtype, shape }, context), dtype, shape }, context);

  function joined(chunks: readonly Uint8Array[]): Uint8Array {
    if (chunks.length === 1) return chunks[0];
    budget(chunks.reduce((total, chunk) => total + chunk.byteLength, 0));
    return Buffer.concat(chunks);
  }
}

function readShape(message: Uint8Array, file: string): number[] {
  const shape: number[] = [];
  for (const dimension of protobufFields(message, file)) {
    if (dimension.number !== SHAPE_FIELDS.dimension) continue;
    let size = 0;
    for (const { number, varint } of protobufFields(dimension.bytes, file)) {
      if (number === SHAPE_FIELDS.size) size = Number(BigInt.asIntN(64, varint ?? 0n));
    }
    shape.push(size);
  }
  return shape;
}

/** The numbers as they would lie in memory: little-endian two's complement. */
function varintBytes(values: readonly bigint[], dtype: TensorDtype): Uint8Array {
  const width = elementBytes(dtype);
  const bytes = new DataView(new ArrayBuffer(values.length * width));
  values.forEach((value, i) => {
    if (width === 8) bytes.setBigUint64(8 * i, value, true);
    else if (width === 4) bytes.setUint32(4 * i, Number(value & 0xffffffffn), true);
    else if (width === 2) bytes.setUint16(2 * i, Number(value & 0xffffn), true);
    else bytes.setUint8(i, Number(value & 0xffn));
  });
  return new Uint8Array(bytes.buffer);
}

function repeatedToFit(
  bytes: Uint8Array,
  { dtype, shape }: { dtype: TensorDtype; shape: readonly number[] },
  { file, tensor, budget }: { file: string; tensor: string; budget: MemoryBudget },
): Uint8Array {
  const expected = elementCount(shape) * elementBytes(dtype);
  if (bytes.byteLength === expected) return bytes;
  if (!(bytes.byteLength < expected)) {
    throw corruptFile(file, `constant ${tensor} lists more values than its shape [${shape}] holds`);
  }
  budget(expected);
  const filled = new Uint8Array(expected);
  filled.set(bytes);
  const last = bytes.subarray(-elementBytes(dtype));
  if (last.byteLength > 0) {
    for (let at = bytes.byteLength; at < expected; at += last.byteLength) filled.set(last, at);
  }
  return filled;
}
