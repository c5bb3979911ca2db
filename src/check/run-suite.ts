import { resolveOptions } from '../extraction/options';
import type { Baseline } from '../gate/baseline';
import { differencesOf } from '../gate/comparable';
import type { Metric } from '../metrics/metric';
import { type MetricId, metrics } from '../metrics/registry';
import { settingsOf } from '../metrics/settings';
import type { Running, SuiteSamples } from './check-context';
import { entryFor, sizeOfRun } from './entries';
import { readKeptFeatures } from './kept-features';
import { type MeasuredSuite, measureSuite, shownError } from './measure-suite';
import { type PairedDifferences, pairedDifferences } from './paired';
import type { ResolvedSuite } from './resolve-suites';

/** A suite's run: what was measured, or why nothing was, and how its numbers pair with the baseline's. */
export interface Run {
  readonly suite: ResolvedSuite;
  readonly measured: MeasuredSuite | undefined;
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Under which size the entries are kept. */
  readonly size: number | null;
  readonly paired: ReadonlyMap<string, PairedDifferences>;
  readonly seconds: number;
}

/** Measures a suite; what keeps it from being measured is its own error, and not that of the others. */
export async function runSuite(
  suite: ResolvedSuite,
  { baseline, limit, features, shown, options }: Running,
): Promise<Run> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  try {
    const { onSuite } = options;
    const keep = features !== undefined || onSuite !== undefined;
    const measured = await measureSuite(suite, { limit, keep, shown });
    const size = sizeOfRun(measured, limit);
    const paired =
      features === undefined ? new Map() : await pairsOf(measured, { suite, baseline, size, features });
    const run = { suite, measured, error: null, size, paired, seconds: seconds() };
    await onSuite?.(samplesOf(suite, measured));
    return run;
  } catch (error) {
    return {
      suite,
      measured: undefined,
      error: shownError(error),
      size: null,
      paired: new Map(),
      seconds: seconds(),
    };
  }
}

function samplesOf(suite: ResolvedSuite, { samples, names, outcomes }: MeasuredSuite): SuiteSamples {
  const { name, real, generated, options } = suite;
  const labels = [...outcomes].map(
    ([rule, outcome]) =>
      [rule.metric, 'measured' in outcome ? outcome.measured.label : outcome.label] as const,
  );
  return { suite: name, real, generated, options, samples, names, labels: new Map(labels) };
}

/** Paired differences by metric: of those whose baseline can be compared and whose features were kept. */
async function pairsOf(
  { outcomes, samples }: MeasuredSuite,
  {
    suite,
    baseline,
    size,
    features,
  }: { suite: ResolvedSuite; baseline: Baseline; size: number | null; features: string },
): Promise<Map<string, PairedDifferences>> {
  const pairs = new Map<string, PairedDifferences>();
  for (const [rule, outcome] of outcomes) {
    const old = entryFor(baseline, rule, size);
    if (pairs.has(rule.id) || !rule.regression || !old || !('measured' in outcome)) continue;
    const now = outcome.measured.entry;
    // Pairs have all real images in common, also where the metric's value would compare without.
    const differences = differencesOf({ ...rule, sizeFree: false }, { old, now });
    if (differences.length > 0 || old.contents.generated === now.contents.generated) continue;
    const before = await readKeptFeatures(features, old);
    if (!before) continue;
    const id = rule.id as MetricId;
    const { ddof } = resolveOptions(suite.options);
    const { compat, metricOptions } = suite.options;
    const settings = settingsOf(metrics[id] as unknown as Metric, { compat, own: metricOptions?.[id] });
    const rivals = { real: samples.real, now: samples.generated, before };
    const found = await pairedDifferences(id, rivals, { settings, ddof });
    if (found) pairs.set(rule.id, found);
  }
  return pairs;
}
