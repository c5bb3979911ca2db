import { GanMetricsError } from '../errors';
import { type Matrix, type MatrixLike, toMatrix } from '../math/matrix';
import { requireFiniteRows } from '../math/statistics';
import { takeRows } from '../math/take-rows';
import { type SampledFidSet, sampledFidSet } from './fid-gaussian';
import { intervalOf } from './fid-interval';
import { distanceOfGaussians, requireSameDimensions } from './frechet-distance';
import { type Interval, normalInterval } from './interval';
import { defineMetric } from './metric';
import type { Warning } from './warning';

export interface ClassDistance {
  readonly value: number;
  /** Where confidence was given. */
  readonly interval?: Interval;
  /** Samples of the class. */
  readonly n: { readonly real: number; readonly generated: number };
}

export interface FidPerClass {
  /** The mean over the classes. */
  readonly value: number;
  /** Where confidence was given: the classes' samples are independent, so that their variances add up. */
  readonly interval?: Interval;
  /** By label, in alphabetical order: classes with at least 2 samples on both sides. */
  readonly classes: Readonly<Record<string, ClassDistance>>;
  readonly warnings: readonly Warning[];
}

/**
 * Fréchet distance within each class, and its mean over the classes. It sees what FID misses, a class drawn well
 * where another was asked for; each value is biased upwards by the class's few samples.
 * Lower is better. Range: [0, ∞).
 *
 * @param sets     real and generated features, n × d and m × d
 * @param options  labels: of every row, real and generated; confidence, which adds intervals, in (0, 1)
 * @throws SHAPE_MISMATCH, NOT_FINITE, INVALID_OPTION; TOO_FEW_SAMPLES where no class has 2 samples on both sides
 * @see Miyato, Koyama 2018, arXiv:1802.05637 ("intra FID")
 * @example
 * import { fidPerClass } from 'gan-metrics/metrics';
 *
 * const real = [[0], [2], [10], [12]];
 * const generated = [[10], [12], [0], [2]];
 * const labels = ['cat', 'cat', 'dog', 'dog'];
 * // As sets they are equal, but what was to be a cat is a dog: 10² each.
 * const { value, classes } = fidPerClass(
 *   { real, generated },
 *   { labels: { real: labels, generated: labels } },
 * );
 * console.log(value, classes.cat.value); // 100 100
 */
export function fidPerClass(
  { real, generated }: { real: MatrixLike; generated: MatrixLike },
  {
    labels,
    confidence,
  }: {
    labels: { readonly real: readonly string[]; readonly generated: readonly string[] };
    confidence?: number | undefined;
  },
): FidPerClass {
  const sides = [labelled(real, labels.real, 'real'), labelled(generated, labels.generated, 'generated')];
  const [r, g] = sides;
  requireSameDimensions(r.features.columns, g.features.columns);
  const names = [...new Set(sides.flatMap(({ rows }) => [...rows.keys()]))].sort();
  const complete = names.filter((name) => sides.every(({ rows }) => (rows.get(name)?.length ?? 0) >= 2));
  if (complete.length === 0) {
    throw new GanMetricsError(
      'TOO_FEW_SAMPLES',
      `Expected a class with at least 2 samples in real and in generated but none of ${names.length} has them.`,
    );
  }
  const classes = complete.map((name) => {
    const [x, y] = sides.map(({ features, rows }, side) =>
      sampledFidSet(takeRows(features, rows.get(name)!), side === 0 ? 'real' : 'generated'),
    );
    return [name, distanceOfClass({ real: x, generated: y }, confidence)] as const;
  });
  const value = classes.reduce((sum, [, each]) => sum + each.value, 0) / classes.length;
  return {
    value,
    ...(confidence !== undefined && { interval: ofMean(value, { classes, confidence }) }),
    classes: Object.fromEntries(classes),
    warnings: [
      ...leftOut(names.filter((name) => !complete.includes(name))),
      ...smallClasses(classes, r.features.columns),
    ],
  };
}

function distanceOfClass(
  { real, generated }: { real: SampledFidSet; generated: SampledFidSet },
  confidence: number | undefined,
): ClassDistance {
  return {
    value: distanceOfGaussians(real.gaussian, generated.gaussian).value,
    ...(confidence !== undefined && { interval: intervalOf({ real, generated }, { confidence }) }),
    n: { real: real.features.rows, generated: generated.features.rows },
  };
}

function ofMean(
  value: number,
  { classes, confidence }: { classes: readonly (readonly [string, ClassDistance])[]; confidence: number },
): Interval {
  const errors = classes.map(([, { interval }]) => interval!.standardError);
  return normalInterval(
    { value, standardError: Math.hypot(...errors) / classes.length },
    {
      confidence,
      method: 'influence function',
      of: 'the expected mean distance of classes of these sizes; not that of infinitely many samples, which is lower',
    },
  );
}

function labelled(value: MatrixLike, labels: readonly string[], name: string) {
  const features: Matrix = toMatrix(value, name);
  if (labels.length !== features.rows) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${features.rows} labels of ${name}, one a row, but received ${labels.length}.`,
      { details: { rows: features.rows, labels: labels.length } },
    );
  }
  requireFiniteRows(features, name);
  const rows = new Map<string, number[]>();
  labels.forEach((label, i) => {
    const own = rows.get(label);
    if (own) own.push(i);
    else rows.set(label, [i]);
  });
  return { features, rows };
}

function leftOut(names: readonly string[]): Warning[] {
  if (names.length === 0) return [];
  return [
    {
      code: 'CLASSES_LEFT_OUT',
      message: `${listed(names)}: fewer than 2 samples in real or in generated, so that the mean is without them.`,
    },
  ];
}

function smallClasses(classes: readonly (readonly [string, ClassDistance])[], d: number): Warning[] {
  const small = classes.filter(([, { n }]) => Math.min(n.real, n.generated) <= d).map(([name]) => name);
  if (small.length === 0) return [];
  return [
    {
      code: 'FEWER_SAMPLES_THAN_DIMENSIONS',
      message:
        `${listed(small)}: no more samples than the ${d} dimensions, so that the value is strongly biased upwards and ` +
        'comparable only with values from equally many samples.',
    },
  ];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
  return names.length === 1 ? `1 class (${shown})` : `${names.length} classes (${shown})`;
}

export const fidPerClassMetric = defineMetric({
  id: 'fid-per-class',
  name: 'FID per class',
  needs: ['features', 'labels'],
  sides: 'both',
  values: { value: { better: 'lower', range: [0, Number.POSITIVE_INFINITY] } },
  advised: 10_000,
  blindTo: 'how often each class is drawn; within one, all but the first two moments of the features',
  source: 'Miyato, Koyama 2018, arXiv:1802.05637',
  compute: ({ real, generated }, { confidence }: { readonly confidence?: number } = {}): FidPerClass =>
    fidPerClass(
      { real: real.features, generated: generated.features },
      { labels: { real: real.labels, generated: generated.labels }, confidence },
    ),
  interval: { needs: [], ofResult: ({ interval }) => ({ value: interval! }) },
});
