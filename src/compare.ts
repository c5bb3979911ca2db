import { type Comparable, compareBy, type MetricComparison, type Outcome, whyNot } from './compare-by-metric';
import { GanMetricsError, invalidOption } from './errors';
import {
  distinct,
  keptInMemory,
  type MetricOptions,
  nextTurn,
  requireConfidence,
  skippedWarnings,
} from './evaluate';
import { collectSamples } from './extraction/collect-samples';
import { type ExtractionOptions, resolveOptions } from './extraction/options';
import type { SampleProvenance } from './extraction/sample-set';
import type { BadImage } from './images/check-images';
import type { ImageSource } from './images/image-source';
import { metricLabel } from './metric-label';
import type { Metric } from './metrics/metric';
import { type MetricId, metrics as registry } from './metrics/registry';
import { settingsOf } from './metrics/settings';
import type { Warning } from './metrics/warning';
import { version } from './version';

export interface CompareOptions extends ExtractionOptions {
  /** Of every interval, and of the verdicts, in (0, 1); default 0.95. */
  readonly confidence?: number | undefined;
  /**
   * `holm` (default): the confidence holds for all verdicts on one number together, however many sets there are;
   * `none`: for each by itself.
   */
  readonly adjust?: 'holm' | 'none' | undefined;
  /** Options of single metrics by id, of those that have a say in a difference: `{ prdc: { neighbors: 3 } }`. */
  readonly metricOptions?: MetricOptions | undefined;
  /** Which logits class probabilities are made of; default `unbiased`, without the last layer's bias. */
  readonly logits?: 'unbiased' | 'biased' | undefined;
}

/**
 * What to compare: at least two generated sets by name, and the real one, which may be left out where no metric
 * asked for looks at it. Each is what `evaluate` takes: images, or a file of their features.
 */
export interface CompareRequest<Id extends MetricId> {
  readonly real?: ImageSource | undefined;
  readonly generated: Readonly<Record<string, ImageSource>>;
  /** Of those that have an interval of the difference of two generators: `fid`, `is`, `kid`, `prdc`. */
  readonly metrics: readonly Id[];
}

/** Which generator is better, by which number, and how sure that is. Plain data. */
export interface Comparison<Id extends MetricId = MetricId> extends SampleProvenance {
  /** The version of this form, which `docs/report.schema.json` describes. */
  readonly schema: 1;
  /** Names of the generated sets. */
  readonly sets: readonly string[];
  readonly confidence: number;
  readonly adjust: 'holm' | 'none';
  readonly metrics: { readonly [K in Id]?: MetricComparison };
  /** Metrics that are not defined for these images, and why; never all that were asked for. */
  readonly failures: { readonly [K in Id]?: { readonly code: string; readonly message: string } };
  /** Images that went into the values; null where a file of statistics does not say. */
  readonly n: { readonly real: number | null; readonly generated: Readonly<Record<string, number | null>> };
  /** Images left out because they could not be read, by set, `real` among them. */
  readonly skipped: Readonly<Record<string, readonly BadImage[]>>;
  readonly warnings: readonly Warning[];
  /** The version of gan-metrics. */
  readonly version: string;
}

/**
 * Compares generators on the same real images: values, the differences of all pairs with paired intervals, and
 * places that say where two cannot be told apart. One run of the network serves all sets and metrics.
 *
 * KID is that of all images, not of subsets: so are the differences.
 *
 * @param request  sets by name, and ids of metrics
 * @param options  confidence (0.95), adjust ('holm'); model, preprocessing, runtime, sampling; see {@link CompareOptions}
 * @throws INVALID_OPTION for fewer than two sets or a metric without such a difference; what `evaluate` throws
 * @example
 * import { compare } from 'gan-metrics';
 *
 * const { metrics } = await compare(
 *   {
 *     real: 'fixtures/real',
 *     generated: { bad: 'fixtures/fake', copy: 'fixtures/fake', good: 'fixtures/real' },
 *     metrics: ['fid'],
 *   },
 *   { model: 'cifar10-resnet', limit: 60 },
 * );
 * const { winner, ranks, differences } = metrics.fid!.numbers.value;
 * console.log(winner, ranks?.bad); // good { best: 2, worst: 3 }
 * console.log(differences.map(({ a, b, verdict }) => `${a} ${verdict} ${b}`)); // [ 'bad undecided copy', 'bad worse good', 'copy worse good' ]
 */
export async function compare<Id extends MetricId>(
  { real, generated, metrics: ids }: CompareRequest<Id>,
  { confidence = 0.95, adjust = 'holm', metricOptions = {}, logits, ...options }: CompareOptions = {},
): Promise<Comparison<Id>> {
  const names = requireSets(generated);
  const chosen = requireComparable(ids);
  requireConfidence(confidence);
  if (adjust !== 'holm' && adjust !== 'none') throw invalidOption('adjust', "'holm' or 'none'", adjust);
  const settings = new Map(
    chosen.map((metric) => [metric, checkedSettings(metric, { metricOptions, options })]),
  );
  const usesReal = chosen.some(({ sides }) => sides === 'both');
  if (usesReal && real === undefined) throw invalidOption('real', 'images', real);

  const needs = new Set(chosen.flatMap(({ needs, difference }) => [...needs, ...difference.needs]));
  const { sets, provenance, warnings } = await collectSamples<string>(
    { ...(usesReal && { real: real! }), ...generated },
    {
      ...options,
      needs,
      logits,
      onMissing: (missing) => {
        const reasons = chosen.map((metric) => whyNot(metric, missing));
        if (reasons.every((reason) => reason)) throw reasons[0];
      },
      onPlan: (plan) => options.onNote?.(keptInMemory(plan, needs)),
    },
  );

  const outcomes: Outcome[] = [];
  const { workers: threads } = resolveOptions(options);
  for (const metric of chosen) {
    await nextTurn(options.signal);
    const label = metricLabel(metric.id as Id, provenance);
    const given = { names, label, settings: settings.get(metric)!, confidence, adjust, threads };
    outcomes.push(await compareBy(metric, sets, given));
  }
  const failed = outcomes.filter((outcome) => 'error' in outcome);
  const done = outcomes.filter((outcome) => 'comparison' in outcome);
  if (done.length === 0) throw failed[0].error;
  return {
    schema: 1,
    sets: names,
    confidence,
    adjust,
    metrics: Object.fromEntries(
      done.map(({ id, comparison }) => [id, comparison]),
    ) as Comparison<Id>['metrics'],
    failures: Object.fromEntries(
      failed.map(({ id, error: { code, message } }) => [id, { code, message }]),
    ) as Comparison<Id>['failures'],
    n: {
      real: usesReal ? sets.real.n : 0,
      generated: Object.fromEntries(names.map((name) => [name, sets[name].n])),
    },
    ...provenance,
    skipped: Object.fromEntries(Object.entries(sets).map(([name, { skipped }]) => [name, skipped])),
    warnings: distinct([
      ...warnings,
      ...skippedWarnings(sets),
      ...done.flatMap(({ comparison }) => comparison.warnings),
    ]),
    version,
  };
}

/** @throws INVALID_OPTION for options that have no say in a difference */
function checkedSettings(
  metric: Comparable,
  { metricOptions, options: { compat } }: { metricOptions: MetricOptions; options: ExtractionOptions },
): object {
  const { id, difference } = metric;
  const own = (metricOptions[id as MetricId] ?? {}) as Record<string, unknown>;
  const allowed = difference.options as readonly string[];
  const refused = Object.keys(own).find((name) => own[name] !== undefined && !allowed.includes(name));
  if (refused !== undefined) {
    const expected = `nothing, as it has no say in a difference of two generators,`;
    throw invalidOption(`metricOptions.${id}.${refused}`, expected, own[refused]);
  }
  return settingsOf(metric, { compat, own });
}

/** Names that the real set and the language have taken. */
const TAKEN = ['real', '__proto__'];

function requireSets(generated: Readonly<Record<string, ImageSource>>): string[] {
  const names = Object.keys(generated);
  if (names.length < 2) throw invalidOption('generated', 'at least two sets by name', names);
  const wrong = names.find((name) => name.trim() === '' || TAKEN.includes(name));
  if (wrong !== undefined) throw invalidOption('generated', "names other than '' and 'real'", wrong);
  return names;
}

function requireComparable(ids: readonly string[]): Comparable[] {
  const able = Object.values(registry as Record<string, Metric>).filter(
    (metric): metric is Comparable => metric.difference !== undefined,
  );
  const listed = able.map(({ id }) => id).join(', ');
  if (ids.length === 0) {
    throw new GanMetricsError('INVALID_OPTION', `Expected at least one of ${listed} for metrics.`);
  }
  return [...new Set(ids)].map((id) => {
    const metric = able.find((each) => each.id === id);
    if (metric) return metric;
    throw invalidOption(
      'metrics',
      `some of ${listed}, which have an interval of the difference of two generators,`,
      id,
    );
  });
}
