import type { PlainError } from '../errors';
import type { MetricId } from '../metrics/registry';
import type { MeasureOptions, Outcome } from './measure';

export interface MeasuringTask {
  readonly id: MetricId;
  readonly options: MeasureOptions;
}

/** An outcome on its way between threads, where classes do not survive. */
export type PlainOutcome = Omit<Outcome, 'error'> & { readonly error?: PlainError };
