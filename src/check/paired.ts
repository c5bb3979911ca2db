import type { PairedDifference } from '../gate/change';
import { featureStatistics } from '../math/statistics';
import type { Metric, RivalSamples, Sample } from '../metrics/metric';
import { type MetricId, metrics } from '../metrics/registry';
import { computeFast } from '../runtimes/fast-product';

/** Two runs on the same real images. */
export interface Rivals {
  readonly real: Partial<Sample>;
  readonly now: Partial<Sample>;
  readonly before: Pick<Sample, 'features'> & Partial<Pick<Sample, 'logits'>>;
}

/** By the names of the metric's numbers. */
export type PairedDifferences = Readonly<Record<string, PairedDifference>>;

/**
 * Differences of a metric's numbers, now less before, with the standard errors of differences on the same real images;
 * undefined of a metric that knows none, or where the samples do not hold what it needs.
 *
 * @param options  settings: the metric's own options; ddof of covariances
 */
export async function pairedDifferences(
  id: MetricId,
  { real, now, before }: Rivals,
  { settings, ddof }: { readonly settings: object; readonly ddof: 0 | 1 },
): Promise<PairedDifferences | undefined> {
  const metric = metrics[id] as unknown as Metric;
  const { difference, needs, sides } = metric;
  if (!difference) return undefined;
  const statistics = needs.includes('statistics')
    ? { statistics: featureStatistics(before.features, { ddof }) }
    : {};
  const sets: RivalSamples = { real, a: now, b: { ...before, ...statistics } };
  const ofGenerated = [...needs, ...difference.needs];
  const lacking = ofGenerated.some((need) => !sets.a[need] || !sets.b[need]);
  // A real set of statistics alone is a fixed reference to a metric that needs no more.
  if (lacking || (sides === 'both' && needs.some((need) => !real[need]))) return undefined;
  const found = await computeFast(difference.computation(sets, { ...settings, confidence: 0.95 }));
  return Object.fromEntries(
    Object.entries(found).map(([name, { value, interval, variances }]) => [
      name,
      { value, standardError: interval.standardError, realVariance: variances.real },
    ]),
  );
}
