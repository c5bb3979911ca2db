import { authenticityMetric } from './authenticity';
import { cmmdMetric } from './cmmd';
import { debiasedFidMetric } from './debiased-fid';
import { fidMetric } from './fid';
import { fidInfinityMetric } from './fid-infinity';
import { fidPerClassMetric } from './fid-per-class';
import { inceptionScoreMetric } from './inception-score';
import { inceptionScoreInfinityMetric } from './inception-score-infinity';
import { kidMetric } from './kid';
import { oneNearestNeighborMetric } from './one-nearest-neighbor';
import { prdMetric } from './prd';
import { prdcMetric } from './prdc';
import { sfidMetric } from './sfid';
import { vendiMetric } from './vendi';

/** Every metric that an evaluation can be asked for, by id. A new metric is one line here. */
export const metrics = {
  fid: fidMetric,
  'fid-debiased': debiasedFidMetric,
  'fid-infinity': fidInfinityMetric,
  'fid-per-class': fidPerClassMetric,
  sfid: sfidMetric,
  is: inceptionScoreMetric,
  'is-infinity': inceptionScoreInfinityMetric,
  kid: kidMetric,
  cmmd: cmmdMetric,
  prdc: prdcMetric,
  authpct: authenticityMetric,
  'one-nn': oneNearestNeighborMetric,
  vendi: vendiMetric,
  prd: prdMetric,
} as const;

export type MetricId = keyof typeof metrics;
