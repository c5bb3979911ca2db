import type { Metric, MetricResult, Samples } from '../metrics/metric';
import { computeFast } from '../runtimes/fast-product';

/** The result of a metric, with the fastest products where it asks for products. */
export async function resultOf(
  metric: Metric,
  samples: Samples,
  { settings, threads }: { readonly settings: object; readonly threads: number | undefined },
): Promise<MetricResult> {
  return metric.computation
    ? computeFast(metric.computation(samples, settings), { threads })
    : metric.compute(samples, settings);
}

/** The numbers of a result, by their names. */
export function numbersOf({ values }: Pick<Metric, 'values'>, result: MetricResult): Record<string, number> {
  const numbers = result as unknown as Readonly<Record<string, number>>;
  return Object.fromEntries(Object.keys(values).map((name) => [name, numbers[name]]));
}
