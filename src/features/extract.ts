import { GanMetricsError } from '../errors';
import type { BadImage } from '../images/check-images';
import type { ImageFile } from '../images/find-images';
import type { ImageSize, Preprocessing } from '../images/image';
import { readImage } from '../images/read-image';
import type { Model, OutputName } from '../models/model';
import type { FittingNetwork } from '../runtimes/fit-batches';
import type { Runtime } from '../runtimes/runtime';
import { inBatches } from './batches';
import { inFlight } from './in-flight';
import type { Batch, BatchReply, WorkerSetup } from './messages';
import { openPool, type WorkerPool } from './pool';
import { openThreadNetworks, type ThreadNetworks } from './thread-networks';

/** Outputs of the network for consecutive images: row i of every output belongs to `files[i]`. */
export interface FeatureBatch {
  readonly files: readonly ImageFile[];
  readonly outputs: Readonly<Record<string, Float32Array>>;
  /** Images of this batch that passed the check but could not be decoded. */
  readonly failures: readonly BadImage[];
}

export interface ExtractorOptions {
  readonly outputs: readonly OutputName[];
  readonly preprocessing: Preprocessing;
  readonly batchSize: number;
  readonly workers: number;
}

/** Decoding, preprocessing and the network, held open for any number of image sets. */
export interface Extractor {
  /** Batches in the order of `files`, whatever the number of workers. */
  extract(
    files: readonly ImageFile[] | AsyncIterable<ImageFile>,
    signal?: AbortSignal,
  ): AsyncGenerator<FeatureBatch>;
  /** Batches that the device had no memory for, which were cut; undefined where all fitted. */
  readonly cut: FittingNetwork['cut'];
  close(): Promise<void>;
}

/**
 * Opens a model on workers. An engine with one thread runs inside every worker; one that uses all cores
 * (or a GPU) runs in this thread, and the workers prepare its input, as far as the GPU does not.
 */
export async function openExtractor(
  { model, runtime }: { model: Model; runtime: Runtime },
  { outputs, preprocessing, batchSize, workers }: ExtractorOptions,
): Promise<Extractor> {
  const { width, height, crop, scaling } = model.input;
  const prepare: WorkerSetup = {
    preprocessing,
    form: { width, height, ...(crop !== undefined && { crop }), ...(scaling && { scaling }) },
  };
  const inWorkers = runtime.threading === 'one';
  const networks = inWorkers
    ? undefined
    : await openThreadNetworks({ model, runtime }, { outputs, preprocessing });
  const pool = inWorkers
    ? await openNetworkPool({ model, runtime }, { prepare, outputs, workers })
    : await openPool(prepare, workers, batchesAhead(model, batchSize));
  return {
    async *extract(files, signal) {
      const replies = pool.run(batchesOf(files, batchSize, networks), signal);
      const depth = networks ? BATCHES_ON_DEVICE : 1;
      for await (const batch of inFlight(replies, (reply) => finish(reply, networks), depth)) {
        requireFinite(batch);
        yield batch;
      }
    },
    async close() {
      await pool.close();
      await networks?.dispose();
    },
    get cut() {
      return networks?.cut;
    },
  };
}

/**
 * Batches, packable where the network prepares images of the size of the first: all of a set have it, or there is little
 * to gain. So it depends on the set alone which images the network prepares.
 */
async function* batchesOf(
  files: readonly ImageFile[] | AsyncIterable<ImageFile>,
  batchSize: number,
  networks: ThreadNetworks | undefined,
): AsyncGenerator<Batch> {
  let first: Pick<Batch, 'packable'> | undefined;
  for await (const batch of inBatches(files, batchSize)) {
    first ??= { packable: await packableSize(batch[0], networks) };
    yield { files: batch, ...first };
  }
}

async function packableSize(
  file: ImageFile,
  networks: ThreadNetworks | undefined,
): Promise<ImageSize | undefined> {
  if (!networks?.prepares) return undefined;
  // Whoever reads it again will tell why it cannot be read.
  const image = await readImage(file).catch(() => undefined);
  if (!image || !networks.prepares(image)) return undefined;
  return { width: image.width, height: image.height };
}

/** One in work, and one that is taken up meanwhile. */
const BATCHES_ON_DEVICE = 2;

/** Prepared batches that may wait for a network in this thread: a gigabyte of them, and enough to keep it busy. */
function batchesAhead({ input }: Model, batchSize: number): number {
  return Math.max(BATCHES_ON_DEVICE + 1, Math.floor(2 ** 30 / (input.width * input.height * 12 * batchSize)));
}

async function openNetworkPool(
  { model, runtime }: { model: Model; runtime: Runtime },
  { prepare, outputs, workers }: { prepare: WorkerSetup; outputs: readonly OutputName[]; workers: number },
): Promise<WorkerPool> {
  const shared = await runtime.share?.(model, outputs);
  const { name, device } = runtime;
  try {
    const network = { model: shared?.model ?? model, outputs, runtime: name, device };
    return await openPool({ ...prepare, network }, workers);
  } finally {
    await shared?.dispose();
  }
}

async function finish(reply: BatchReply, networks: ThreadNetworks | undefined): Promise<FeatureBatch> {
  const { files, failures, pixels, packed, outputs = {} } = reply;
  if (!networks || !pixels || files.length === 0) return { files, failures, outputs };
  return { files, failures, outputs: await networks.run(pixels, files.length, packed) };
}

function requireFinite({ files, outputs }: FeatureBatch): void {
  for (const [output, values] of Object.entries(outputs)) {
    const index = values.findIndex((value) => !Number.isFinite(value));
    if (index < 0) continue;
    const file = files[Math.floor(index / (values.length / files.length))];
    throw new GanMetricsError(
      'NOT_FINITE',
      `The network's ${output} for ${file.path} contain ${values[index]}: the model is broken or does not fit its input.`,
      { details: { file: file.path, output } },
    );
  }
}
