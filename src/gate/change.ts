import { normalQuantile } from '../math/normal';
import type { BaselineEntry } from './baseline';
import { roundDigits, roundSum } from './digits';
import type { GateRow } from './gate-report';
import { allowedChange, type Rule } from './rule';

/** A difference, now less then, of samples that were at hand. */
export interface PairedDifference {
  readonly value: number;
  readonly standardError: number;
  /** The part of the squared standard error that the real samples have; 0 or absent where there is none. */
  readonly realVariance?: number;
}

/** A change in the bad direction and its standard error: null where one of the values has none. */
export interface Change {
  readonly value: number;
  readonly standardError: number | null;
  readonly method: 'paired' | 'independent';
  /** The variance that stays while only generated images become more; null where that is not known. */
  readonly realVariance: number | null;
  readonly allowed: number;
  /** Both runs had the same images: what is left is no chance. */
  readonly sameImages: boolean;
}

/** Parts of a value that another runtime's arithmetic moves it by. */
const ROUNDING = 1e-5;

/**
 * How much worse a number has become. The paired difference is taken where there is one; without it the two count as
 * independent, and their variances add. Where both runs had the same images nothing is left to chance, and what is
 * rounding counts as none.
 *
 * @param rule  better, regression
 */
export function changeOf(
  { facts: { better }, regression }: Pick<Rule, 'facts' | 'regression'>,
  {
    old,
    now,
    paired,
  }: { readonly old: BaselineEntry; readonly now: BaselineEntry; readonly paired: PairedDifference | null },
): Change {
  const allowed = roundDigits(allowedChange(regression ?? { abs: 0, rel: 0 }, old.value));
  const worse = (difference: number) => roundDigits(better === 'lower' ? difference : -difference) + 0;
  if (haveSameImages(old, now)) {
    const difference = now.value - old.value;
    const rounding = Math.abs(difference) <= ROUNDING * Math.max(Math.abs(old.value), Math.abs(now.value));
    const value = rounding ? 0 : worse(difference);
    return { value, standardError: 0, method: 'paired', realVariance: 0, allowed, sameImages: true };
  }
  if (paired) {
    const standardError = roundDigits(paired.standardError);
    const { realVariance = 0 } = paired;
    return {
      value: worse(paired.value),
      standardError,
      method: 'paired',
      realVariance,
      allowed,
      sameImages: false,
    };
  }
  const errors = [old.interval, now.interval].map((interval) => interval?.standardError);
  const known = errors.every((error) => error !== undefined);
  return {
    value: worse(now.value - old.value),
    standardError: known ? roundDigits(Math.hypot(...(errors as number[]))) : null,
    method: 'independent',
    realVariance: null,
    allowed,
    sameImages: false,
  };
}

/** The same bytes on both sides. */
function haveSameImages(old: BaselineEntry, now: BaselineEntry): boolean {
  const { contents } = old;
  return contents.generated === now.contents.generated && contents.real === now.contents.real;
}

/** The change as a row shows it; null where it has no interval. */
export function shownChange(
  { value, standardError, method }: Change,
  confidence: number,
): NonNullable<GateRow['change']> | null {
  if (standardError === null) return null;
  const reach = standardError === 0 ? 0 : halfWidth(standardError, confidence);
  return {
    value,
    low: roundSum(value, -reach),
    high: roundSum(value, reach),
    standardError,
    confidence,
    method,
  };
}

/** z · standard error */
export function halfWidth(standardError: number, confidence: number): number {
  return normalQuantile((1 + confidence) / 2) * standardError;
}

/** Of a run that is repeated, the share in which a change of this size is found. */
const POWER = 0.8;

/**
 * The smallest true change that is told from the allowed one in {@link POWER} of all runs like this one; null where
 * nothing is known of its error. Where the images were the same, or there is no baseline yet, a run of others is taken
 * to be as certain as this one.
 */
export function detectableChange(
  { regression, confidence }: Pick<Rule, 'regression' | 'confidence'>,
  { now, change }: { readonly now: BaselineEntry; readonly change: Change | null },
): number | null {
  const own = now.interval && Math.SQRT2 * now.interval.standardError;
  const standardError = change && !change.sameImages ? change.standardError : own;
  if (!regression || standardError === null) return null;
  const allowed = change?.allowed ?? allowedChange(regression, now.value);
  return roundDigits(allowed + halfWidth(standardError, confidence) + normalQuantile(POWER) * standardError);
}
