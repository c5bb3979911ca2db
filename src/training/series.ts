import { normalQuantile } from '../math/normal';
import type { Better } from './known-scores';
import { type ScoreRecord, scoreOf } from './score-record';

/** One score at one step. */
export interface Point {
  readonly step: number;
  readonly value: number;
  readonly standardError?: number;
}

/**
 * A score through the history, non-finite values among them. An interval without a standard error is taken for one of
 * the given confidence, ± z standard errors.
 */
export function seriesOf(
  records: readonly ScoreRecord[],
  score: string,
  { confidence }: { confidence: number },
): Point[] {
  return records.flatMap((record) => {
    const found = scoreOf(record, score);
    if (!found) return [];
    const { value, low, high, standardError } = found;
    const error =
      standardError ??
      (low !== undefined && high !== undefined ? (high - low) / 2 / reachOf(confidence) : undefined);
    const known = error !== undefined && Number.isFinite(error) && error >= 0;
    return [{ step: record.step, value, ...(known && { standardError: error }) }];
  });
}

/** Standard errors that an interval of this confidence reaches to either side. */
export function reachOf(confidence: number): number {
  return normalQuantile((1 + confidence) / 2);
}

/** How much better a is than b: above 0 where it is. */
export function gain(a: Point, b: Point, better: Better): number {
  return better === 'lower' ? b.value - a.value : a.value - b.value;
}

/**
 * Below this two values of a score cannot be told apart: z standard errors of their difference. Two records share the
 * real samples, so that part of the errors cancels in truth: this is the careful side. Undefined where an error is unknown.
 */
export function noiseBetween(a: Point, b: Point, confidence: number): number | undefined {
  if (a.standardError === undefined || b.standardError === undefined) return undefined;
  return reachOf(confidence) * Math.hypot(a.standardError, b.standardError);
}

export const isFinitePoint = ({ value }: Point): boolean => Number.isFinite(value);

/** A number for a sentence: four digits, and no long row of zeros. */
export function inWords(value: number): string {
  const size = Math.abs(value);
  const plain = !Number.isFinite(value) || size === 0 || (size >= 1e-3 && size < 1e9);
  return plain ? String(Number(value.toPrecision(4))) : value.toExponential(3).replace(/\.?0+e\+?/, 'e');
}
