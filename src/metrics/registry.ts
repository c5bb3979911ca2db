import { fidMetric } from './fid';

/** Every metric that an evaluation can be asked for, by id. A new metric is one line here. */
export const metrics = {
  fid: fidMetric,
} as const;

export type MetricId = keyof typeof metrics;
