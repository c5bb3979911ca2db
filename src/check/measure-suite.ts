import { GanMetricsError } from '../errors';
import { evaluateKeeping, type KeptEvaluation, type Report } from '../evaluate';
import type { ExtractionOptions } from '../extraction/options';
import { resolveOptions } from '../extraction/options';
import type { BaselineEntry } from '../gate/baseline';
import { halfWidth } from '../gate/change';
import { roundDigits } from '../gate/digits';
import type { Outcome } from '../gate/rows';
import type { Rule } from '../gate/rule';
import { metricLabel } from '../metric-label';
import type { Interval } from '../metrics/interval';
import type { Metric } from '../metrics/metric';
import { type MetricId, metrics as registry } from '../metrics/registry';
import { version } from '../version';
import { contentsIdentity, referenceIdentity } from './identity';
import type { ResolvedSuite } from './resolve-suites';

/** How a run tells what it does, and is stopped. */
export type Shown = Pick<ExtractionOptions, 'signal' | 'onProgress' | 'onModelProgress' | 'onNote'>;

/** A suite's images, evaluated once for all of its rules. */
export interface MeasuredSuite {
  readonly outcomes: ReadonlyMap<Rule, Outcome>;
  readonly report: Report;
  readonly samples: KeptEvaluation<MetricId>['samples'];
  readonly names: KeptEvaluation<MetricId>['names'];
}

/**
 * Evaluates a suite: one pass over its images for all metrics.
 *
 * @param options  limit: images a side, over the suite's own; keep: whether features and logits are kept for pairs
 * @throws what `evaluate` throws
 */
export async function measureSuite(
  suite: ResolvedSuite,
  {
    limit,
    keep,
    shown,
  }: { readonly limit: number | undefined; readonly keep: boolean; readonly shown: Shown },
): Promise<MeasuredSuite> {
  const options = { ...suite.options, ...(limit !== undefined && { limit }), ...shown };
  const { report, samples, names } = await evaluateKeeping(
    { real: suite.real, generated: suite.generated, metrics: suite.metrics },
    { ...options, keep: keep ? ['features', 'logits'] : [] },
  );
  const { seed } = resolveOptions(options);
  const identify = (source: string, side: 'real' | 'generated') =>
    contentsIdentity(source, { names: names[side], limit: options.limit, seed });
  const usesReal = suite.rules.some((rule) => rule.usesReal);
  const identity = {
    reference: usesReal ? await referenceIdentity(suite.real!) : null,
    contents: {
      real: usesReal ? await identify(suite.real!, 'real') : null,
      generated: await identify(suite.generated, 'generated'),
    },
  };
  const outcomes = suite.rules.map((rule) => [rule, outcomeOf(rule, { suite, report, identity })] as const);
  return { outcomes: new Map(outcomes), report, samples, names };
}

type Identity = Pick<BaselineEntry, 'contents'> & { readonly reference: string | null };

function outcomeOf(
  rule: Rule,
  { suite, report, identity }: { suite: ResolvedSuite; report: Report; identity: Identity },
): Outcome {
  const id = rule.id as MetricId;
  const label = labelOf(rule, report);
  const result = report.metrics[id];
  if (!result) {
    const { code, message } = report.failures[id]!;
    return { label, error: { code, message } };
  }
  const value = (result as unknown as Record<string, unknown>)[rule.number];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    const message = `${label} is ${JSON.stringify(value) ?? String(value)}: no number that can be judged.`;
    return { label, error: { code: 'NOT_FINITE', message } };
  }
  const { reference, contents } = identity;
  const { model, preprocessing, dims, input, compat } = report;
  const entry: BaselineEntry = {
    value: roundDigits(value),
    interval: intervalOf(rule, { value, interval: result.intervals?.[rule.number] }),
    n: { real: rule.usesReal ? report.n.real : null, generated: report.n.generated },
    model: { id: model.id, sha256: model.sha256 },
    preprocessing,
    dims,
    input,
    compat,
    reference: rule.usesReal ? reference : null,
    contents: { real: rule.usesReal ? contents.real : null, generated: contents.generated },
    parameters: parametersOf(id, suite),
    algorithm: (registry[id] as unknown as Metric).algorithm ?? 1,
    version,
  };
  return { measured: { label, entry, warnings: result.warnings } };
}

/** `recall (cifar10-resnet)` of one number of several. */
function labelOf({ id, number }: Rule, { model, dims }: Report): string {
  const label = metricLabel(id as MetricId, { model, dims });
  return number === 'value' ? label : `${number}${label.match(/ \([^()]*\)$/)?.[0] ?? ''}`;
}

/** Of the rule's confidence, which can be another than the suite's: every interval is value ± z · standard error, cut. */
function intervalOf(
  { confidence, facts }: Rule,
  { value, interval }: { value: number; interval: Interval | undefined },
): BaselineEntry['interval'] {
  if (!interval) return null;
  const { standardError } = interval;
  const reach = standardError === 0 ? 0 : halfWidth(standardError, confidence);
  const [least, most] = facts.range;
  const ends = interval.confidence === confidence ? interval : { low: value - reach, high: value + reach };
  return {
    low: roundDigits(Math.max(ends.low, least)),
    high: roundDigits(Math.min(ends.high, most)),
    standardError: roundDigits(standardError),
    confidence,
  };
}

function parametersOf(id: MetricId, { options }: ResolvedSuite): Record<string, unknown> {
  const { needs } = registry[id] as unknown as Metric;
  return {
    ...options.metricOptions?.[id],
    ...(options.logits === 'biased' && needs.includes('logits') && { logits: 'biased' }),
  };
}

/** An error as a report shows it; one that ends the whole run is thrown. */
export function shownError(error: unknown): { code: string; message: string } {
  if (error instanceof GanMetricsError) {
    if (error.code === 'ABORTED') throw error;
    return { code: error.code, message: error.message };
  }
  // What nobody foresaw is worth its stack.
  return { code: 'CRASH', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
