import { GanMetricsError } from '../errors';
import { type ByteSource, withFileSource } from '../files/byte-source';
import { decodeNpy, type NdArray } from '../files/npy';
import { openNpz } from '../files/npz';
import type { Matrix } from '../math/matrix';
import { featureStatistics, requireFiniteRows, type Statistics, toStatistics } from '../math/statistics';
import { NAMES } from './layout';
import { type Holding, openStatisticsFile, type StatisticsFile } from './open-statistics-file';
import type { StatisticsProvenance } from './provenance';

/** Statistics from a file. */
export interface StoredStatistics {
  readonly statistics: Statistics;
  /** ADM's `mu_s` and `sigma_s`, for sFID; null where there are none. */
  readonly spatialStatistics: Statistics | null;
  /** null in files of other tools. */
  readonly provenance: StatisticsProvenance | null;
}

/** Features from a file: images × values. */
export interface StoredFeatures {
  readonly features: Matrix;
  readonly provenance: StatisticsProvenance | null;
}

/**
 * Reads mean and covariance from an `.npz` of pytorch-fid, TTUR, EDM, clean-fid, ADM or ours; of a file of
 * features they are computed.
 *
 * @param options  ddof of a covariance that is computed; default the file's own, else 1
 * @throws INVALID_OPTION where there is no such file, CORRUPT_FILE, UNSAFE_FILE, UNSUPPORTED_FILE,
 *   SHAPE_MISMATCH, NOT_FINITE, NOT_COVARIANCE, TOO_FEW_SAMPLES
 * @example
 * import { readStatistics, writeStatistics } from 'gan-metrics';
 *
 * await writeStatistics('statistics.npz', { count: 500, mu: [0, 1], sigma: [[1, 0], [0, 4]] });
 * const { statistics, provenance } = await readStatistics('statistics.npz');
 * console.log(statistics.count, [...statistics.mu]); // 500 [ 0, 1 ]
 * // Which network they are of, nobody said.
 * console.log(provenance); // null
 */
export async function readStatistics(
  path: string,
  { ddof }: { ddof?: 0 | 1 | undefined } = {},
): Promise<StoredStatistics> {
  const file = await openStatisticsFile(path);
  const spatial = file.holds.has('spatialStatistics');
  return {
    statistics: await statisticsOf(file, ddof),
    spatialStatistics: spatial ? await spatialStatisticsOf(file) : null,
    provenance: file.provenance,
  };
}

/**
 * Reads features: an `.npy` matrix, or `feats` (clean-fid, ours), `features` or `reps` (dgm-eval) of an `.npz`.
 * float32 stays float32; other types become float64.
 *
 * @throws what {@link readStatistics} throws
 * @example
 * import { fid, readFeatures } from 'gan-metrics';
 *
 * const real = await readFeatures('fixtures/features/two_dim_real.npy');
 * const generated = await readFeatures('fixtures/features/two_dim_fake.npy');
 * console.log(real.features.rows, real.features.columns); // 300 2
 * console.log(fid(real.features, generated.features).value); // 0.555551
 */
export async function readFeatures(path: string): Promise<StoredFeatures> {
  const file = await openStatisticsFile(path);
  return { features: await matrixOf(file, 'features'), provenance: file.provenance };
}

/** Mean and covariance of an opened file, computed where it holds features only. */
export async function statisticsOf(
  file: StatisticsFile,
  ddof: 0 | 1 = file.provenance?.ddof ?? 1,
): Promise<Statistics> {
  if (file.holds.has('statistics')) return pairOf(file, [NAMES.mu, NAMES.sigma], file.count);
  return featureStatistics(await matrixOf(file, 'features'), { ddof, name: file.path });
}

/** ADM's statistics of the layer that sFID is made of. */
export async function spatialStatisticsOf(file: StatisticsFile): Promise<Statistics> {
  return pairOf(file, [NAMES.spatialMu, NAMES.spatialSigma], file.count);
}

/** Features or logits of an opened file. */
export async function matrixOf(file: StatisticsFile, holding: 'features' | 'logits'): Promise<Matrix> {
  const name = requireHolding(file, holding);
  const { shape, data } = await withFileSource(file.path, (source) => arrayOf(source, name));
  const matrix = {
    rows: shape[0],
    columns: shape[1],
    data: data instanceof Uint8Array ? Float64Array.from(data) : data,
  };
  requireFiniteRows(matrix, file.path);
  return matrix;
}

async function pairOf(
  file: StatisticsFile,
  [mu, sigma]: readonly [string, string],
  count: number | null,
): Promise<Statistics> {
  return withFileSource(file.path, (source) => {
    const npz = openNpz(source);
    const { shape, data } = npz.numbers(sigma);
    const [rows, columns] = shape;
    const covariance = { rows, columns, data: Float64Array.from(data) };
    return toStatistics({ count, mu: npz.numbers(mu).data, sigma: covariance }, file.path);
  });
}

/** An array of an archive, or where it has no name the file itself. */
function arrayOf(source: ByteSource, name: string): NdArray {
  if (name !== '') return openNpz(source).numbers(name);
  return decodeNpy(source.read(0, source.size), source.name);
}

function requireHolding({ path, holds }: StatisticsFile, holding: Holding): string {
  const name = holds.get(holding);
  if (name !== undefined) return name;
  const remedy =
    holding === 'features' ? ' Make it again with its features: gan-metrics stats <images> --features.' : '';
  throw new GanMetricsError(
    'UNSUPPORTED_FILE',
    `${path} holds ${[...holds.keys()].join(', ')} but no ${holding}.${remedy}`,
    { details: { file: path, holds: [...holds.keys()] } },
  );
}
