import type { Interval, Metric, Report } from '../index';
import { formatConfidence, formatInterval, formatNumber } from '../number-text';

/** What is printed of a report: an evaluation's, or one metric's brought into its form. */
type Printed = Pick<Report, 'n' | 'preprocessing' | 'runtime' | 'failures'> & {
  readonly metrics: Readonly<Record<string, Outcome | undefined>>;
};

interface Outcome {
  /** `FD (cifar10-resnet)` */
  readonly metric: string;
  readonly intervals?: Readonly<Record<string, Interval>>;
  readonly floor?: { readonly values: Readonly<Record<string, number>>; readonly size: number };
}

interface Row {
  readonly name: string;
  readonly value: string;
  readonly interval: string;
  readonly floor: string;
}

type Facts = Readonly<Record<string, Pick<Metric, 'values'>>>;

const COLUMNS = ['name', 'value', 'interval', 'floor'] as const;

/**
 * One line for a single number, otherwise a table; what it was measured on stands at the end.
 *
 * @param facts  of every metric by id: what its numbers are called
 */
export function describeReport(
  { metrics, failures, n, preprocessing, runtime }: Printed,
  facts: Facts,
): string {
  const real = n.real === 0 ? [] : [`${n.real ?? 'unknown'} real`];
  const counts = [...real, `${n.generated ?? 'unknown'} generated`].join(', ');
  const run = runtime ? `${runtime.name} ${runtime.device}` : 'from files';
  const setting = `(${[counts, ...(preprocessing ? [preprocessing] : []), run].join('; ')})`;
  const rows = Object.entries(metrics).flatMap(([id, outcome]) =>
    outcome ? rowsOf(outcome, Object.keys(facts[id].values)) : [],
  );
  const failed = Object.entries(failures).map(([id, failure]) => `${id}: ${failure?.message}`);
  if (rows.length === 1 && failed.length === 0) {
    const [{ name, value, interval, floor }] = rows;
    return [`${name}: ${value}`, interval, floor, setting].filter(Boolean).join('  ');
  }
  const width = (key: keyof Row) => Math.max(...rows.map((row) => row[key].length));
  const lines = rows.map((row) =>
    COLUMNS.map((key) => row[key].padEnd(width(key)))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...failed, setting].join('\n');
}

/** What the metrics are, for people who choose among them. */
export function describeMetrics(facts: readonly Omit<Metric, 'compute'>[]): string {
  return facts
    .map(({ id, name, values, advised, blindTo, source }) =>
      [
        `${id}: ${name}`,
        ...Object.entries(values).map(([value, { better, range }]) => {
          const ends = range.map((end) => String(end).replace('Infinity', '∞')).join(' … ');
          return `  ${value}: ${better} is better, ${ends}`;
        }),
        `  asks for ${advised} images a side; blind to ${blindTo}`,
        `  ${source}`,
      ].join('\n'),
    )
    .join('\n');
}

function rowsOf(outcome: Outcome, keys: readonly string[]): Row[] {
  const { metric, intervals = {}, floor } = outcome;
  const network = metric.match(/ \(.*\)$/)?.[0] ?? '';
  return keys.map((key) => ({
    name: key === 'value' ? metric : `${key}${network}`,
    value: formatNumber((outcome as unknown as Record<string, number>)[key]),
    interval: intervals[key] ? describeInterval(intervals[key]) : '',
    floor: floor ? `floor ${formatNumber(floor.values[key])} (real, ${floor.size} each)` : '',
  }));
}

function describeInterval(interval: Interval): string {
  return `${formatInterval(interval)} ${formatConfidence(interval.confidence)}`;
}
