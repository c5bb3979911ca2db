import { GanMetricsError, invalidOption } from '../errors';
import type { ImageBlock } from '../files/image-block';
import type { RgbImage } from './image';

/** What the smallest and the largest value of a pixel are: [−1, 1], [0, 1], [0, 255]. */
export type ValueRange = readonly [low: number, high: number];

export type Values = Uint8Array | Uint8ClampedArray | Int32Array | Float32Array | Float64Array;

/** How numbers are to be understood as images. */
export interface ValueForm extends Omit<ImageBlock, 'count'> {
  /** Absent: bytes, 0 to 255, which floats must not leave open. */
  readonly range?: ValueRange | undefined;
}

const BYTES: ValueRange = [0, 255];

/** Values may lie beyond the range by this part of it: rounding of float32, not a wrong range. */
const SLACK = 1e-5;

/**
 * The range that values are in: the one stated, or bytes where they are integers.
 *
 * @param where  stands in messages
 * @throws INVALID_OPTION where floats come without one, or it is none
 */
export function requireRange(
  range: ValueRange | undefined,
  { integers, where }: { integers: boolean; where: string },
): ValueRange {
  if (range === undefined) {
    if (integers) return BYTES;
    throw invalidOption(
      'range',
      `what black and white are in ${where}, whose values are floats: { images: …, range: [-1, 1] }, [0, 1] or [0, 255],`,
      range,
    );
  }
  const [low, high] = range;
  if (range.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low < high) return range;
  throw invalidOption('range', 'two numbers, the smaller one first,', range);
}

/**
 * Throws unless all values lie in the range and use more of it than another range has: values of 0 to 1 said to be
 * of 0 to 255 would all be black.
 *
 * @throws VALUES_OUT_OF_RANGE with the smallest and the largest value found, NOT_FINITE
 */
export function requireInRange(values: Values, range: ValueRange, where: string): void {
  // Bytes are what they are, whatever a dark image holds of them.
  if ((values instanceof Uint8Array || values instanceof Uint8ClampedArray) && range[1] >= 255) return;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let whole = true;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < least) least = value;
    if (value > most) most = value;
    // NaN is neither less nor more.
    if (Number.isNaN(value)) throw notFinite(value, where);
    whole &&= value % 1 === 0;
  }
  for (const end of [least, most]) if (!Number.isFinite(end)) throw notFinite(end, where);
  const [low, high] = range;
  const slack = SLACK * (high - low);
  if (least < low - slack || most > high + slack) {
    const hint = most <= high + slack || least >= low - slack ? '' : ' on both sides';
    throw outOfRange(
      { least, most, range, where },
      `they lie beyond it${hint}. State the range they have, or clip them`,
    );
  }
  if (!whole && high > 2 && least >= 0 && most <= 1) {
    throw outOfRange(
      { least, most, range, where },
      'which would be black throughout. They look like [0, 1]: say so',
    );
  }
}

function notFinite(value: number, where: string): GanMetricsError {
  return new GanMetricsError('NOT_FINITE', `Expected finite values in ${where} but found ${value}.`, {
    details: { where },
  });
}

function outOfRange(
  { least, most, range, where }: { least: number; most: number; range: ValueRange; where: string },
  why: string,
): GanMetricsError {
  return new GanMetricsError(
    'VALUES_OUT_OF_RANGE',
    `Expected values of ${range[0]} to ${range[1]} in ${where} but found ${shown(least)} to ${shown(most)}: ${why}.`,
    { details: { where, range: [...range], found: [least, most] } },
  );
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/**
 * One image of an array of values as bytes, as it would be saved to a PNG: rounded to the nearest, ties up, as
 * torchvision's save_image does; gray becomes three equal channels, a fourth is dropped. The values have been
 * checked by {@link requireInRange}.
 *
 * @param at  where the image begins
 */
export function toRgb(
  values: Values,
  { width, height, channels, layout, range: [low, high] = BYTES }: ValueForm,
  at = 0,
): RgbImage {
  const pixels = width * height;
  const data = new Uint8Array(pixels * 3);
  const plain =
    (values instanceof Uint8Array || values instanceof Uint8ClampedArray) && low === 0 && high === 255;
  if (plain && channels === 3 && layout === 'nhwc') {
    data.set(values.subarray(at, at + data.length));
    return { width, height, data };
  }
  const [step, plane] = layout === 'nhwc' ? [channels, 1] : [1, pixels];
  const scale = 255 / (high - low);
  for (let channel = 0; channel < 3; channel++) {
    const from = at + (channels === 1 ? 0 : channel * plane);
    for (let i = 0; i < pixels; i++) {
      const byte = Math.floor((values[from + i * step] - low) * scale + 0.5);
      data[3 * i + channel] = byte < 0 ? 0 : byte > 255 ? 255 : byte;
    }
  }
  return { width, height, data };
}
