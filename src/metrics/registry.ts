import { fidMetric } from './fid';
import { inceptionScoreMetric } from './inception-score';
import { inceptionScoreInfinityMetric } from './inception-score-infinity';

/** Every metric that an evaluation can be asked for, by id. A new metric is one line here. */
export const metrics = {
  fid: fidMetric,
  is: inceptionScoreMetric,
  'is-infinity': inceptionScoreInfinityMetric,
} as const;

export type MetricId = keyof typeof metrics;
