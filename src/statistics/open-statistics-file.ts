import { GanMetricsError } from '../errors';
import { type ByteSource, withFileSource } from '../files/byte-source';
import { isImageArray } from '../files/image-block';
import { type NpyHeader, readNpyHeader, unsupportedArray } from '../files/npy-header';
import { type Npz, openNpz } from '../files/npz';
import { NAMES } from './layout';
import { parseProvenance, type StatisticsProvenance } from './provenance';

/** What a file can hold, by the names that metrics ask for. */
export type Holding = 'statistics' | 'spatialStatistics' | 'features' | 'logits' | 'images';

/** A file of statistics, features or images, as its headers describe it; the arrays are still on disk. */
export interface StatisticsFile {
  readonly path: string;
  /** What it is mainly for: statistics where it has them, else features, else images to be run through a network. */
  readonly kind: 'statistics' | 'features' | 'images';
  /** All that it holds, and under which names. */
  readonly holds: ReadonlyMap<Holding, string>;
  /** Samples; null where the file does not say. */
  readonly count: number | null;
  /** Values per image of the statistics or features; null where it has only images. */
  readonly dims: number | null;
  /** null in files of other tools. */
  readonly provenance: StatisticsProvenance | null;
}

/**
 * Says what a `.npz` or `.npy` file holds, from its headers: statistics (`mu`, `sigma`, and ADM's `mu_s`,
 * `sigma_s`), features (`feats`, `reps`, `features`, or a matrix), or a batch of images (`arr_0`, n × h × w × 3
 * bytes, or the like).
 *
 * @throws INVALID_OPTION where there is no such file, CORRUPT_FILE, UNSAFE_FILE for pickled objects,
 *   UNSUPPORTED_FILE for anything else, SHAPE_MISMATCH for arrays that do not fit each other
 */
export async function openStatisticsFile(path: string): Promise<StatisticsFile> {
  return withFileSource(path, (source) => {
    const start = Buffer.from(source.read(0, Math.min(source.size, 65_536)));
    if (start.toString('latin1', 0, 2) === 'PK') return describeArchive(openNpz(source));
    // Pickles begin with their protocol, old ones with an opening bracket or a global.
    if (start[0] === 0x80) throw pickled(path);
    if (start[0] !== 0x93 && !path.endsWith('.npy')) throw notAnArray(path);
    const header = readNpyHeader(start, { name: path, size: source.size });
    return describeArray(source, header);
  });
}

function describeArray({ name: path }: ByteSource, header: NpyHeader): StatisticsFile {
  const { shape } = header;
  const known = { path, provenance: null, count: shape[0] ?? null };
  if (isImageArray(header)) return { ...known, kind: 'images', dims: null, holds: new Map([['images', '']]) };
  if (shape.length !== 2) throw unsupportedArray(path, `an array of ${shape.length} dimensions`);
  return { ...known, kind: 'features', dims: shape[1], holds: new Map([['features', '']]) };
}

function describeArchive(npz: Npz): StatisticsFile {
  const holds = new Map<Holding, string>();
  const sizes = { count: new Set<number>(), dims: new Set<number>() };
  const add = (holding: Holding, name: string, { rows, columns }: { rows?: number; columns?: number }) => {
    holds.set(holding, name);
    if (rows !== undefined) sizes.count.add(rows);
    if (columns !== undefined) sizes.dims.add(columns);
  };
  if (hasPair(npz, [NAMES.mu, NAMES.sigma])) {
    add('statistics', NAMES.mu, { columns: pairSize(npz, [NAMES.mu, NAMES.sigma]) });
  }
  if (hasPair(npz, [NAMES.spatialMu, NAMES.spatialSigma])) {
    pairSize(npz, [NAMES.spatialMu, NAMES.spatialSigma]);
    add('spatialStatistics', NAMES.spatialMu, {});
  }
  for (const name of NAMES.features) {
    if (!npz.has(name) || holds.has('features')) continue;
    const [rows, columns] = matrixShape(npz, name);
    add('features', name, { rows, columns });
  }
  if (npz.has(NAMES.logits)) add('logits', NAMES.logits, { rows: matrixShape(npz, NAMES.logits)[0] });
  if (npz.has(NAMES.images)) {
    const header = npz.header(NAMES.images);
    // The images of a reference may be fewer than those of its statistics: they say nothing of the count.
    if (isImageArray(header)) add('images', NAMES.images, {});
    else if (!holds.has('features') && header.shape.length === 2) {
      add('features', NAMES.images, { rows: header.shape[0], columns: header.shape[1] });
    }
  }
  // Files of other tools may mean anything else by an n that is no single integer.
  if (npz.has(NAMES.count) && isInteger(npz.header(NAMES.count))) sizes.count.add(readCount(npz));
  const kind = (['statistics', 'features', 'images'] as const).find((each) => holds.has(each));
  if (!kind) throw nothingKnown(npz);
  return {
    path: npz.file,
    kind,
    holds,
    count: kind === 'images' ? npz.header(NAMES.images).shape[0] : theOnly(sizes.count, 'counts', npz.file),
    dims: theOnly(sizes.dims, 'numbers of values per image', npz.file),
    provenance: npz.has(NAMES.provenance) ? parseProvenance(npz.text(NAMES.provenance), npz.file) : null,
  };
}

function isInteger({ descr, shape }: NpyHeader): boolean {
  return shape.length === 0 && /^[<>|][iu]/.test(descr);
}

function hasPair(npz: Npz, [mu, sigma]: readonly [string, string]): boolean {
  if (npz.has(mu) === npz.has(sigma)) return npz.has(mu);
  const [there, missing] = npz.has(mu) ? [mu, sigma] : [sigma, mu];
  throw new GanMetricsError('UNSUPPORTED_FILE', `${npz.file} holds ${there} but no ${missing}.`, {
    details: { file: npz.file, names: npz.names },
  });
}

function pairSize(npz: Npz, [mu, sigma]: readonly [string, string]): number {
  const means = npz.header(mu).shape;
  const covariance = npz.header(sigma).shape;
  const d = means.at(-1) ?? 1;
  const fits = covariance.length === 2 && covariance.every((length) => length === d);
  if (fits && means.every((length, axis) => axis === means.length - 1 || length === 1)) return d;
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `Expected d values in ${mu} and d × d in ${sigma} of ${npz.file} but received ${means.join(' × ')} and ${covariance.join(' × ')}.`,
    { details: { file: npz.file } },
  );
}

function matrixShape(npz: Npz, name: string): readonly number[] {
  const { shape } = npz.header(name);
  if (shape.length === 2) return shape;
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `Expected images × values in ${name} of ${npz.file} but received ${shape.join(' × ') || 'a single value'}.`,
    { details: { file: npz.file } },
  );
}

function readCount(npz: Npz): number {
  const [count] = npz.numbers(NAMES.count).data;
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new GanMetricsError('CORRUPT_FILE', `${npz.file} says that it is made of ${count} images.`, {
    details: { file: npz.file },
  });
}

function theOnly(values: ReadonlySet<number>, what: string, file: string): number | null {
  if (values.size <= 1) return [...values][0] ?? null;
  throw new GanMetricsError(
    'SHAPE_MISMATCH',
    `The arrays of ${file} have different ${what} (${[...values].join(', ')}): they do not belong together.`,
    { details: { file } },
  );
}

function nothingKnown({ file, names }: Npz): GanMetricsError {
  const found = names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '') || 'no arrays';
  return new GanMetricsError(
    'UNSUPPORTED_FILE',
    `${file} holds ${found}, but no statistics (mu, sigma), features (${NAMES.features.join(', ')}) or images (arr_0, n × h × w × 3 bytes).`,
    { details: { file, names } },
  );
}

function notAnArray(file: string): GanMetricsError {
  return new GanMetricsError(
    'UNSUPPORTED_FILE',
    `${file} is neither a folder nor an archive of images nor an .npz or .npy file. Name a folder of images, a .zip or .tar of them, or a file of statistics, features or an image batch.`,
    { details: { file } },
  );
}

function pickled(file: string): GanMetricsError {
  return new GanMetricsError(
    'UNSAFE_FILE',
    `${file} is a pickle, which can run any program when it is read. Save its arrays in Python: numpy.savez(path, mu=mu, sigma=sigma).`,
    { details: { file } },
  );
}
