import { GanMetricsError } from '../errors';
import { fromFloat16 } from '../files/float16';
import type { Graph, WeightSpec } from './model';

/** A weight as the network uses it; booleans are bytes 0 and 1. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/**
 * Gives access to a graph's weights by node name; each is decoded when it is asked for, so a reader that
 * needs half the graph pays for half. Weights are views of the graph's data where they can be: read only.
 *
 * @returns a function from node name to weight, `undefined` for a name without one
 * @throws MODEL_INVALID where the data is shorter or longer than its specs say
 */
export function weightReader(graph: Graph): (name: string) => Weight | undefined {
  const places = new Map<string, { spec: WeightSpec; start: number; end: number }>();
  let offset = 0;
  for (const spec of graph.weightSpecs) {
    const end = offset + weightBytes(spec);
    places.set(spec.name, { spec, start: offset, end });
    offset = end;
  }
  if (offset !== graph.weightData.byteLength) {
    throw new GanMetricsError(
      'MODEL_INVALID',
      `Expected ${offset} bytes of weights, as their shapes say, but received ${graph.weightData.byteLength}.`,
    );
  }
  return (name) => {
    const place = places.get(name);
    if (!place) return undefined;
    return decodeWeight(place.spec, bytesAt(graph.weightData, place));
  };
}

/** Bytes one weight occupies in storage. */
export function weightBytes(spec: WeightSpec): number {
  return elements(spec) * STORED_BYTES[spec.quantization?.dtype ?? spec.dtype];
}

/** Whether the weight holds no NaN and no infinity. */
export function isFiniteWeight({ data }: Weight): boolean {
  // Integers never hold them; for floats v - v is 0 exactly where v is finite.
  if (!(data instanceof Float32Array)) return true;
  for (let i = 0; i < data.length; i++) if (data[i] - data[i] !== 0) return false;
  return true;
}

const STORED_BYTES = { float32: 4, int32: 4, bool: 1, float16: 2, uint16: 2, uint8: 1 } as const;

interface Bytes {
  readonly buffer: ArrayBufferLike;
  readonly start: number;
  readonly length: number;
}

/** Weights follow each other without padding, but views need aligned offsets: a copy only where this one is not. */
function bytesAt(data: ArrayBufferLike, { start, end }: { start: number; end: number }): Bytes {
  if (start % 4 === 0) return { buffer: data, start, length: end - start };
  return { buffer: data.slice(start, end), start: 0, length: end - start };
}

function elements(spec: WeightSpec): number {
  return spec.shape.reduce((product, size) => product * size, 1);
}

function decodeWeight({ shape, dtype, quantization }: WeightSpec, { buffer, start, length }: Bytes): Weight {
  if (quantization?.dtype === 'float16')
    return { shape, data: fromFloat16(new Uint16Array(buffer, start, length / 2)) };
  if (quantization) {
    const stored =
      quantization.dtype === 'uint8'
        ? new Uint8Array(buffer, start, length)
        : new Uint16Array(buffer, start, length / 2);
    const { scale, min } = quantization;
    const data =
      dtype === 'int32'
        ? Int32Array.from(stored, (value) => Math.round(value * scale + min))
        : Float32Array.from(stored, (value) => value * scale + min);
    return { shape, data };
  }
  if (dtype === 'int32') return { shape, data: new Int32Array(buffer, start, length / 4) };
  if (dtype === 'bool') return { shape, data: new Uint8Array(buffer, start, length) };
  return { shape, data: new Float32Array(buffer, start, length / 4) };
}
