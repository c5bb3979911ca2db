import { readFileSync } from 'node:fs';

export interface NpyArray {
  readonly shape: number[];
  readonly data: Float32Array | Float64Array | Uint8Array;
}

const TYPES = { '<f4': Float32Array, '<f8': Float64Array, '|u1': Uint8Array } as const;

/** Reads the C-ordered little-endian arrays that the reference values are stored in. */
export function parseNpy(bytes: Uint8Array): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerEnd = 10 + view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, headerEnd));
  const dtype = /'descr': '([^']+)'/.exec(header)?.[1] as keyof typeof TYPES;
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)![1]
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const Type = TYPES[dtype];
  if (!Type || header.includes("'fortran_order': True")) throw new Error(`unexpected npy header ${header}`);
  const values = new Uint8Array(bytes.subarray(headerEnd)).buffer;
  return { shape, data: new Type(values) };
}

export function readNpy(path: string): NpyArray {
  return parseNpy(readFileSync(path));
}

/** A two-dimensional array of floats as a matrix. */
export function readMatrix(path: string): {
  rows: number;
  columns: number;
  data: Float32Array | Float64Array;
} {
  const { shape, data } = readNpy(path);
  if (shape.length !== 2 || data instanceof Uint8Array) throw new Error(`${path} holds no matrix of floats`);
  return { rows: shape[0], columns: shape[1], data };
}
