import { GanMetricsError, invalidOption } from './errors';
import { type ExtractionOptions, resolveOptions } from './extraction/options';
import { type Pass, type Provenance, runExtraction } from './extraction/run-extraction';
import { statisticsCollector } from './extraction/statistics-collector';
import type { ImageSource } from './features/collect-images';
import type { BadImage } from './images/check-images';
import type { MetricResult } from './metrics/metric';
import { type MetricId, metrics as registry } from './metrics/registry';
import type { Warning } from './metrics/warning';
import { version } from './version';

/** Values, and all that is needed to get them again. Plain data. */
export interface Report<Id extends MetricId = MetricId> extends Provenance {
  readonly metrics: { readonly [K in Id]: ReturnType<(typeof registry)[K]['compute']> };
  /** Images that went into the values. */
  readonly n: { readonly real: number; readonly generated: number };
  /** Images left out because they could not be read. */
  readonly skipped: { readonly real: readonly BadImage[]; readonly generated: readonly BadImage[] };
  readonly warnings: readonly Warning[];
  /** The version of gan-metrics. */
  readonly version: string;
}

/**
 * Evaluates generated images against real ones: one decode and one run of the network serve every metric
 * asked for.
 *
 * @param sources  real and generated images, and the ids of the metrics
 * @param options  model, preprocessing, runtime, sampling; see {@link ExtractionOptions}
 * @throws INVALID_OPTION, NO_IMAGES, UNREADABLE_IMAGES, MODEL_MISSING, MODEL_INVALID, RUNTIME_MISSING,
 *   RUNTIME_FAILED, TOO_FEW_SAMPLES, NOT_FINITE, ABORTED
 */
export async function evaluate<Id extends MetricId>(
  { real, generated, metrics }: { real: ImageSource; generated: ImageSource; metrics: readonly Id[] },
  options: ExtractionOptions = {},
): Promise<Report<Id>> {
  requireMetrics(metrics);
  const { ddof } = resolveOptions(options);
  const { passes, provenance } = await runExtraction(
    { real, generated },
    { ...options, outputs: ['features'], collector: () => statisticsCollector(ddof), least: 2 },
  );
  const statistics = { real: passes.real.result, generated: passes.generated.result };
  const samples = {
    real: { statistics: statistics.real },
    generated: { statistics: statistics.generated },
  };
  const results = metrics.map((id) => [id, registry[id].compute(samples)] as const);
  return {
    metrics: Object.fromEntries(results) as Report<Id>['metrics'],
    n: { real: statistics.real.count, generated: statistics.generated.count },
    ...provenance,
    skipped: { real: passes.real.skipped, generated: passes.generated.skipped },
    warnings: [
      ...skippedWarnings(passes),
      ...results.flatMap(([, result]): readonly Warning[] => (result as MetricResult).warnings),
    ],
    version,
  };
}

function skippedWarnings(passes: Readonly<Record<string, Pass<unknown>>>): Warning[] {
  return Object.entries(passes).flatMap(([name, { skipped }]) => {
    if (skipped.length === 0) return [];
    const shown = skipped.slice(0, 3).map((failure) => `${failure.name} (${failure.reason})`);
    const names = shown.join(', ') + (skipped.length > shown.length ? ', …' : '');
    const count = skipped.length === 1 ? `1 ${name} image was` : `${skipped.length} ${name} images were`;
    return [{ code: 'IMAGES_SKIPPED', message: `${count} left out as unreadable: ${names}.` }];
  });
}

function requireMetrics(metrics: readonly string[]): void {
  const known = Object.keys(registry);
  if (metrics.length === 0) {
    throw new GanMetricsError('INVALID_OPTION', `Expected at least one of ${known.join(', ')} for metrics.`);
  }
  for (const id of metrics) {
    if (!known.includes(id)) throw invalidOption('metrics', `some of ${known.join(', ')}`, id);
  }
}
