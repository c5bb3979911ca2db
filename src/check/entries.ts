import { type Baseline, type BaselineEntry, entryKey, metricOfKey } from '../gate/baseline';
import type { Rule } from '../gate/rule';
import type { MeasuredSuite } from './measure-suite';

/** The baseline's entry for a rule, at a size where the run has one of its own. */
export function entryFor(
  baseline: Baseline,
  { suite, metric, sizeFree }: Rule,
  size: number | null,
): BaselineEntry | undefined {
  const entries = baseline.get(suite);
  const own = sizeFree ? undefined : entries?.get(entryKey(metric, size));
  return own ?? entries?.get(metric);
}

/**
 * The size that a run's entries are kept under: its limit, where that made the run smaller than the suite is; else null.
 */
export function sizeOfRun({ report: { n } }: MeasuredSuite, limit: number | undefined): number | null {
  return limit !== undefined && (n.generated === limit || n.real === limit) ? limit : null;
}

/** What a run adds to the baseline. Of a smaller run only what depends on its size. */
export function freshEntries({ outcomes }: MeasuredSuite, size: number | null): Map<string, BaselineEntry> {
  const entries = new Map<string, BaselineEntry>();
  for (const [rule, outcome] of outcomes) {
    if (!('measured' in outcome) || (size !== null && rule.sizeFree)) continue;
    entries.set(entryKey(rule.metric, size), outcome.measured.entry);
  }
  return entries;
}

/** Entries that no rule asks for: of these suites, and of those the configuration does not have any more. */
export function obsoleteEntries(
  baseline: Baseline,
  {
    suites,
    known,
  }: {
    readonly suites: readonly { name: string; rules: readonly Rule[] }[];
    readonly known: readonly string[];
  },
): { suite: string; key: string; entry: BaselineEntry }[] {
  const all = known.length === suites.length;
  return [...baseline].flatMap(([name, entries]) => {
    const suite = suites.find((each) => each.name === name);
    if (!suite && (!all || known.includes(name))) return [];
    const asked = new Set(suite?.rules.map(({ metric }) => metric));
    return [...entries]
      .filter(([key]) => !asked.has(metricOfKey(key)))
      .map(([key, entry]) => ({ suite: name, key, entry }));
  });
}

/** Sizes that a suite has entries of. */
export function sizesIn(baseline: Baseline, suite: string): number[] {
  const keys = [...(baseline.get(suite)?.keys() ?? [])].filter((key) => key !== metricOfKey(key));
  return [...new Set(keys.map((key) => Number(key.slice(metricOfKey(key).length + 1))))].sort(
    (a, b) => a - b,
  );
}
