import { setImmediate } from 'node:timers/promises';
import { GanMetricsError, invalidOption } from './errors';
import { collectSamples } from './extraction/collect-samples';
import type { KeptSet } from './extraction/kept-set';
import type { Networks } from './extraction/open-network';
import { type ExtractionOptions, resolveOptions } from './extraction/options';
import type { Plan } from './extraction/run-extraction';
import { type Need, outputsFor } from './extraction/sample-collector';
import type { SampleProvenance, SampleSet } from './extraction/sample-set';
import type { BadImage } from './images/check-images';
import type { ImageSource } from './images/image-source';
import { type Floor, hasFloor, type Outcome } from './measuring/measure';
import { abortedEvaluation, openMeasuring } from './measuring/open-measuring';
import { metricLabel } from './metric-label';
import type { Interval } from './metrics/interval';
import type { Metric, Sample, Samples } from './metrics/metric';
import { type MetricId, metrics as registry } from './metrics/registry';
import { settingsOf } from './metrics/settings';
import type { Warning } from './metrics/warning';
import { type ImageScore, scoreImages } from './score-images';
import { version } from './version';

/** Options of a metric, by its id. */
export type MetricOptions = { readonly [K in MetricId]?: Parameters<(typeof registry)[K]['compute']>[1] };

export interface EvaluateOptions extends ExtractionOptions {
  /** Options of single metrics by id, over those that `compat` sets: `{ kid: { subsets: 50 } }`. */
  readonly metricOptions?: MetricOptions | undefined;
  /** Adds to every metric that has them intervals of this confidence, in (0, 1). */
  readonly confidence?: number | undefined;
  /**
   * Adds to every metric of two sets what it gives between two random parts of the real set: what a perfect
   * generator would get from so many images.
   */
  readonly floor?: boolean | undefined;
  /** Adds to the report a line for every generated image: which are bad, and which are copies. */
  readonly perImage?: boolean | undefined;
  /** Which logits class probabilities are made of; default `unbiased`, without the last layer's bias. */
  readonly logits?: 'unbiased' | 'biased' | undefined;
}

/** What came of one metric: its own result, and intervals of its numbers where they were asked for. */
export type MetricOutcome<Id extends MetricId> = ReturnType<(typeof registry)[Id]['compute']> & {
  /** For people, with the network where it is not the metric's own: `FID`, `FD (cifar10-resnet)`. */
  readonly metric: string;
  readonly intervals?: Readonly<Record<string, Interval>>;
  readonly floor?: Floor;
};

/** Values, and all that is needed to get them again. Plain data. */
export interface Report<Id extends MetricId = MetricId> extends SampleProvenance {
  /** The version of this form, which `docs/report.schema.json` describes. */
  readonly schema: 1;
  readonly metrics: { readonly [K in Id]?: MetricOutcome<K> };
  /** Metrics that are not defined for these images, and why; never all that were asked for. */
  readonly failures: { readonly [K in Id]?: { readonly code: string; readonly message: string } };
  /** Images that went into the values; null where a file of statistics does not say. */
  readonly n: { readonly real: number | null; readonly generated: number | null };
  /** Images left out because they could not be read. */
  readonly skipped: { readonly real: readonly BadImage[]; readonly generated: readonly BadImage[] };
  /** Of every generated image, where it was asked for. */
  readonly images?: readonly ImageScore[];
  readonly warnings: readonly Warning[];
  /** The version of gan-metrics. */
  readonly version: string;
}

/**
 * What to measure: folders, lists of images, or files of statistics, features or images (`.npz`, `.npy`). `real` may
 * be left out where no metric asked for looks at it.
 */
export interface EvaluateRequest<Id extends MetricId> {
  readonly real?: ImageSource | undefined;
  readonly generated: ImageSource;
  readonly metrics: readonly Id[];
}

/**
 * Evaluates generated images, most metrics against real ones: one decode and one run of the network serve every
 * metric asked for.
 *
 * @param request  images, and the ids of the metrics
 * @param options  model, preprocessing, runtime, sampling, options of the metrics; see {@link EvaluateOptions}
 * @throws INVALID_OPTION, NO_IMAGES, UNREADABLE_IMAGES, MODEL_MISSING, MODEL_INVALID, RUNTIME_MISSING,
 *   RUNTIME_FAILED, NOT_FINITE, ABORTED; PROVENANCE_MISMATCH, CORRUPT_FILE, UNSAFE_FILE, UNSUPPORTED_FILE of a file
 *   that stands for images; and what the metric throws where none of those asked for is defined
 * @example
 * import { evaluate } from 'gan-metrics';
 *
 * const { metrics, model, n } = await evaluate(
 *   { real: 'fixtures/real', generated: 'fixtures/fake', metrics: ['fid', 'prdc'] },
 *   { model: 'cifar10-resnet', limit: 40, confidence: 0.95 },
 * );
 * console.log(metrics.fid?.value.toFixed(1), metrics.prdc?.recall); // 15.3 0.875
 * console.log(metrics.fid?.intervals?.value.low.toFixed(1), model.id, n); // 11.2 cifar10-resnet { real: 40, generated: 40 }
 */
export async function evaluate<Id extends MetricId>(
  request: EvaluateRequest<Id>,
  options: EvaluateOptions = {},
): Promise<Report<Id>> {
  return evaluateWith(request, options, {});
}

/** {@link evaluate} with what is kept from one call to the next. */
export async function evaluateWith<Id extends MetricId>(
  request: EvaluateRequest<Id>,
  options: EvaluateOptions,
  kept: KeptBetween,
): Promise<Report<Id>> {
  const { report } = await evaluateKeeping(request, options, kept);
  return report;
}

interface KeptBetween {
  readonly networks?: Networks;
  readonly keptSet?: KeptSet;
}

/** A report, and what it was made of. */
export interface KeptEvaluation<Id extends MetricId> {
  readonly report: Report<Id>;
  /** What the metrics needed, and what was to be kept. */
  readonly samples: { readonly real: Partial<Sample>; readonly generated: Partial<Sample> };
  /** Names of the images that were used, in the order of the rows; empty where a file of numbers stood for them. */
  readonly names: { readonly real: readonly string[]; readonly generated: readonly string[] };
}

/**
 * {@link evaluate} for a caller that goes on with the samples.
 *
 * @param options  keep: collected too, where the network or the file offers it
 */
export async function evaluateKeeping<Id extends MetricId>(
  { real, generated, metrics: ids }: EvaluateRequest<Id>,
  {
    keep = [],
    metricOptions = {},
    confidence,
    floor = false,
    perImage = false,
    logits = 'unbiased',
    ...options
  }: EvaluateOptions & { readonly keep?: readonly Need[] } = {},
  kept: KeptBetween = {},
): Promise<KeptEvaluation<Id>> {
  const chosen = requireMetrics(ids);
  requireConfidence(confidence);
  const { compat, seed, workers: threads } = resolveOptions(options);
  const needs = neededBy(chosen, { confidence, floor, perImage });
  const usesReal = perImage || chosen.some(({ sides }) => sides === 'both');
  if (usesReal && real === undefined) throw invalidOption('real', 'images', real);
  const { sets, provenance, warnings } = await collectSamples<'real' | 'generated'>(
    { ...(usesReal ? { real: real! } : {}), generated } as Record<'real' | 'generated', ImageSource>,
    {
      ...options,
      ...kept,
      needs,
      optional: new Set<Need>([...keep, ...(perImage ? (['logits'] as const) : [])]),
      logits,
      onMissing: (missing) => {
        const reasons = chosen.map((metric) => whyNot(metric, missing));
        if (reasons.every((reason) => reason)) throw reasons[0];
      },
      onPlan: (plan) => options.onNote?.(keptInMemory(plan, needs)),
    },
  );
  const samples = { real: sets.real?.sample ?? {}, generated: sets.generated.sample } as Samples;
  const missing = { real: sets.real?.missing ?? {}, generated: sets.generated.missing };
  const n = { real: sets.real ? sets.real.n : 0, generated: sets.generated.n };
  const outcomes: Outcome[] = [];
  const measuring = openMeasuring(samples, options.signal);
  try {
    for (const metric of chosen) {
      await nextTurn(options.signal);
      const { id } = metric;
      const error = whyNot(metric, missing);
      if (error) {
        outcomes.push({ id, error });
        continue;
      }
      const settings = settingsOf(metric, { compat, own: metricOptions[id] });
      const label = metricLabel(id, provenance);
      outcomes.push(
        await measuring.measure(id, { settings, n, label, compat, confidence, floor, seed, threads }),
      );
    }
  } finally {
    await measuring.close();
  }
  if (outcomes.every(({ error }) => error)) throw outcomes[0].error;
  const names = { real: namesOf(sets.real), generated: namesOf(sets.generated) };
  const images = perImage ? await scoreImages(samples, { names, threads }) : undefined;
  const report: Report<Id> = {
    schema: 1,
    metrics: collect(outcomes, ({ result }) => result) as Report<Id>['metrics'],
    failures: collect(
      outcomes,
      ({ error }) => error && { code: error.code, message: error.message },
    ) as Report<Id>['failures'],
    n,
    ...provenance,
    ...(images && { images }),
    skipped: { real: sets.real?.skipped ?? [], generated: sets.generated.skipped },
    warnings: distinct([
      ...warnings,
      ...skippedWarnings(sets),
      ...outcomes.flatMap(({ result }) => result?.warnings ?? []),
    ]),
    version,
  };
  const used = { real: sets.real?.names ?? [], generated: sets.generated.names };
  return { report, samples, names: used };
}

/** Lets others have their turn: metrics are arithmetic, and take the thread for themselves. */
export async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (!signal?.aborted) return;
  throw abortedEvaluation(signal);
}

/** A file of features has rows, but no names for them: they are numbered from 0. */
function namesOf(set: SampleSet | undefined): readonly string[] {
  if (!set || set.names.length > 0) return set?.names ?? [];
  return Array.from({ length: set.sample.features?.rows ?? 0 }, (_, i) => String(i));
}

/** Why a metric cannot be computed of these files, if so. */
function whyNot(
  { needs, sides }: Metric,
  missing: Readonly<Record<string, SampleSet['missing']>>,
): GanMetricsError | undefined {
  const looksAt = sides === 'both' ? ['real', 'generated'] : ['generated'];
  return looksAt.flatMap((side) => needs.map((need) => missing[side]?.[need])).find((reason) => reason);
}

function collect<Value>(
  outcomes: readonly Outcome[],
  value: (outcome: Outcome) => Value | undefined,
): Record<string, Value> {
  const found = outcomes.flatMap((outcome) => {
    const part = value(outcome);
    return part === undefined ? [] : [[outcome.id, part] as const];
  });
  return Object.fromEntries(found);
}

function neededBy(
  metrics: readonly Metric[],
  { confidence, floor, perImage }: { confidence: number | undefined; floor: boolean; perImage: boolean },
): Set<Need> {
  const intervals = confidence === undefined ? [] : metrics.flatMap(({ interval }) => interval?.needs ?? []);
  // The floor is of parts of the real set, and their statistics have to be made of rows.
  const rows: Need[] = perImage || (floor && metrics.some(hasFloor)) ? ['features'] : [];
  return new Set([...metrics.flatMap(({ needs }) => needs), ...intervals, ...rows]);
}

const MIB = 2 ** 20;

/** Needs of which every row is kept until the metrics are computed. */
const KEPT: ReadonlySet<Need> = new Set(['features', 'spatialFeatures', 'logits']);

/** What a run is about to hold, in words. */
export function keptInMemory({ images, widths }: Plan, needs: ReadonlySet<Need>): string {
  const kept = outputsFor([...needs].filter((need) => KEPT.has(need)));
  const bytes = kept.reduce((sum, output) => sum + (images ?? 1) * widths[output] * 4, 0);
  const counted = images === null ? 'An unknown number of images' : `${images} images`;
  if (kept.length === 0) return `${counted}; none of their features are kept.`;
  const size = images === null ? `${Math.ceil(bytes / 1024)} KiB each` : `${Math.ceil(bytes / MIB)} MiB`;
  return `${counted}; ${kept.join(' and ')} are kept in memory: ${size}.`;
}

export function skippedWarnings(sets: Readonly<Record<string, SampleSet>>): Warning[] {
  return Object.entries(sets).flatMap(([name, { skipped }]) => {
    if (skipped.length === 0) return [];
    const shown = skipped.slice(0, 3).map((failure) => `${failure.name} (${failure.reason})`);
    const names = shown.join(', ') + (skipped.length > shown.length ? ', …' : '');
    const count = skipped.length === 1 ? `1 ${name} image was` : `${skipped.length} ${name} images were`;
    return [{ code: 'IMAGES_SKIPPED', message: `${count} left out as unreadable: ${names}.` }];
  });
}

/** Metrics warn alike of what they share. */
export function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [warning.code + warning.message, warning])).values()];
}

function requireMetrics(ids: readonly string[]): Metric<MetricId>[] {
  const known = Object.keys(registry);
  if (ids.length === 0) {
    throw new GanMetricsError('INVALID_OPTION', `Expected at least one of ${known.join(', ')} for metrics.`);
  }
  return [...new Set(ids)].map((id) => {
    if (!known.includes(id)) throw invalidOption('metrics', `some of ${known.join(', ')}`, id);
    return registry[id as MetricId] as unknown as Metric<MetricId>;
  });
}

export function requireConfidence(confidence: number | undefined): void {
  if (confidence === undefined || (confidence > 0 && confidence < 1)) return;
  throw invalidOption('confidence', 'a number above 0 and below 1', confidence);
}
