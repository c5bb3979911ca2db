import type { BaselineEntry } from '../../src/gate/baseline';
import type { Case } from '../../src/gate/rows';
import type { Rule } from '../../src/gate/rule';
import { normalInterval } from '../../src/metrics/interval';

export const FAIL_ON = ['regressed', 'over limit', 'incomparable'] as const;

/** A rule for a number that is better lower, unless told otherwise. */
export function ruleWith(rule: Partial<Rule> = {}): Rule {
  return {
    suite: 'cats',
    metric: 'fid',
    id: 'fid',
    number: 'value',
    facts: { better: 'lower', range: [0, Number.POSITIVE_INFINITY] },
    usesReal: true,
    sizeFree: false,
    confidence: 0.95,
    minN: 2,
    level: 'error',
    message: null,
    line: null,
    ...rule,
  };
}

/** An entry of 1000 images a side, with other images for every value. */
export function entryWith(
  { value, standardError = 0.1 }: { value: number; standardError?: number | null },
  more: Partial<BaselineEntry> = {},
): BaselineEntry {
  const interval =
    standardError === null
      ? null
      : normalInterval({ value, standardError }, { confidence: 0.95, method: 'influence function', of: '' });
  return {
    value,
    interval: interval && {
      low: interval.low,
      high: interval.high,
      standardError: standardError!,
      confidence: 0.95,
    },
    n: { real: 1000, generated: 1000 },
    model: { id: 'inception-v3', sha256: 'a'.repeat(64) },
    preprocessing: 'clean',
    dims: 2048,
    input: { width: 299, height: 299, crop: null, scaling: null },
    compat: null,
    reference: 'sha256:reference',
    contents: { real: 'sha256:real', generated: `sha256:${value}` },
    parameters: {},
    algorithm: 1,
    version: '1.0.0',
    ...more,
  };
}

export function caseWith(given: Partial<Case> & { now?: BaselineEntry } = {}): Case {
  const { now = entryWith({ value: 10 }), ...rest } = given;
  return {
    rule: ruleWith({ regression: { abs: 1, rel: 0 } }),
    outcome: { measured: { label: 'FID', entry: now, warnings: [] } },
    old: entryWith({ value: 9.9 }),
    paired: null,
    renew: 'gan-metrics check cats --update-baseline',
    ...rest,
  };
}
