import type { Weight } from '../../models/graph-weights';
import type { Shape, Size } from './shape';

/**
 * What a node of the tfjs graph gives. Its shape is always the one that graph has; only the order in memory
 * may differ.
 */
export type Value = Computed | Constant | Sizes;

/** A float32 tensor of the ONNX graph. */
export interface Computed {
  readonly kind: 'computed';
  readonly name: string;
  readonly shape: Shape;
  /** True where [n, height, width, channels] lies in memory as [n, channels, height, width]. */
  readonly channelsFirst: boolean;
}

/** A weight of the graph, decoded when it is asked for. */
export interface Constant {
  readonly kind: 'constant';
  readonly shape: readonly number[];
  readonly type: 'float32' | 'int32' | 'bool';
  readonly data: () => Weight['data'];
}

/** A constant's data as floats, without a copy where they are floats. */
export function floatsOf({ data }: Constant): Float32Array {
  const values = data();
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

/** Integers worked out while translating, as shapes and what is made of them. */
export interface Sizes {
  readonly kind: 'sizes';
  readonly shape: readonly number[];
  readonly values: readonly Size[];
}

/** Where each axis of [n, height, width, channels] lies when channels come first. */
export const AXES_CHANNELS_FIRST: readonly number[] = [0, 2, 3, 1];

/** From [n, height, width, channels] to [n, channels, height, width], and back. */
export const TO_CHANNELS_FIRST: readonly number[] = [0, 3, 1, 2];
export const TO_CHANNELS_LAST: readonly number[] = [0, 2, 3, 1];

/** The position in memory of an axis of the tfjs graph; negative axes count from the end. */
export function axisInMemory(
  { shape, channelsFirst }: Pick<Computed, 'shape' | 'channelsFirst'>,
  axis: number,
): number {
  const positive = axis < 0 ? axis + shape.length : axis;
  return channelsFirst ? AXES_CHANNELS_FIRST[positive] : positive;
}

/** Whether both orders are the same bytes: a single channel, or a single pixel. */
export function orderIsMoot(shape: Shape): boolean {
  return shape.length !== 4 || shape[3] === 1 || (shape[1] === 1 && shape[2] === 1);
}
