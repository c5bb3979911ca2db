import { GanMetricsError } from '../errors';
import { type Matrix, type MatrixLike, toMatrix } from '../math/matrix';
import { requireFiniteRows } from '../math/statistics';
import { takeRows } from '../math/take-rows';
import { fid } from './fid';
import { requireSameDimensions } from './frechet-distance';
import { defineMetric } from './metric';
import type { Warning } from './warning';

export interface ClassDistance {
  readonly value: number;
  /** Samples of the class. */
  readonly n: { readonly real: number; readonly generated: number };
}

export interface FidPerClass {
  /** The mean over the classes. */
  readonly value: number;
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
 * @param options  labels: of every row, real and generated
 * @throws SHAPE_MISMATCH, NOT_FINITE; TOO_FEW_SAMPLES where no class has 2 samples on both sides
 * @see Miyato, Koyama 2018, arXiv:1802.05637 ("intra FID")
 */
export function fidPerClass(
  { real, generated }: { real: MatrixLike; generated: MatrixLike },
  { labels }: { labels: { readonly real: readonly string[]; readonly generated: readonly string[] } },
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
    const [x, y] = sides.map(({ features, rows }) => takeRows(features, rows.get(name)!));
    return [name, { value: fid(x, y).value, n: { real: x.rows, generated: y.rows } }] as const;
  });
  return {
    value: classes.reduce((sum, [, { value }]) => sum + value, 0) / classes.length,
    classes: Object.fromEntries(classes),
    warnings: [
      ...leftOut(names.filter((name) => !complete.includes(name))),
      ...smallClasses(classes, r.features.columns),
    ],
  };
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
  compute: ({ real, generated }): FidPerClass =>
    fidPerClass(
      { real: real.features, generated: generated.features },
      { labels: { real: real.labels, generated: generated.labels } },
    ),
});
