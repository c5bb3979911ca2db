import path from 'node:path';
import type { Baseline, BaselineEntry } from '../gate/baseline';
import { renewBaseline } from '../gate/renew';
import { candidateFile, writeBaseline } from './baseline-file';
import { LADDER } from './budget';
import { obsoleteOf, type Running } from './check-context';
import { freshEntries, sizesIn } from './entries';
import { keepFeatures } from './kept-features';
import { type MeasuredSuite, measureSuite } from './measure-suite';
import type { ResolvedSuite } from './resolve-suites';
import type { Run } from './run-suite';

/** Renews the baseline, or writes a candidate, where that was asked for; returns what rows are judged by. */
export async function renew(runs: readonly Run[], context: Running): Promise<Baseline> {
  const { baseline, baselineFile, options, features } = context;
  const { updateBaseline = false, candidate, cwd = process.cwd() } = options;
  if (!updateBaseline && candidate === undefined) return baseline;
  const fresh = new Map<string, ReadonlyMap<string, BaselineEntry>>();
  for (const { suite, measured, size } of runs) {
    if (!measured) continue;
    const entries = freshEntries(measured, size);
    if (updateBaseline && features) await keep(measured, [...entries.values()], features);
    for (const n of smallerSizes(suite, measured, context)) {
      const smaller = await measureSuite(suite, {
        limit: n,
        keep: features !== undefined,
        shown: context.shown,
      });
      const own = freshEntries(smaller, n);
      for (const [key, entry] of own) entries.set(key, entry);
      if (updateBaseline && features) await keep(smaller, [...own.values()], features);
    }
    fresh.set(suite.name, entries);
  }
  const { baseline: renewed, renewals } = renewBaseline(baseline, { fresh, obsolete: obsoleteOf(context) });
  for (const renewal of renewals) options.onRenewal?.(renewal);
  if (candidate !== undefined) {
    const file = candidate === true ? candidateFile(baselineFile) : path.resolve(cwd, candidate);
    await writeBaseline(file, renewed);
  }
  if (!updateBaseline) return baseline;
  if (renewals.length > 0) await writeBaseline(baselineFile, renewed);
  return renewed;
}

async function keep(
  { samples }: MeasuredSuite,
  [entry]: readonly BaselineEntry[],
  folder: string,
): Promise<void> {
  if (entry) await keepFeatures(folder, entry, samples.generated);
}

/** Sizes that entries are to be made for: those asked for, or those there are already, so that none grows old. */
function smallerSizes(
  { name, rules }: ResolvedSuite,
  { report: { n } }: MeasuredSuite,
  { options, baseline, limit }: Running,
): number[] {
  if (limit !== undefined || rules.every(({ sizeFree }) => sizeFree)) return [];
  const sizes = options.ladder ? LADDER : sizesIn(baseline, name);
  const largest = Math.max(n.real ?? 0, n.generated ?? 0);
  return sizes.filter((size) => size < largest);
}
