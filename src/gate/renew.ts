import type { Baseline, BaselineEntry } from './baseline';
import { differencesOf } from './comparable';

/** Two runs whose values differ by no more than this part of them differ by the machine's arithmetic alone. */
const ROUNDING = 1e-6;

/** What a renewal did to an entry. */
export interface Renewal {
  readonly suite: string;
  readonly key: string;
  readonly old: BaselineEntry | null;
  /** null of an entry that was taken out. */
  readonly new: BaselineEntry | null;
}

/**
 * The baseline with new entries. What did not change keeps its entry, and the file its bytes there: another machine's
 * rounding is no change.
 *
 * @param fresh     entries of this run, by suite and key
 * @param obsolete  entries to take out
 */
export function renewBaseline(
  baseline: Baseline,
  {
    fresh,
    obsolete,
  }: { readonly fresh: Baseline; readonly obsolete: readonly { suite: string; key: string }[] },
): { baseline: Baseline; renewals: Renewal[] } {
  const renewed = new Map([...baseline].map(([suite, entries]) => [suite, new Map(entries)]));
  const renewals: Renewal[] = [];
  for (const { suite, key } of obsolete) {
    const entries = renewed.get(suite);
    const old = entries?.get(key);
    if (!entries || !old) continue;
    entries.delete(key);
    renewals.push({ suite, key, old, new: null });
  }
  for (const [suite, entries] of fresh) {
    const kept = renewed.get(suite) ?? new Map<string, BaselineEntry>();
    renewed.set(suite, kept);
    for (const [key, entry] of entries) {
      const old = kept.get(key) ?? null;
      if (old && isSame(old, entry)) continue;
      kept.set(key, entry);
      renewals.push({ suite, key, old, new: entry });
    }
  }
  for (const [suite, entries] of renewed) if (entries.size === 0) renewed.delete(suite);
  return { baseline: renewed, renewals };
}

function isSame(old: BaselineEntry, now: BaselineEntry): boolean {
  const strict = { sizeFree: false, usesReal: true };
  return (
    differencesOf(strict, { old, now }).length === 0 &&
    old.contents.generated === now.contents.generated &&
    old.contents.real === now.contents.real &&
    old.reference === now.reference &&
    close(old.value, now.value) &&
    (old.interval === null) === (now.interval === null) &&
    (!old.interval ||
      !now.interval ||
      (old.interval.confidence === now.interval.confidence &&
        close(old.interval.standardError, now.interval.standardError)))
  );
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));
}
