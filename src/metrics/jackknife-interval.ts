import { GanMetricsError } from '../errors';
import { type Interval, normalInterval } from './interval';
import { assignGroups, jackknifeError, type LeftOut } from './jackknife';
import type { Groups } from './manifold/radii';

/** How a metric that has an interval by the jackknife is asked for it. */
export interface JackknifeOptions {
  /** Adds an interval of this confidence, in (0, 1), by a jackknife. */
  readonly confidence?: number | undefined;
  /** Groups a side that the jackknife leaves out in turn; 10, from 2 to 30. */
  readonly groups?: number | undefined;
  /** Of the groups; 0. */
  readonly seed?: number | undefined;
}

/**
 * Deals both sides into random groups.
 *
 * @param n        samples a side
 * @param options  least: how many samples must be left without any one group
 * @throws INVALID_OPTION, TOO_FEW_SAMPLES
 */
export function dealGroups(
  n: { readonly real: number; readonly generated: number },
  { least, groups = 10, seed = 0 }: Omit<JackknifeOptions, 'confidence'> & { readonly least: number },
): { real: Groups; generated: Groups } {
  // Groups of the two sides must not go together where the sets are one and the same.
  const dealt = {
    real: assignGroups(n.real, { groups, seed }),
    generated: assignGroups(n.generated, { groups, seed: seed + 0x9e3779b9 }),
  };
  for (const [name, count] of Object.entries(n)) requireRest(count, { name, groups, least });
  return dealt;
}

/** @throws TOO_FEW_SAMPLES */
export function requireRest(
  count: number,
  { name, groups, least }: { name: string; groups: number; least: number },
): void {
  if (count >= groups && count - Math.ceil(count / groups) >= least) return;
  throw new GanMetricsError(
    'TOO_FEW_SAMPLES',
    `Expected more samples in ${name} than ${count}: each of ${groups} groups needs one, and without any of them ` +
      `${least} must be left.`,
    { details: { count, groups, least } },
  );
}

/**
 * value ± z · the standard error by the jackknife.
 *
 * @param left  the value with each group left out
 */
export function jackknifeInterval(
  { value, left }: { readonly value: number; readonly left: LeftOut },
  { confidence, of }: Pick<Interval, 'confidence' | 'of'>,
): Interval {
  const method = 'group jackknife';
  return normalInterval({ value, standardError: jackknifeError(left) }, { confidence, method, of });
}

/** "10000 real and 5000 generated". */
export function sizesInWords({ real, generated }: { real: number; generated: number }): string {
  return `${real} real and ${generated} generated`;
}
