import type { Statistics } from '../math/statistics';
import type { Warning } from './warning';

/** What one pass over a pair of image sets can hand to a metric, by the name it asks for. */
export interface MetricInputs {
  statistics: { readonly real: Statistics; readonly generated: Statistics };
}

/** Every result carries a headline number and what one should know before trusting it. */
export interface MetricResult {
  readonly value: number;
  readonly warnings: readonly Warning[];
}

/** A metric and its facts; the command line, reports and gates derive theirs from here. */
export interface Metric<
  Id extends string = string,
  Needs extends keyof MetricInputs = keyof MetricInputs,
  Result extends MetricResult = MetricResult,
> {
  readonly id: Id;
  /** The one thing the pass must provide. */
  readonly needs: Needs;
  readonly better: 'lower' | 'higher';
  readonly range: readonly [number, number];
  compute(inputs: MetricInputs[Needs]): Result;
}

export function defineMetric<
  const Id extends string,
  Needs extends keyof MetricInputs,
  Result extends MetricResult,
>(metric: Metric<Id, Needs, Result>): Metric<Id, Needs, Result> {
  return metric;
}
