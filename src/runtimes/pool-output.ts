import { GanMetricsError } from '../errors';
import type { ModelInput, Pool } from '../models/model';

/** What an engine gives for one output; the first size is the number of images. */
export interface OutputValues {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

export interface PoolOptions {
  readonly pool?: Pool | undefined;
  readonly layout?: ModelInput['layout'] | undefined;
  /** The output and its model, for the message. */
  readonly where: string;
}

/** What makes one vector an image of an output: nothing, its first token, or the mean over some axes. */
export type Pooling = 'none' | 'first' | { readonly meanOver: readonly [number] | readonly [number, number] };

/**
 * Makes one vector an image of an output; without `pool` it must be one already. Means are summed in float64,
 * one image at a time.
 *
 * @throws MODEL_INVALID where the shape and `pool` do not go together
 */
export function poolOutput({ data, shape }: OutputValues, options: PoolOptions): Float32Array {
  const pooling = poolingOf(shape, options);
  if (pooling === 'none') return data;
  const [count, a, b, c] = shape;
  if (pooling === 'first') return firstToken(data, { count, tokens: a, size: b });
  if (pooling.meanOver.length === 1) return mean(data, { count, places: a, size: b });
  return pooling.meanOver[0] === 1
    ? mean(data, { count, places: a * b, size: c })
    : meanOfPlanes(data, { planes: count * a, places: b * c });
}

/**
 * @param shape  of an output, the number of images first
 * @throws MODEL_INVALID where the shape and `pool` do not go together
 */
export function poolingOf(shape: readonly number[], { pool, layout = 'nhwc', where }: PoolOptions): Pooling {
  const [, ...rest] = shape;
  if (pool === undefined) {
    if (rest.filter((size) => size !== 1).length <= 1) return 'none';
    const ways = rest.length === 2 ? '"cls" (the first token) or "mean"' : '"mean"';
    throw mismatch(
      `The ${where} have shape [n, ${rest.join(', ')}], not one vector an image: say which to take by "pool": ${ways}.`,
    );
  }
  if (rest.length === 2) return pool === 'cls' ? 'first' : { meanOver: [1] };
  if (rest.length === 3 && pool === 'mean') return { meanOver: layout === 'nchw' ? [2, 3] : [1, 2] };
  throw mismatch(
    `The ${where} have shape [n, ${rest.join(', ')}], which "pool": "${pool}" does not apply to: "cls" takes [n, tokens, d], "mean" also a map.`,
  );
}

function firstToken(
  data: Float32Array,
  { count, tokens, size }: { count: number; tokens: number; size: number },
): Float32Array {
  const pooled = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const start = i * tokens * size;
    pooled.set(data.subarray(start, start + size), i * size);
  }
  return pooled;
}

/** Over the middle of [count, places, size]. */
function mean(
  data: Float32Array,
  { count, places, size }: { count: number; places: number; size: number },
): Float32Array {
  const pooled = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let place = 0; place < places; place++) sum += data[(i * places + place) * size + j];
      pooled[i * size + j] = sum / places;
    }
  }
  return pooled;
}

/** Over the end of [planes, places]. */
function meanOfPlanes(
  data: Float32Array,
  { planes, places }: { planes: number; places: number },
): Float32Array {
  return Float32Array.from({ length: planes }, (_, plane) => {
    let sum = 0;
    for (let place = 0; place < places; place++) sum += data[plane * places + place];
    return sum / places;
  });
}

function mismatch(message: string): GanMetricsError {
  return new GanMetricsError('MODEL_INVALID', message);
}
