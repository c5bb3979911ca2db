import path from 'node:path';
import { GanMetricsError } from '../errors';
import type { EvaluateOptions } from '../evaluate';
import type { Rule } from '../gate/rule';
import type { MetricId } from '../metrics/registry';
import type { GateConfig, MetricRule, SuiteConfig, SuiteOptions } from './config';
import { lineOfRule } from './config-lines';
import { metricValues } from './metric-keys';
import { nearestName } from './nearest-name';

/** A suite with every default filled in. */
export interface ResolvedSuite {
  readonly name: string;
  /** As the configuration names them, for people. */
  readonly shown: { readonly real: string; readonly generated: string };
  readonly real: string | undefined;
  readonly generated: string;
  readonly metrics: readonly MetricId[];
  readonly options: EvaluateOptions;
  readonly rules: readonly Rule[];
}

/**
 * The suites that are asked for, ready to be run.
 *
 * @param names    empty: all
 * @param options  folder: what paths are relative to; text: of the configuration; overrides: over every suite's own
 * @throws INVALID_OPTION for a suite that there is not
 */
export function resolveSuites(
  config: GateConfig,
  {
    names,
    folder,
    text,
    overrides,
  }: {
    readonly names: readonly string[];
    readonly folder: string;
    readonly text: string | null;
    readonly overrides: SuiteOptions;
  },
): ResolvedSuite[] {
  const known = Object.keys(config.suites);
  for (const name of names) if (!known.includes(name)) throw unknownSuite(name, known);
  return known
    .filter((name) => names.length === 0 || names.includes(name))
    .map((name) => {
      const suite = config.suites[name];
      const options = { ...config.defaults, ...optionsOf(suite), ...overrides };
      const { confidence = 0.95, minN = 2, modelInfo, model, ...rest } = options;
      const rules = Object.entries(suite.metrics).map(([metric, rule]) => {
        const line = text === null ? null : lineOfRule(text, { suite: name, metric, suites: known });
        return ruleOf(rule!, { suite: name, metric, confidence, minN, line });
      });
      return {
        name,
        shown: { real: suite.real ?? '', generated: suite.generated },
        real: suite.real === undefined ? undefined : path.resolve(folder, suite.real),
        generated: path.resolve(folder, suite.generated),
        metrics: [...new Set(rules.map(({ id }) => id as MetricId))],
        options: {
          ...rest,
          confidence,
          ...(model !== undefined && { model: modelPath(model, folder) }),
          ...(modelInfo !== undefined && {
            modelInfo: typeof modelInfo === 'string' ? path.resolve(folder, modelInfo) : modelInfo,
          }),
        },
        rules,
      };
    });
}

function optionsOf({ real: _, generated: __, metrics: ___, ...options }: SuiteConfig): SuiteOptions {
  return options;
}

/** A model's name stays one; a path is relative to the configuration. */
function modelPath(model: string, folder: string): string {
  return /\.(json|onnx)$/.test(model) ? path.resolve(folder, model) : model;
}

function ruleOf(
  rule: MetricRule,
  {
    suite,
    metric: key,
    confidence,
    minN,
    line,
  }: { suite: string; metric: string; confidence: number; minN: number; line: number | null },
): Rule {
  const { metric, number } = metricValues.get(key)!;
  const { max, min, regression, level = 'error', message = null } = rule;
  return {
    suite,
    metric: key,
    id: metric.id,
    number,
    facts: metric.values[number],
    usesReal: metric.sides === 'both',
    sizeFree: metric.difference?.dependsOnSize === false,
    max,
    min,
    regression:
      typeof regression === 'number'
        ? { abs: regression, rel: 0 }
        : regression && { abs: regression.abs ?? 0, rel: regression.rel ?? 0 },
    confidence: rule.confidence ?? confidence,
    minN: rule.minN ?? minN,
    level,
    message,
    line,
  };
}

function unknownSuite(name: string, known: readonly string[]): GanMetricsError {
  const near = nearestName(name, known);
  return new GanMetricsError(
    'INVALID_OPTION',
    `There is no suite ${JSON.stringify(name)}.${near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`} ` +
      `There are ${known.join(', ')}.`,
    { details: { given: name, known, nearest: near ?? null } },
  );
}
