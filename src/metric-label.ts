import type { SampleProvenance } from './extraction/sample-set';
import { type MetricId, metrics } from './metrics/registry';

/** What the paper of a metric calls it, given the network it was defined on. */
const SHORT: Partial<Record<string, string>> = { fid: 'FID', sfid: 'sFID', is: 'IS', kid: 'KID' };

/**
 * What a value is called where it is printed. A Fréchet distance on another network is no FID: it is labelled FD,
 * with the model's name, and others carry that name too.
 */
export function metricLabel(id: MetricId, { model, dims }: Pick<SampleProvenance, 'model' | 'dims'>): string {
  const name = SHORT[id] ?? metrics[id].name;
  if (model.id !== 'inception-v3') return `${name.replace('FID', 'FD')} (${model.id})`;
  return dims === null || dims === 2048 ? name : `${name} (${dims} dimensions)`;
}
