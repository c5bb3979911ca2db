import { posix } from 'node:path';
import type { Matrix } from '../math/matrix';
import { addRows, createMoments, finishMoments, type Moments } from '../math/moments';
import { requireSamples, type Statistics } from '../math/statistics';
import type { Sample } from '../metrics/metric';
import type { OutputName } from '../models/model';
import { CLASSIFIER } from './classifier';
import type { Collector } from './run-extraction';

export type Need = keyof Sample;

/** The output of the network that each need is made of; labels are made of names. */
const OUTPUTS: Readonly<Record<Exclude<Need, 'labels'>, OutputName>> = {
  statistics: 'features',
  features: 'features',
  logits: CLASSIFIER,
  spatialStatistics: 'spatial',
  spatialFeatures: 'spatial',
};

/** Outputs that a network must give for these needs, each once. */
export function outputsFor(needs: Iterable<Need>): OutputName[] {
  return [...new Set([...needs].flatMap((need) => (need === 'labels' ? [] : [OUTPUTS[need]])))];
}

/** What was asked for, and the names of the images in the order of its rows. */
export interface CollectedSample {
  readonly sample: Partial<Sample>;
  readonly files: readonly string[];
}

/**
 * Makes of a network's outputs what metrics need: statistics are reduced as the rows come, and rows are kept only
 * where they are needed themselves.
 *
 * @param options  count: the most rows that will come, null where nobody knows; ddof of every covariance
 */
export function sampleCollector(
  needs: ReadonlySet<Need>,
  { count, ddof }: { count: number | null; ddof: 0 | 1 },
): Collector<CollectedSample> {
  const files: string[] = [];
  const parts: Partial<Record<Need, Part>> = {};
  if (needs.has('statistics')) parts.statistics = statisticsOf('features', ddof);
  if (needs.has('spatialStatistics')) parts.spatialStatistics = statisticsOf('spatial', ddof);
  if (needs.has('features')) parts.features = rowsOf('features', count, sharedFloats);
  if (needs.has('spatialFeatures')) parts.spatialFeatures = rowsOf('spatial', count, sharedFloats);
  if (needs.has('logits')) parts.logits = rowsOf(CLASSIFIER, count, sharedFloats);
  return {
    add(batch) {
      for (const { name } of batch.files) files.push(name);
      for (const part of Object.values(parts)) part.add(batch.outputs, batch.files.length);
    },
    finish() {
      const made = Object.entries(parts).map(([need, part]) => [need, part.finish()]);
      const labels = needs.has('labels') ? { labels: files.map((name) => posix.dirname(name)) } : {};
      return { sample: { ...Object.fromEntries(made), ...labels }, files };
    },
  };
}

interface Part<Made = Statistics | Matrix> {
  add(outputs: Readonly<Record<string, Float32Array>>, rows: number): void;
  finish(): Made;
}

function statisticsOf(output: OutputName, ddof: 0 | 1): Part {
  let moments: Moments | undefined;
  return {
    add(outputs, rows) {
      moments ??= createMoments(outputs[output].length / rows);
      addRows(moments, outputs[output]);
    },
    finish() {
      // Images can turn out unreadable one after the other, down to the last.
      const statistics = moments && finishMoments(moments, ddof);
      requireSamples(statistics?.count ?? 0, 'the readable images');
      return statistics!;
    },
  };
}

/**
 * Rows are written once into an array for all of them, so that memory never holds them twice; where their number is
 * not known it grows by half.
 */
export function rowsOf(
  output: OutputName,
  count: number | null,
  allocate = (length: number): Float32Array => new Float32Array(length),
): Part<Matrix<Float32Array>> {
  let data = allocate(0);
  let columns = 0;
  let rows = 0;
  return {
    add(outputs, added) {
      if (rows === 0) {
        columns = outputs[output].length / added;
        data = allocate((count ?? added) * columns);
      }
      const filled = (rows + added) * columns;
      if (filled > data.length) {
        const larger = allocate(Math.max(filled, Math.ceil(1.5 * data.length)));
        larger.set(data);
        data = larger;
      }
      data.set(outputs[output], rows * columns);
      rows += added;
    },
    finish: () => ({ rows, columns, data: data.subarray(0, rows * columns) }),
  };
}

/** Metrics may be computed on another thread, which then needs no copy. */
function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
