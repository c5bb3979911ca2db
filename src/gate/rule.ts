import type { ValueFacts } from '../metrics/metric';

/** What is asked of one number of a suite, every default filled in. */
export interface Rule {
  readonly suite: string;
  /** As the configuration names it: `fid`, `prdc.recall`. */
  readonly metric: string;
  /** The metric's id: `prdc`. */
  readonly id: string;
  /** Which of its numbers: `value`, `recall`. */
  readonly number: string;
  readonly facts: ValueFacts;
  /** Whether the metric looks at real images. */
  readonly usesReal: boolean;
  /** Whether values of different numbers of images may be compared. */
  readonly sizeFree: boolean;
  readonly max?: number | undefined;
  readonly min?: number | undefined;
  /** What a change must exceed to be a regression: both of these. Absent: no change is. */
  readonly regression?: { readonly abs: number; readonly rel: number } | undefined;
  /** In (0, 1). */
  readonly confidence: number;
  /** The fewest images a side that a verdict may stand on. */
  readonly minN: number;
  readonly level: 'error' | 'warn';
  readonly message: string | null;
  readonly line: number | null;
}

/** The change in the bad direction that is allowed: a regression exceeds both parts of the rule. */
export function allowedChange({ abs, rel }: { abs: number; rel: number }, baseline: number): number {
  return Math.max(abs, rel * Math.abs(baseline));
}
