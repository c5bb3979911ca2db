import { statSync } from 'node:fs';
import { invalidOption } from '../errors';
import { isImageArchive } from '../images/image-archive';
import { type ImageSource, pathOf } from '../images/image-source';
import type { Matrix } from '../math/matrix';
import { sampleIndices } from '../math/random';
import { featureStatistics, type Statistics } from '../math/statistics';
import type { Sample } from '../metrics/metric';
import type { ExpectedProvenance } from '../statistics/check-provenance';
import { openStatisticsFile, type StatisticsFile } from '../statistics/open-statistics-file';
import { matrixOf, spatialStatisticsOf, statisticsOf } from '../statistics/read-statistics';
import type { Need } from './sample-collector';

/** The file of numbers that a source is, opened; undefined where it is anything else, or does not exist. */
export async function openSourceFile(source: ImageSource): Promise<StatisticsFile | undefined> {
  const path = pathOf(source);
  if (path === undefined || !statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  return (await isImageArchive(path)) ? undefined : openStatisticsFile(path);
}

/** Whether a file can stand for images where a metric needs this of them. */
export function supplies({ holds }: StatisticsFile, need: Need): boolean {
  if (need === 'labels' || need === 'spatialFeatures') return false;
  return holds.has(need) || (need === 'statistics' && holds.has('features'));
}

export interface ReadOptions {
  readonly ddof: 0 | 1;
  /** Use at most so many samples, drawn with `seed` as images are. */
  readonly limit: number | undefined;
  readonly seed: number;
}

/**
 * Reads what metrics need from a file that supplies it.
 *
 * @returns the sample, and its size: null where the file does not say
 * @throws INVALID_OPTION where `limit` asks for fewer samples than statistics were made of
 */
export async function readSample(
  file: StatisticsFile,
  needs: readonly Need[],
  { ddof, limit, seed }: ReadOptions,
): Promise<{ sample: Partial<Sample>; n: number | null }> {
  const wants = (need: Need) => needs.includes(need);
  const drawn = (matrix: Matrix) => drawRows(matrix, { limit, seed });
  const stored = (wants('statistics') && file.holds.has('statistics')) || wants('spatialStatistics');
  if (stored) requireWhole(file, limit);
  const rows = wants('features') || (wants('statistics') && !file.holds.has('statistics'));
  const features = rows ? drawn(await matrixOf(file, 'features')) : undefined;
  const sample: { -readonly [K in Need]?: Sample[K] } = {};
  if (wants('statistics')) sample.statistics = await gaussianOf(file, features, ddof);
  if (wants('spatialStatistics')) sample.spatialStatistics = await spatialStatisticsOf(file);
  if (wants('features')) sample.features = features!;
  if (wants('logits')) sample.logits = drawn(await matrixOf(file, 'logits'));
  const n = file.count === null ? null : Math.min(file.count, limit ?? file.count);
  return { sample, n };
}

/** The part of what a run does that a file must agree with, given what of the file is used. */
export function expectedOf(
  file: StatisticsFile,
  needs: readonly Need[],
  expected: ExpectedProvenance,
): ExpectedProvenance {
  const covariance =
    (needs.includes('statistics') && file.holds.has('statistics')) || needs.includes('spatialStatistics');
  const { ddof, classifier, ...rest } = expected;
  return {
    ...rest,
    ...(covariance && { ddof }),
    ...(needs.includes('logits') && { classifier }),
  };
}

async function gaussianOf(
  file: StatisticsFile,
  features: Matrix | undefined,
  ddof: 0 | 1,
): Promise<Statistics> {
  return file.holds.has('statistics')
    ? statisticsOf(file)
    : featureStatistics(features!, { ddof, name: file.path });
}

function requireWhole({ path, count }: StatisticsFile, limit: number | undefined): void {
  if (limit === undefined || (count !== null && count <= limit)) return;
  throw invalidOption('limit', `none with ${path}, as no samples can be drawn from statistics,`, limit);
}

function drawRows(matrix: Matrix, { limit, seed }: { limit: number | undefined; seed: number }): Matrix {
  const { rows, columns, data } = matrix;
  if (limit === undefined || limit >= rows) return matrix;
  const kept = new (data instanceof Float32Array ? Float32Array : Float64Array)(limit * columns);
  for (const [to, from] of sampleIndices(rows, { count: limit, seed }).entries()) {
    kept.set(data.subarray(from * columns, (from + 1) * columns), to * columns);
  }
  return { rows: limit, columns, data: kept };
}
