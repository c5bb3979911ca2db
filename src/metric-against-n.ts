import { GanMetricsError } from './errors';
import { createRandom } from './math/random';
import { numbersOf, resultOf } from './measuring/result';
import { partOf } from './metrics/floor';
import type { Metric, Sample, Samples } from './metrics/metric';

/** The numbers of a metric at one number of images. */
export interface PointAgainstN {
  /** Images a side, where there are so many. */
  readonly n: number;
  /** By the names of the metric's numbers. */
  readonly values: Readonly<Record<string, number>>;
}

type Rows = Partial<Pick<Sample, 'features' | 'logits' | 'labels'>>;

/**
 * A metric at several numbers of images, of samples that are at hand: whether its value still moves with n. The images
 * of a smaller number are among those of a larger one. Numbers that it is not defined for are left out.
 *
 * @param samples  features and logits of both sides, as far as the metric needs them; statistics are made of features
 * @param options  sizes (an eighth, a quarter, half of the images, and all); seed (0); settings of the metric
 * @throws INVALID_OPTION for a metric whose needs do not follow from rows; what the metric throws where it is defined
 *   for none of the sizes
 */
export async function metricAgainstN(
  metric: Metric,
  { real, generated }: { readonly real: Rows; readonly generated: Rows },
  {
    sizes,
    seed = 0,
    settings = {},
    threads,
  }: {
    readonly sizes?: readonly number[];
    readonly seed?: number;
    readonly settings?: object;
    readonly threads?: number | undefined;
  } = {},
): Promise<PointAgainstN[]> {
  const most = metric.sides === 'both' ? Math.max(rowsIn(real), rowsIn(generated)) : rowsIn(generated);
  const chosen = sizes ?? [8, 4, 2, 1].map((part) => Math.floor(most / part));
  const orders = { real: orderOf(real, seed), generated: orderOf(generated, seed) };
  const points: PointAgainstN[] = [];
  let problem: GanMetricsError | undefined;
  for (const n of [...new Set(chosen)].filter((size) => size >= 1).sort((a, b) => a - b)) {
    const part = (rows: Rows, order: readonly number[]) =>
      partOf(
        metric,
        rows,
        order.slice(0, n).sort((a, b) => a - b),
      );
    try {
      const samples = {
        real: metric.sides === 'both' ? part(real, orders.real) : {},
        generated: part(generated, orders.generated),
      } as Samples;
      const result = await resultOf(metric, samples, { settings, threads });
      points.push({ n, values: numbersOf(metric, result) });
    } catch (error) {
      // Few images are too few for some metrics: that is no reason to have none of the larger numbers.
      if (!(error instanceof GanMetricsError)) throw error;
      problem = error;
    }
  }
  if (points.length === 0 && problem) throw problem;
  return points;
}

function orderOf(rows: Rows, seed: number): number[] {
  const n = rowsIn(rows);
  return createRandom(seed).draw(n, n);
}

function rowsIn({ features, logits, labels }: Rows): number {
  return features?.rows ?? logits?.rows ?? labels?.length ?? 0;
}
