import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { check } from '../check/check';
import type { GateConfig, SuiteConfig } from '../check/config';
import { computeLogLikelihood, type LogLikelihoodOptions } from '../compute-log-likelihood';
import { computeMetric } from '../compute-metric';
import { computeStatistics } from '../compute-statistics';
import { GanMetricsError } from '../errors';
import type { EvaluateOptions } from '../evaluate';
import { halfWidth } from '../gate/change';
import type { GateInterval, GateReport } from '../gate/gate-report';
import { judgeLimit } from '../gate/judge';
import type { ImageSource } from '../images/image-source';
import type { MatrixLike } from '../math/matrix';
import type { MetricId } from '../metrics/registry';
import type { SampleSource } from '../read-samples';
import { writeStatistics } from '../statistics/write-statistics';

/** What test runners take from a matcher. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

export interface DistanceOptions extends EvaluateOptions {
  readonly real: ImageSource;
}

export interface LikelihoodOptions extends LogLikelihoodOptions {
  /** Points whose likelihood is asked for. */
  readonly test: SampleSource | MatrixLike;
  /** Of the interval, in (0, 1); default 0.95. */
  readonly confidence?: number | undefined;
}

/** A suite of a configuration, but for its generated images: those are what is expected of. */
export interface RegressionOptions extends Omit<SuiteConfig, 'generated'> {
  /** The suite's name in the baseline. */
  readonly suite: string;
  /** Where the baseline run's features are kept, as in a configuration: changes are then compared pair by pair. */
  readonly features?: string | undefined;
}

/** Passes where the whole interval of the Fréchet distance is at most `limit`. */
export async function toHaveFIDBelow(
  generated: ImageSource,
  limit: number,
  options: DistanceOptions,
): Promise<MatcherResult> {
  return distanceBelow('fid', { generated, limit, options });
}

/** Passes where the whole interval of the kernel distance is at most `limit`. */
export async function toHaveKIDBelow(
  generated: ImageSource,
  limit: number,
  options: DistanceOptions,
): Promise<MatcherResult> {
  return distanceBelow('kid', { generated, limit, options });
}

/** Passes where the whole interval of the mean Parzen log-likelihood of `test` under the samples is at least `limit`. */
export async function toHaveLogLikelihoodAbove(
  samples: SampleSource | MatrixLike,
  limit: number,
  { test, confidence = 0.95, ...options }: LikelihoodOptions,
): Promise<MatcherResult> {
  const { value, standardError, count } = await computeLogLikelihood(samples, test, options);
  // A point beyond all windows makes it −∞, whatever the others say.
  const interval = standardError === null ? null : intervalOf({ value, standardError, confidence });
  return decide({ label: 'the log-likelihood', value, interval, n: count.test }, { min: limit });
}

/**
 * Passes where some number regressed from the baseline, so that `not.toRegressFrom` is what tests say. A number that is
 * over a limit of its own fails in both ways, as does what cannot be compared or decided.
 */
export async function toRegressFrom(
  generated: ImageSource,
  baseline: string,
  { suite, features, ...rules }: RegressionOptions,
): Promise<MatcherResult> {
  const named = await onDisk(generated, rules);
  try {
    const config: GateConfig = {
      baseline,
      ...(features !== undefined && { features }),
      suites: { [suite]: { ...rules, generated: named.path } },
    };
    return judged(await check(config, { baseline }), baseline);
  } finally {
    await named.release();
  }
}

async function distanceBelow(
  id: MetricId & ('fid' | 'kid'),
  {
    generated,
    limit,
    options: { real, ...options },
  }: { generated: ImageSource; limit: number; options: DistanceOptions },
): Promise<MatcherResult> {
  const report = await computeMetric(id, { real, generated }, { confidence: 0.95, ...options });
  const interval = report.intervals?.value ?? null;
  const judgedNumber = { label: report.metric, value: report.value, interval, n: report.n.generated };
  return decide(judgedNumber, { max: limit });
}

function intervalOf(estimate: { value: number; standardError: number; confidence: number }): GateInterval {
  const { value, standardError, confidence } = estimate;
  const reach = halfWidth(standardError, confidence);
  return { low: value - reach, high: value + reach, standardError, confidence };
}

function decide(
  { label, ...number }: { label: string; value: number; interval: GateInterval | null; n: number | null },
  limits: { max?: number; min?: number },
): MatcherResult {
  for (const [name, limit] of Object.entries(limits)) {
    if (Number.isFinite(limit)) continue;
    throw new GanMetricsError('INVALID_OPTION', `Expected a number for ${name} but received ${limit}.`);
  }
  const { verdict, reason, next } = judgeLimit(number, { ...limits, line: null });
  if (verdict === 'inconclusive') throw undecided(`${label}: ${reason} ${next}`);
  const pass = verdict === 'pass';
  const wanted = limits.max !== undefined ? `at most ${limits.max}` : `at least ${limits.min}`;
  return {
    pass,
    message: () => `Expected ${label} ${pass ? 'not ' : ''}to be ${wanted}. ${reason}`,
    actual: number.value,
    expected: limits.max ?? limits.min,
  };
}

function judged({ suites }: GateReport, baseline: string): MatcherResult {
  const rows = suites.flatMap((suite) => suite.rows);
  const lines = rows.map(({ label, verdict, reason, next }) =>
    `${label}: ${verdict}. ${reason} ${next}`.trim(),
  );
  const failed = suites.find(({ error }) => error)?.error;
  if (failed) throw new GanMetricsError('UNDECIDED', failed.message, { details: { code: failed.code } });
  const open = rows.some(({ verdict }) => !['pass', 'improved', 'regressed'].includes(verdict));
  if (open) throw undecided(lines.join('\n'));
  const pass = rows.some(({ verdict }) => verdict === 'regressed');
  return {
    pass,
    message: () => `Expected ${pass ? 'no' : 'a'} regression from ${baseline}.\n${lines.join('\n')}`,
  };
}

/** An answer that holds in neither polarity: `not` must not turn it into a pass. */
function undecided(why: string): GanMetricsError {
  return new GanMetricsError('UNDECIDED', why);
}

/** Images in memory as a file of their features: a check names its sources. */
async function onDisk(
  generated: ImageSource,
  rules: Omit<RegressionOptions, 'suite' | 'features'>,
): Promise<{ path: string; release(): Promise<void> }> {
  if (typeof generated === 'string') return { path: generated, release: async () => {} };
  const folder = await mkdtemp(path.join(tmpdir(), 'gan-metrics-matcher-'));
  const release = () => rm(folder, { recursive: true, force: true });
  try {
    const { real: _, metrics: _metrics, confidence: _confidence, minN: _minN, ...options } = rules;
    const made = await computeStatistics(generated, { ...options, features: true });
    const file = path.join(folder, 'generated.npz');
    const { features, logits } = made;
    await writeStatistics(file, made.statistics, { provenance: made, features, logits });
    return { path: file, release };
  } catch (error) {
    await release();
    throw error;
  }
}
