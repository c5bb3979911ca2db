import { corruptFile, type MemoryBudget } from '../../files/corrupt-file';
import { fromFloat16 } from '../../files/float16';

export type TensorDtype = keyof typeof LAYOUTS;
export type TensorData = RawData | BigInt64Array;

/**
 * An n-dimensional array read from a weight file, row-major. `data` holds `product(shape)` values:
 * `float16` and `bfloat16` are widened to float32 (exact), complex numbers are (re, im) pairs and count
 * twice, `bool` is 0 or 1.
 */
export interface Tensor {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** The tensors of a checkpoint or frozen graph by name. */
export type Tensors = ReadonlyMap<string, Tensor>;

/** Little-endian elements at rest, and how a tensor walks over them; without `stride` they are row-major. */
export interface StoredTensor {
  readonly bytes: Uint8Array;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  /** In elements, one per dimension; 0 repeats. */
  readonly stride?: readonly number[];
  /** In elements. */
  readonly offset?: number;
}

type RawData =
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

/** Per dtype: how bytes are read, values an element takes up (2 where complex), how they are widened. */
const LAYOUTS = {
  float64: { array: Float64Array, lanes: 1 },
  float32: { array: Float32Array, lanes: 1 },
  float16: { array: Uint16Array, lanes: 1, widen: fromFloat16 },
  bfloat16: { array: Uint16Array, lanes: 1, widen: widenBfloat16 },
  complex128: { array: Float64Array, lanes: 2 },
  complex64: { array: Float32Array, lanes: 2 },
  int64: { array: BigInt64Array, lanes: 1 },
  int32: { array: Int32Array, lanes: 1 },
  int16: { array: Int16Array, lanes: 1 },
  int8: { array: Int8Array, lanes: 1 },
  uint8: { array: Uint8Array, lanes: 1 },
  bool: { array: Uint8Array, lanes: 1 },
} as const;

/** Bytes of one element at rest. */
export function elementBytes(dtype: TensorDtype): number {
  const { array, lanes } = LAYOUTS[dtype];
  return array.BYTES_PER_ELEMENT * lanes;
}

/** Number of elements of a shape; NaN where a dimension is not a length. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, n) => count * (Number.isSafeInteger(n) && n >= 0 ? n : Number.NaN), 1);
}

/**
 * Reads a tensor in row-major order; a contiguous, aligned one of full precision is a view, not a copy.
 *
 * @param stored  bytes, dtype, shape, and where they differ from row-major from 0: stride, offset
 * @param context  `file` and `tensor` for messages, the budget to charge
 * @throws CORRUPT_FILE where the tensor reaches outside its bytes or the budget is spent
 */
export function readTensor(
  { bytes, dtype, shape, stride = rowMajorStride(shape), offset = 0 }: StoredTensor,
  { file, tensor, budget }: { file: string; tensor: string; budget: MemoryBudget },
): Tensor {
  const layout = LAYOUTS[dtype];
  const count = elementCount(shape);
  const last = shape.reduce((at, n, axis) => at + (n - 1) * (stride[axis] ?? Number.NaN), offset);
  const available = Math.floor(bytes.byteLength / elementBytes(dtype));
  const lengthsFit = [...stride, offset].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!(lengthsFit && count >= 0 && (count === 0 || last < available))) {
    throw corruptFile(
      file,
      `tensor ${tensor} of shape [${shape}], stride [${stride}], offset ${offset} does not fit the ${available} stored elements`,
    );
  }
  if (isRowMajor(shape, stride)) {
    const from = offset * elementBytes(dtype);
    const raw = viewOf(bytes.subarray(from, from + count * elementBytes(dtype)), dtype, budget);
    return { dtype, shape, data: widened(raw, dtype, budget) };
  }
  budget(count * elementBytes(dtype));
  const raw = new layout.array(count * layout.lanes);
  gather(viewOf(bytes, dtype, budget), raw, { shape, stride, offset, lanes: layout.lanes });
  return { dtype, shape, data: widened(raw, dtype, budget) };
}

/** Swaps axes: axis `i` of the result is axis `axes[i]` of the tensor. */
export function permuteTensor({ dtype, shape, data }: Tensor, axes: readonly number[]): Tensor {
  const stride = rowMajorStride(shape);
  const walk = { shape: axes.map((axis) => shape[axis]), stride: axes.map((axis) => stride[axis]) };
  const permuted = data.slice();
  gather(data, permuted, { ...walk, offset: 0, lanes: LAYOUTS[dtype].lanes });
  return { dtype, shape: walk.shape, data: permuted };
}

function viewOf(bytes: Uint8Array, dtype: TensorDtype, budget: MemoryBudget): TensorData {
  const { array } = LAYOUTS[dtype];
  const length = Math.floor(bytes.byteLength / array.BYTES_PER_ELEMENT);
  if (bytes.byteOffset % array.BYTES_PER_ELEMENT === 0) {
    return new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, length);
  }
  budget(bytes.byteLength);
  // Not slice(): a Buffer's is a view.
  return new array(new Uint8Array(bytes).buffer, 0, length);
}

function widened(raw: TensorData, dtype: TensorDtype, budget: MemoryBudget): TensorData {
  const layout = LAYOUTS[dtype];
  if (!('widen' in layout)) return raw;
  budget(raw.length * Float32Array.BYTES_PER_ELEMENT);
  return layout.widen(raw as Uint16Array);
}

function gather(
  from: TensorData,
  to: TensorData,
  {
    shape,
    stride,
    offset,
    lanes,
  }: { shape: readonly number[]; stride: readonly number[]; offset: number; lanes: number },
): void {
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < to.length; i += lanes) {
    for (let lane = 0; lane < lanes; lane++) to[i + lane] = from[at * lanes + lane];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += stride[axis];
      if (++index[axis] < shape[axis]) break;
      at -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

function rowMajorStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    stride[axis] = step;
    step *= shape[axis];
  }
  return stride;
}

function isRowMajor(shape: readonly number[], stride: readonly number[]): boolean {
  const expected = rowMajorStride(shape);
  // The stride of an axis of length 1 is never walked.
  return elementCount(shape) === 0 || shape.every((n, axis) => n === 1 || stride[axis] === expected[axis]);
}

function widenBfloat16(raw: Uint16Array): Float32Array {
  const bits = new Uint32Array(raw.length);
  for (let i = 0; i < raw.length; i++) bits[i] = raw[i] << 16;
  return new Float32Array(bits.buffer);
}
