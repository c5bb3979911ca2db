import { GanMetricsError } from './errors';
import { distinct } from './evaluate';

import type { Need } from './extraction/sample-collector';
import type { SampleSet } from './extraction/sample-set';
import { compareEstimates, type NumberComparison } from './metrics/compare-estimates';
import type { Estimates, Metric, MetricResult, Samples } from './metrics/metric';
import { sampleSizeWarnings } from './metrics/sample-size';
import type { Warning } from './metrics/warning';
import { computeFast } from './runtimes/fast-product';

/** What came of one metric: its numbers by name, `value` where it has one only. */
export interface MetricComparison {
  /** For people, with the network where it is not the metric's own: `FID`, `FD (cifar10-resnet)`. */
  readonly metric: string;
  readonly numbers: Readonly<Record<string, NumberComparison>>;
  readonly warnings: readonly Warning[];
}

/** What came of one metric, or why it is not defined here. */
export type Outcome =
  | { readonly id: string; readonly comparison: MetricComparison }
  | { readonly id: string; readonly error: GanMetricsError };

/** A metric of which two generators' difference has an interval. */
export type Comparable = Metric & Required<Pick<Metric, 'difference'>>;

/**
 * Compares all generated sets by one metric. One that is not defined for them must not cost the others their values,
 * so its error is part of what comes back.
 *
 * @param sets     by name, `real` among them where a metric looks at it
 * @param options  names: of the generated sets; label: what to call the metric in print; settings: its own options
 */
export async function compareBy(
  metric: Comparable,
  sets: Readonly<Record<string, SampleSet>>,
  {
    names,
    label,
    settings,
    confidence,
    adjust,
    threads,
  }: {
    names: readonly string[];
    label: string;
    settings: object;
    confidence: number;
    adjust: 'holm' | 'none';
    threads: number;
  },
): Promise<Outcome> {
  const { id, difference } = metric;
  try {
    const missing = Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, set.missing]));
    const reason = whyNot(metric, missing);
    if (reason) throw reason;
    const estimates: Record<string, Estimates | Numbers> = {};
    const warnings: Named[] = [];
    for (const name of names) {
      const samples = { real: sets.real?.sample ?? {}, generated: sets[name].sample } as Samples;
      const lacking = difference.needs.find((need) => samples.generated[need] === undefined);
      const made = await withName(name, async () =>
        lacking
          ? (metric.compute(samples, settings) as MetricResult & Numbers)
          : computeFast(difference.estimate(samples, settings), { threads }),
      );
      estimates[name] = made;
      const sizes = { real: sets.real?.n, generated: sets[name].n };
      const said = [...made.warnings, ...sampleSizeWarnings(metric, sizes)];
      if (lacking) said.push(noRank(label, lacking));
      warnings.push(...said.map((warning) => ({ name, warning })));
    }
    const numbers = compareEstimates(estimates, metric, { confidence, adjust });
    const ofSizes = difference.dependsOnSize ? unequalSizes(sets, { names, label }) : [];
    return {
      id,
      comparison: {
        metric: label,
        numbers,
        warnings: [...byName(warnings, names), ...ofSizes, ...copies(estimates)],
      },
    };
  } catch (error) {
    if (error instanceof GanMetricsError) return { id, error };
    throw error;
  }
}

/** Of one set, by their names, where no more is known. */
type Numbers = Readonly<Record<string, number>>;

/** Why a metric cannot be computed of all sets, if so. */
export function whyNot(
  { needs, sides }: Metric,
  missing: Readonly<Record<string, SampleSet['missing']>>,
): GanMetricsError | undefined {
  const looksAt = Object.entries(missing).filter(([name]) => sides === 'both' || name !== 'real');
  return looksAt.flatMap(([, each]) => needs.map((need) => each[need])).find((reason) => reason);
}

async function withName<Value>(name: string, make: () => Promise<Value>): Promise<Value> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof GanMetricsError)) throw error;
    const { code, message, details } = error;
    throw new GanMetricsError(code, `${name}: ${message}`, {
      details: { ...details, set: name },
      cause: error,
    });
  }
}

interface Named {
  readonly name: string;
  readonly warning: Warning;
}

/** What is said of every set is said once, and of some with their names. */
function byName(warnings: readonly Named[], names: readonly string[]): Warning[] {
  return distinct(warnings.map(({ warning }) => warning)).map(({ code, message }) => {
    const of = warnings.filter(({ warning }) => warning.message === message).map(({ name }) => name);
    return { code, message: of.length === names.length ? message : `${of.join(', ')}: ${message}` };
  });
}

function noRank(label: string, need: Need): Warning {
  return {
    code: 'NO_INTERVAL',
    message:
      `There is no difference by ${label} and no rank: they need ${need}, which a file that stands for images does ` +
      'not hold. Name the images, or a file that has them (gan-metrics stats <images> --features).',
  };
}

function unequalSizes(
  sets: Readonly<Record<string, SampleSet>>,
  { names, label }: { names: readonly string[]; label: string },
): Warning[] {
  const counts = names.map((name) => sets[name].n);
  if (new Set(counts.filter((count) => count !== null)).size < 2) return [];
  const listed = names.map((name, i) => `${counts[i] ?? 'unknown'} of ${name}`).join(', ');
  return [
    {
      code: 'SAMPLE_SIZES_DIFFER',
      message:
        `${listed}: ${label} depends on the size of a set, and its differences are in part those of the sizes. ` +
        'Use equally many images of each (limit).',
    },
  ];
}

/** A folder named twice, or copied, compares as equal with an error as if it were independent. */
function copies(sets: Readonly<Record<string, object>>): Warning[] {
  const influences = Object.entries(sets).flatMap(([name, set]) =>
    'numbers' in set ? [[name, Object.values((set as Estimates).numbers)[0]] as const] : [],
  );
  return influences.flatMap(([a, first], i) =>
    influences.slice(i + 1).flatMap(([b, second]): Warning[] => {
      const [x, y] = [first.influence.generated, second.influence.generated];
      const same =
        first.value === second.value && x.length === y.length && x.every((each, k) => each === y[k]);
      if (!same) return [];
      return [
        { code: 'SETS_EQUAL', message: `${a} and ${b} hold the same images, as far as the network sees.` },
      ];
    }),
  );
}
