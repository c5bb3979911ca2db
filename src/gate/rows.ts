import { type BaselineEntry, metricOfKey } from './baseline';
import { type Change, changeOf, detectableChange, type PairedDifference, shownChange } from './change';
import { differencesOf } from './comparable';
import { roundDigits } from './digits';
import { EMPTY_ROW, type GateRow, type Verdict } from './gate-report';
import { holmConfidences } from './holm';
import { type Judgement, judgeChange, judgeLimit, worst } from './judge';
import type { Rule } from './rule';

/** A number as it is now, and as it would stand in the baseline. */
export interface Measured {
  readonly label: string;
  readonly entry: BaselineEntry;
  readonly warnings: GateRow['warnings'];
}

/** What became of one rule. */
export type Outcome =
  | { readonly measured: Measured }
  | { readonly label: string; readonly error: { readonly code: string; readonly message: string } };

/** A rule beside all that it is judged by. */
export interface Case {
  readonly rule: Rule;
  readonly outcome: Outcome;
  /** The baseline's entry; undefined where it has none. */
  readonly old: BaselineEntry | undefined;
  readonly paired: PairedDifference | null;
  /** The command that takes the new value as the baseline. */
  readonly renew: string;
}

/** What the rows of a check have in common. */
export interface JudgeOptions {
  readonly failOn: readonly Verdict[];
  readonly adjust: 'none' | 'holm';
}

/** Judges all cases of a check: together, as their number is what Holm's method goes by. */
export function judgeCases(cases: readonly Case[], { failOn, adjust }: JudgeOptions): GateRow[] {
  const changes = cases.map(changeIn);
  const confidences = cases.map(({ rule }) => rule.confidence);
  if (adjust === 'holm') {
    const tested = cases.flatMap((_, i) => (changes[i] ? [i] : []));
    const adjusted = holmConfidences(
      tested.map((i) => ({ change: changes[i]!, confidence: confidences[i] })),
    );
    for (const [k, i] of tested.entries()) confidences[i] = adjusted[k];
  }
  return cases.map((each, i) => rowOf(each, { change: changes[i], confidence: confidences[i], failOn }));
}

/** The row of a baseline entry that nothing asks for any more. */
export function missingRow(
  { suite, key, entry }: { readonly suite: string; readonly key: string; readonly entry: BaselineEntry },
  { failOn, renew }: { readonly failOn: readonly Verdict[]; readonly renew: string },
): GateRow {
  return {
    ...EMPTY_ROW,
    suite,
    metric: key,
    label: metricOfKey(key),
    verdict: 'incomparable',
    level: 'error',
    fails: failOn.includes('incomparable'),
    // Nothing is known of a metric that may not exist any more, and nothing is compared.
    better: 'lower',
    baseline: shownBaseline(entry),
    reason: 'missing: the baseline has an entry that the configuration does not ask for.',
    next: `Ask for it again in the configuration, or take it out of the baseline: ${renew}`,
  };
}

function changeIn({ rule, outcome, old, paired }: Case): Change | null {
  if (!('measured' in outcome) || !rule.regression || !old || tooFew(rule, outcome.measured.entry))
    return null;
  const now = outcome.measured.entry;
  return differencesOf(rule, { old, now }).length > 0 ? null : changeOf(rule, { old, now, paired });
}

function rowOf(
  { rule, outcome, old, renew }: Case,
  {
    change,
    confidence,
    failOn,
  }: { readonly change: Change | null; readonly confidence: number; readonly failOn: readonly Verdict[] },
): GateRow {
  const { suite, metric, level, facts, message, line } = rule;
  const limit = limitOf(rule);
  const common = {
    ...EMPTY_ROW,
    ...{ suite, metric, level, better: facts.better, message, line, limit },
    baseline: old && rule.regression ? shownBaseline(old) : null,
  };
  if (!('measured' in outcome)) {
    const { label, error } = outcome;
    return failed({ ...common, label }, { reason: `${error.code}: ${error.message}`, next: '' });
  }
  const { label, entry, warnings } = outcome.measured;
  const measured = { ...common, label, value: entry.value, interval: entry.interval, n: entry.n, warnings };
  const few = tooFew(rule, entry);
  if (few) {
    const next = `Give at least ${rule.minN} images, or lower minN.`;
    return failed(measured, { reason: `${few}: fewer than minN, which is ${rule.minN}.`, next });
  }
  const differences = old && rule.regression ? differencesOf(rule, { old, now: entry }) : [];
  const judgements: Judgement[] = [];
  if (limit)
    judgements.push(judgeLimit({ value: entry.value, interval: entry.interval, n: entry.n.generated }, rule));
  if (change) judgements.push(judgeChange(change, { confidence, n: entry.n.generated, renew }));
  else if (rule.regression) judgements.push(incomparable({ old, differences, renew }));
  const { verdict, reason, next, needed } = worst(judgements);
  return {
    ...measured,
    verdict,
    fails: level === 'error' && failOn.includes(verdict),
    change: change && shownChange(change, confidence),
    allowed: change?.allowed ?? null,
    detectable: detectableChange({ ...rule, confidence }, { now: entry, change }),
    needed,
    reason,
    next,
    differences,
  };
}

type Unjudged = Omit<GateRow, 'verdict' | 'fails' | 'reason' | 'next'>;

/** What could not be judged fails whatever its level: nobody knows what it would have been. */
function failed(row: Unjudged, { reason, next }: { reason: string; next: string }): GateRow {
  return { ...row, verdict: 'error', fails: true, reason, next };
}

function tooFew({ minN, usesReal }: Rule, { n }: BaselineEntry): string | null {
  const sides = usesReal ? (['generated', 'real'] as const) : (['generated'] as const);
  const few = sides.filter((side) => n[side] !== null && n[side] < minN);
  return few.length > 0 ? few.map((side) => `${n[side]} ${side} images`).join(' and ') : null;
}

function incomparable({
  old,
  differences,
  renew,
}: {
  old: BaselineEntry | undefined;
  differences: GateRow['differences'];
  renew: string;
}): Judgement {
  const judgement = { verdict: 'incomparable', needed: null } as const;
  if (!old) {
    return {
      ...judgement,
      reason: 'new: the baseline has no entry for this.',
      next: `To make one: ${renew}`,
    };
  }
  const words = differences.map(
    ({ field, old: before, new: after }) => `${field} was ${brief(before)} and is ${brief(after)}`,
  );
  return {
    ...judgement,
    reason: `The baseline was made otherwise: ${words.join('; ')}.`,
    next: `Make it as it was, or take the new value as the baseline: ${renew}`,
  };
}

function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function limitOf({ max, min }: Rule): GateRow['limit'] {
  if (max === undefined && min === undefined) return null;
  return { ...(max !== undefined && { max }), ...(min !== undefined && { min }) };
}

function shownBaseline({ value, interval, n }: BaselineEntry): NonNullable<GateRow['baseline']> {
  return { value: roundDigits(value), interval, n };
}
