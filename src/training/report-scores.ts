import type { Interval } from '../metrics/interval';
import { metrics } from '../metrics/registry';
import { KNOWN_SCORES } from './known-scores';
import type { Estimate } from './score-record';

/**
 * The numbers of a report as scores of a record, with their intervals: `monitor.record({ step, ...scoresOf(report) })`. They
 * are named as the monitor knows them: a metric's only number by its id (`fid`), one of several by its own name
 * (`precision`).
 *
 * @param report  of `evaluate`
 * @example
 * import { evaluate, scoresOf } from 'gan-metrics';
 *
 * const report = await evaluate(
 *   { real: 'fixtures/real', generated: 'fixtures/fake', metrics: ['prdc'] },
 *   { model: 'cifar10-resnet', limit: 20 },
 * );
 * console.log(Object.keys(scoresOf(report)).join()); // precision,recall,density,coverage,fScore
 */
export function scoresOf(report: { readonly metrics: object }): Record<string, Estimate> {
  const outcomes = report.metrics as Readonly<Record<string, Outcome | undefined>>;
  const scores = Object.values(metrics).flatMap(({ id, values }) =>
    Object.keys(values).flatMap((name) => {
      const value = outcomes[id]?.[name];
      if (typeof value !== 'number') return [];
      const { low, high, standardError } = outcomes[id]?.intervals?.[name] ?? {};
      const interval = low !== undefined && high !== undefined && { low, high };
      const error = standardError !== undefined && { standardError };
      return [[nameOf(id, name), { value, ...interval, ...error }] as const];
    }),
  );
  return Object.fromEntries(scores);
}

type Outcome = Readonly<Record<string, unknown>> & {
  readonly intervals?: Readonly<Record<string, Partial<Interval>>>;
};

function nameOf(id: string, name: string): string {
  if (name === 'value') return id;
  return KNOWN_SCORES.has(name) ? name : `${id}.${name}`;
}
