import type { Metric } from '../metrics/metric';
import { type MetricId, metrics } from '../metrics/registry';

type Numbers<Id extends MetricId> = keyof (typeof metrics)[Id]['values'] & string;

/** How a configuration names a number: `fid`, and `prdc.recall` for one of several. */
export type ValueOfMetric = {
  [Id in MetricId]: (typeof metrics)[Id]['values'] extends { readonly value: unknown }
    ? Id
    : `${Id}.${Numbers<Id>}`;
}[MetricId];

/** A number of a metric. */
export interface MetricValue {
  readonly key: string;
  readonly metric: Metric;
  readonly number: string;
}

/** Every number that can be asked for, by its key. */
export const metricValues: ReadonlyMap<string, MetricValue> = new Map(
  (Object.values(metrics) as unknown as Metric[]).flatMap((metric) =>
    Object.keys(metric.values).map((number) => {
      const key = number === 'value' ? metric.id : `${metric.id}.${number}`;
      return [key, { key, metric, number }] as const;
    }),
  ),
);
