import { fromFloat16 } from './float16';
import { type NpyHeader, readNpyHeader, unsupportedArray } from './npy-header';
import type { Pieces } from './write-npz';

/** Numbers of an array: float32 and uint8 as they are, float16 as float32, all else as float64. */
export type NpyNumbers = Float32Array | Float64Array | Uint8Array;

/** An n-dimensional array, row-major. */
export interface NdArray<Data extends NpyNumbers = NpyNumbers> {
  readonly shape: readonly number[];
  readonly data: Data;
}

/**
 * Numbers of an `.npy` array: every float, integer and boolean type, either byte order, either order of the axes.
 * 64-bit integers beyond 2⁵³ are rounded to float64.
 *
 * @param bytes  the whole array; where the type allows, the result is a view of them and not a copy
 * @throws CORRUPT_FILE, UNSAFE_FILE; UNSUPPORTED_FILE for complex numbers, text, structured types
 */
export function decodeNpy(bytes: Uint8Array, name: string): NdArray {
  const header = readNpyHeader(bytes, { name, size: bytes.byteLength });
  const { shape, dataAt } = header;
  const count = shape.reduce((product, length) => product * length, 1);
  const data = decodeNumbers(bytes.subarray(dataAt), { ...header, count }, name);
  return { shape, data: header.fortran && shape.length > 1 ? rowMajor(data, shape) : data };
}

/**
 * Text of an `.npy` array without axes.
 *
 * @throws CORRUPT_FILE, UNSAFE_FILE; UNSUPPORTED_FILE for anything but one text
 */
export function decodeNpyText(bytes: Uint8Array, name: string): string {
  const header = readNpyHeader(bytes, { name, size: bytes.byteLength });
  const { descr, shape, dataAt, itemBytes } = header;
  if (shape.length > 0 || !/^[<>]U\d+$/.test(descr)) throw unsupportedArray(name, `values of type ${descr}`);
  const data = Buffer.from(bytes.subarray(dataAt, dataAt + itemBytes));
  if (descr[0] === '>') data.swap32();
  let text = '';
  for (let at = 0; at < itemBytes; at += 4) {
    const point = data.readUInt32LE(at);
    if (point > 0x10ffff) throw unsupportedArray(name, 'characters beyond Unicode');
    text += String.fromCodePoint(point);
  }
  return text.replace(/\0+$/, '');
}

/** An array as `.npy`, little-endian, format version 1; its data is not copied. */
export function encodeNpy({ shape, data }: NdArray): Pieces {
  const descr = data instanceof Uint8Array ? '|u1' : data instanceof Float32Array ? '<f4' : '<f8';
  return withHeader({ descr, shape }, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** A whole number as a 0-dimensional int64 array. */
export function encodeNpyInteger(value: number): Pieces {
  return withHeader({ descr: '<i8', shape: [] }, new Uint8Array(BigInt64Array.of(BigInt(value)).buffer));
}

/** Text as a 0-dimensional array, which numpy loads without pickling. */
export function encodeNpyText(text: string): Pieces {
  const points = Uint32Array.from(text, (character) => character.codePointAt(0)!);
  return withHeader({ descr: `<U${points.length}`, shape: [] }, new Uint8Array(points.buffer));
}

/** The header of an array, its data to follow; 64 bytes or a multiple, as numpy pads it. */
function encodeNpyHeader({ descr, shape }: Pick<NpyHeader, 'descr' | 'shape'>): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  const padded = text.padEnd(64 * Math.ceil((10 + text.length + 1) / 64) - 11);
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 0, 0]);
  start.writeUInt16LE(padded.length + 1, 8);
  return Buffer.concat([start, Buffer.from(`${padded}\n`)]);
}

function withHeader(header: Pick<NpyHeader, 'descr' | 'shape'>, data: Uint8Array): Pieces {
  return [encodeNpyHeader(header), data];
}

/** Element types by numpy's letter and size: little-endian bytes, at a multiple of their size, to numbers. */
const TYPES: Readonly<Record<string, (buffer: ArrayBufferLike, at: number, n: number) => NpyNumbers>> = {
  f2: (buffer, at, n) => fromFloat16(new Uint16Array(buffer, at, n)),
  f4: (buffer, at, n) => new Float32Array(buffer, at, n),
  f8: (buffer, at, n) => new Float64Array(buffer, at, n),
  i1: (buffer, at, n) => Float64Array.from(new Int8Array(buffer, at, n)),
  i2: (buffer, at, n) => Float64Array.from(new Int16Array(buffer, at, n)),
  i4: (buffer, at, n) => Float64Array.from(new Int32Array(buffer, at, n)),
  i8: (buffer, at, n) => widened(new BigInt64Array(buffer, at, n)),
  u1: (buffer, at, n) => new Uint8Array(buffer, at, n),
  u2: (buffer, at, n) => Float64Array.from(new Uint16Array(buffer, at, n)),
  u4: (buffer, at, n) => Float64Array.from(new Uint32Array(buffer, at, n)),
  u8: (buffer, at, n) => widened(new BigUint64Array(buffer, at, n)),
  b1: (buffer, at, n) => Float64Array.from(new Uint8Array(buffer, at, n), (byte) => Number(byte !== 0)),
};

/**
 * The first `count` numbers of bytes, little-endian or big-endian as their type says.
 *
 * @returns a view of the bytes where the type allows, else a copy
 * @throws UNSUPPORTED_FILE for types that are no numbers
 */
export function decodeNumbers(
  bytes: Uint8Array,
  { descr, itemBytes, count }: Pick<NpyHeader, 'descr' | 'itemBytes'> & { readonly count: number },
  name: string,
): NpyNumbers {
  const type = TYPES[descr.replace(/^[<>|=]/, '')];
  if (!type) throw unsupportedArray(name, `values of type ${descr}`);
  const swapped = descr[0] === '>' && itemBytes > 1;
  let data = bytes.subarray(0, count * itemBytes);
  if (swapped || data.byteOffset % itemBytes !== 0) data = Uint8Array.from(data);
  if (swapped) swapBytes(data, itemBytes);
  return type(data.buffer, data.byteOffset, count);
}

function swapBytes(data: Uint8Array, itemBytes: number): void {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (itemBytes === 2) buffer.swap16();
  else if (itemBytes === 4) buffer.swap32();
  else buffer.swap64();
}

function widened(integers: BigInt64Array | BigUint64Array): Float64Array {
  const values = new Float64Array(integers.length);
  for (let i = 0; i < values.length; i++) values[i] = Number(integers[i]);
  return values;
}

/** Values of a column-major array in row-major order. */
function rowMajor(values: NpyNumbers, shape: readonly number[]): NpyNumbers {
  const result = values.slice();
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) =>
    shape.slice(0, axis).reduce((product, length) => product * length, 1),
  );
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    result[to] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}
