import { GanMetricsError, invalidOption } from '../errors';
import { type CollectedImages, collectImages, unreadableImages } from '../features/collect-images';
import type { Extractor, FeatureBatch } from '../features/extract';
import type { BadImage } from '../images/check-images';
import type { ImageSource } from '../images/image-source';
import { requireSamples } from '../math/statistics';
import type { Warning } from '../metrics/warning';
import type { OutputName } from '../models/model';
import { type NetworkPlan, type Networks, openedAnew, type Provenance } from './open-network';
import { type ExtractionOptions, type Progress, resolveOptions } from './options';

/** What a run is about to do. */
export interface Plan extends NetworkPlan {
  /** null where a stream does not say how many will come. */
  readonly images: number | null;
}

/** Takes batches as they come, in the order of the files, and makes something of them. */
export interface Collector<Result> {
  add(batch: FeatureBatch): void;
  finish(): Result;
}

/** What became of one set of images. */
export interface Pass<Result> {
  readonly result: Result;
  /** Images left out because they could not be read. */
  readonly skipped: readonly BadImage[];
}

/**
 * Runs sets of images through one network. All sets are checked before the network is opened, and it is
 * opened once.
 *
 * @param sources  sets of images by name (`real`, `generated`)
 * @param options  outputs of the network to run, and a collector for each set
 * @throws INVALID_OPTION, NO_IMAGES, UNREADABLE_IMAGES, MODEL_MISSING, MODEL_INVALID, RUNTIME_MISSING,
 *   RUNTIME_FAILED, TOO_FEW_SAMPLES, NOT_FINITE, ABORTED
 */
export async function runExtraction<Name extends string, Result>(
  sources: Readonly<Record<Name, ImageSource>>,
  options: RunOptions<Name, Result>,
): Promise<Run<Name, Result>> {
  const { dims } = resolveOptions(options);
  if (dims !== undefined && !options.outputs.includes('features')) {
    throw invalidOption('dims', 'none where no features are asked for', dims);
  }
  const images = await collectAll(sources, options);
  try {
    return await runThroughNetwork(images, options);
  } finally {
    await releaseAll(images);
  }
}

interface RunOptions<Name extends string, Result> extends ExtractionOptions {
  readonly outputs: readonly OutputName[];
  /** Outputs to run as well where the model offers them. */
  readonly optional?: readonly OutputName[];
  /** Called for every set with the number of its images if known, its name, and the outputs that will come. */
  readonly collector: (count: number | null, name: Name, outputs: readonly OutputName[]) => Collector<Result>;
  /** Logits with the last layer's bias, where the model offers both. */
  readonly bias?: boolean;
  /** Told before the first image is decoded; what it throws ends the run. */
  readonly onPlan?: (plan: Plan) => void;
  /** Images that a set must have. */
  readonly least?: 1 | 2;
  /** Default: a network is opened for this run and closed after it. */
  readonly networks?: Networks | undefined;
}

interface Run<Name extends string, Result> {
  readonly passes: Record<Name, Pass<Result>>;
  readonly provenance: Provenance;
  /** What only the run itself could tell, beyond the plan's. */
  readonly warnings: readonly Warning[];
}

async function runThroughNetwork<Name extends string, Result>(
  images: Readonly<Record<Name, CollectedImages>>,
  {
    outputs: required,
    optional = [],
    collector,
    least = 1,
    bias = false,
    networks = openedAnew,
    onPlan,
    ...options
  }: RunOptions<Name, Result>,
): Promise<Run<Name, Result>> {
  const counts = entries(images).map(([name, { count }]) => [name, count] as const);
  for (const [name, count] of counts) if (least === 2 && count !== null) requireSamples(count, name);
  const total = counts.reduce<number | null>(
    (sum, [, count]) => (sum === null || count === null ? null : sum + count),
    0,
  );
  const network = await networks.open(options, {
    required,
    optional,
    bias,
    onPlan: (plan) => onPlan?.({ ...plan, images: total }),
  });
  const { extractor, outputs } = network;
  try {
    const passes = {} as Record<Name, Pass<Result>>;
    for (const [name, set] of entries(images)) {
      passes[name] = await runPass(extractor, set, {
        ...options,
        name,
        collector: collector(set.count, name, outputs),
      });
    }
    return { passes, provenance: network.plan.provenance, warnings: cutWarnings(extractor) };
  } finally {
    await networks.release(network);
  }
}

function cutWarnings({ cut }: Extractor): Warning[] {
  if (!cut) return [];
  const message =
    `The device had no memory for batches of ${cut.from} images: they were run by ${cut.to} at a time. That moves a ` +
    `result by rounding at most; --batch-size ${cut.to} (batchSize) saves the tries.`;
  return [{ code: 'BATCH_HALVED', message }];
}

/** Finds and checks all sets before anything is spent on one of them. */
async function collectAll<Name extends string>(
  sources: Readonly<Record<Name, ImageSource>>,
  options: ExtractionOptions,
): Promise<Record<Name, CollectedImages>> {
  const { limit, seed, skipBad } = resolveOptions(options);
  const { signal, onProgress } = options;
  const images = {} as Record<Name, CollectedImages>;
  const bad: BadImage[] = [];
  try {
    for (const [name, source] of entries(sources)) {
      const onChecked = (done: number, total: number) =>
        onProgress?.({ stage: 'check', source: name, done, total });
      images[name] = await collectImages(source, { name, limit, seed, signal, onChecked });
      bad.push(...images[name].bad);
    }
    if (bad.length > 0 && !skipBad) throw unreadableImages(bad);
    return images;
  } catch (error) {
    await releaseAll(images);
    throw error;
  }
}

async function releaseAll(images: Readonly<Record<string, CollectedImages>>): Promise<void> {
  for (const set of Object.values(images)) await set.release();
}

/**
 * An image that passed the check and still cannot be decoded is left out, counted and warned of: it must not
 * cost the run that it is found in.
 */
async function runPass<Result>(
  extractor: Extractor,
  { files, count: total, bad }: CollectedImages,
  {
    name,
    collector,
    signal,
    onProgress,
  }: Pick<ExtractionOptions, 'signal' | 'onProgress'> & { name: string; collector: Collector<Result> },
): Promise<Pass<Result>> {
  const skipped = [...bad];
  let done = 0;
  const report = () => onProgress?.({ stage: 'extract', source: name, done, total });
  report();
  try {
    for await (const batch of extractor.extract(files, signal)) {
      skipped.push(...batch.failures);
      if (batch.files.length > 0) collector.add(batch);
      done += batch.files.length + batch.failures.length;
      report();
    }
  } catch (error) {
    throw withProgress(error, { source: name, done, total });
  }
  return { result: collector.finish(), skipped };
}

/** Says how far a run came that its engine ended. */
function withProgress(cause: unknown, progress: Omit<Progress, 'stage'>): unknown {
  if (!(cause instanceof GanMetricsError) || cause.code !== 'RUNTIME_FAILED') return cause;
  const { source, done, total } = progress;
  const part = total === null ? `${done}` : `${done} of ${total}`;
  return new GanMetricsError(cause.code, `${cause.message} ${part} images (${source}) were done.`, {
    cause,
    details: { ...cause.details, progress },
  });
}

function entries<Name extends string, Value>(record: Readonly<Record<Name, Value>>): [Name, Value][] {
  return Object.entries(record) as [Name, Value][];
}
