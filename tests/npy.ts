import { readFileSync } from 'node:fs';
import { decodeNpy, type NdArray } from '../src/files/npy';

/** An array of the reference values. */
export function readNpy(path: string): NdArray {
  return decodeNpy(readFileSync(path), path);
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
