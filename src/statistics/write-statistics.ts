import { invalidOption } from '../errors';
import { writeAtomically } from '../files/atomic-file';
import { encodeNpy, encodeNpyInteger, encodeNpyText } from '../files/npy';
import { type Pieces, writeNpz } from '../files/write-npz';
import { type Matrix, type MatrixLike, toMatrix } from '../math/matrix';
import { type Statistics, type StatisticsLike, toStatistics } from '../math/statistics';
import { version } from '../version';
import { NAMES } from './layout';
import { formatProvenance, type StatisticsProvenance } from './provenance';

/** Provenance as it may be known; of an unknown model or preprocessing none is written. */
export interface PossibleProvenance
  extends Omit<StatisticsProvenance, 'model' | 'preprocessing' | 'runtime' | 'input'> {
  readonly model: { readonly id: string; readonly sha256: string | null };
  readonly preprocessing: string | null;
  readonly input?: StatisticsProvenance['input'] | null;
  readonly runtime?: StatisticsProvenance['runtime'] | null;
}

export interface WriteStatisticsOptions {
  /** How the statistics came about; what `computeStatistics` returns will do. */
  readonly provenance?: PossibleProvenance | undefined;
  /** Written as `mu_s` and `sigma_s`. */
  readonly spatialStatistics?: StatisticsLike | undefined;
  /** Rows that the statistics were made of, written as `feats`. */
  readonly features?: MatrixLike | undefined;
  /** Written as `logits`. */
  readonly logits?: MatrixLike | undefined;
  /** Deflate the arrays; default false. */
  readonly compress?: boolean | undefined;
}

/**
 * Writes `mu` and `sigma` (float64) as pytorch-fid, TTUR, clean-fid, EDM and ADM read them, with the count (`n`)
 * and the provenance (`gan_metrics`, JSON) in entries of their own. A file that was there is replaced, in one step.
 *
 * @param path  ends with `.npz`, as the tools tell files from folders by it
 * @throws INVALID_OPTION for another ending, SHAPE_MISMATCH, NOT_FINITE, NOT_COVARIANCE, TOO_FEW_SAMPLES
 * @example
 * import { computeStatistics, readStatistics, writeStatistics } from 'gan-metrics';
 *
 * const made = await computeStatistics('fixtures/real', { model: 'cifar10-resnet', limit: 20 });
 * await writeStatistics('real.npz', made.statistics, { provenance: made });
 * const { provenance } = await readStatistics('real.npz');
 * console.log(provenance?.model.id, provenance?.preprocessing); // cifar10-resnet clean
 * await writeStatistics('real.csv', made.statistics); // throws INVALID_OPTION
 */
export async function writeStatistics(
  path: string,
  statistics: StatisticsLike,
  { provenance, spatialStatistics, features, logits, compress }: WriteStatisticsOptions = {},
): Promise<void> {
  requireEnding(path, ['.npz']);
  const { count, mu, sigma } = toStatistics(statistics);
  const spatial = spatialStatistics && toStatistics(spatialStatistics, 'spatialStatistics');
  const arrays: Record<string, Pieces> = {
    [NAMES.mu]: encodeMean(mu),
    [NAMES.sigma]: encodeMatrix(sigma),
    ...(spatial && encodeSpatial(spatial)),
    ...(features && { [NAMES.features[0]]: encodeMatrix(toMatrix(features, 'features')) }),
    ...(logits && { [NAMES.logits]: encodeMatrix(toMatrix(logits, 'logits')) }),
    ...(count !== null && { [NAMES.count]: encodeNpyInteger(count) }),
    ...encodeProvenance(provenance),
  };
  await writeNpz(path, arrays, { compress });
}

/**
 * Writes features: into an `.npz` as `feats` with count and provenance, or as a bare `.npy` matrix.
 *
 * @throws INVALID_OPTION for another ending or for a provenance that `.npy` has no place for, SHAPE_MISMATCH
 * @example
 * import { readFeatures, writeFeatures } from 'gan-metrics';
 *
 * await writeFeatures('features.npy', [[1, 2, 3], [4, 5, 6]]);
 * const { features } = await readFeatures('features.npy');
 * console.log(features.rows, features.columns, [...features.data]); // 2 3 [ 1, 2, 3, 4, 5, 6 ]
 */
export async function writeFeatures(
  path: string,
  features: MatrixLike,
  { provenance, logits, compress }: Pick<WriteStatisticsOptions, 'provenance' | 'logits' | 'compress'> = {},
): Promise<void> {
  requireEnding(path, ['.npz', '.npy']);
  const matrix = toMatrix(features, 'features');
  if (path.endsWith('.npy')) {
    if (provenance || logits || compress) {
      throw invalidOption('path', 'an .npz file for more than a bare matrix', path);
    }
    return writeAtomically(path, async (handle) => {
      for (const piece of encodeMatrix(matrix)) await handle.writeFile(piece);
    });
  }
  const arrays: Record<string, Pieces> = {
    [NAMES.features[0]]: encodeMatrix(matrix),
    ...(logits && { [NAMES.logits]: encodeMatrix(toMatrix(logits, 'logits')) }),
    [NAMES.count]: encodeNpyInteger(matrix.rows),
    ...encodeProvenance(provenance),
  };
  await writeNpz(path, arrays, { compress });
}

function encodeMean(mu: Float64Array): Pieces {
  return encodeNpy({ shape: [mu.length], data: mu });
}

function encodeMatrix({ rows, columns, data }: Matrix): Pieces {
  return encodeNpy({ shape: [rows, columns], data });
}

function encodeSpatial({ mu, sigma }: Statistics): Record<string, Pieces> {
  return { [NAMES.spatialMu]: encodeMean(mu), [NAMES.spatialSigma]: encodeMatrix(sigma) };
}

function encodeProvenance(given: PossibleProvenance | undefined): Record<string, Pieces> {
  if (!given) return {};
  const { model, preprocessing, input, runtime, ...rest } = given;
  if (model.sha256 === null || preprocessing === null) return {};
  const known = {
    ...rest,
    model: { id: model.id, sha256: model.sha256 },
    preprocessing,
    ...(input && { input }),
    ...(runtime && { runtime }),
  };
  return { [NAMES.provenance]: encodeNpyText(formatProvenance(known, version)) };
}

function requireEnding(path: string, endings: readonly string[]): void {
  if (endings.some((ending) => path.endsWith(ending))) return;
  throw invalidOption('path', `a file name that ends with ${endings.join(' or ')}`, path);
}
