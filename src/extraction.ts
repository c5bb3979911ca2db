import { availableParallelism } from 'node:os';
import { COMPAT, type Compat } from './compat';
import { invalidOption } from './errors';
import {
  type CollectedImages,
  collectImages,
  type ImageSource,
  unreadableImages,
} from './features/collect-images';
import { type Extractor, openExtractor } from './features/extract';
import type { BadImage } from './images/check-images';
import { PREPROCESSINGS, type Preprocessing } from './images/image';
import { addRows, createMoments, finishMoments } from './math/moments';
import { requireSamples, type Statistics } from './math/statistics';
import { findModel } from './models/find-model';
import type { StoreCall } from './models/store/locked-work';
import type { Device, RuntimeName } from './runtimes/runtime';
import { selectRuntime } from './runtimes/select';

export interface Progress {
  /** `check`: reading headers; `extract`: decoding and running the network. */
  readonly stage: 'check' | 'extract';
  /** Which set of images: `real`, `generated`. */
  readonly source: string;
  readonly done: number;
  readonly total: number;
}

/** How images become features; every choice is recorded in the result. */
export interface ExtractionOptions {
  /** A model's name or the path of a tfjs `model.json`; default `inception-v3`. */
  readonly model?: string | undefined;
  /** Default: the one the model was made for. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Sets every choice to that tool's default, `preprocessing` included, for the model it uses. */
  readonly compat?: Compat | undefined;
  /** Default `auto`: the fastest present. */
  readonly runtime?: 'auto' | RuntimeName | undefined;
  readonly device?: 'auto' | Device | undefined;
  /** Images per run of the network; moves no result, only speed and memory. Default 16. */
  readonly batchSize?: number | undefined;
  /** Worker threads; moves no result. Default: one a core. */
  readonly workers?: number | undefined;
  /** Use at most this many images of each source, drawn with `seed`. */
  readonly limit?: number | undefined;
  /** Seed of every random choice, 0 … 2³² − 1. Default 0. */
  readonly seed?: number | undefined;
  /**
   * Go on without images that the check before the run finds unreadable; the report counts them. Default:
   * an error that lists them all.
   */
  readonly skipBad?: boolean | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** The download and conversion of a model on its first use. */
  readonly onModelProgress?: StoreCall['onProgress'];
  /** Told what the run chose by itself, such as the runtime. */
  readonly onNote?: ((note: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a result must record for its number to be had again. */
export interface Provenance {
  readonly model: { readonly id: string; readonly sha256: string };
  readonly preprocessing: Preprocessing;
  readonly compat: Compat | null;
  readonly runtime: { readonly name: RuntimeName; readonly device: Device; readonly engine: string };
  readonly limit: number | null;
  readonly seed: number;
}

/** One set of images, reduced to statistics. */
export interface Pass {
  readonly statistics: Statistics;
  /** Images left out because they could not be read. */
  readonly skipped: readonly BadImage[];
}

/**
 * Runs sets of images through one network, each reduced to its statistics as the features come. All sets
 * are checked before the network is opened, and it is opened once.
 *
 * @param sources  sets of images by name (`real`, `generated`)
 * @throws INVALID_OPTION, NO_IMAGES, UNREADABLE_IMAGES, MODEL_MISSING, MODEL_INVALID, RUNTIME_MISSING,
 *   RUNTIME_FAILED, TOO_FEW_SAMPLES, NOT_FINITE, ABORTED
 */
export async function runPasses<Name extends string>(
  sources: Readonly<Record<Name, ImageSource>>,
  options: ExtractionOptions,
): Promise<{ passes: Record<Name, Pass>; provenance: Provenance }> {
  requireValid(options);
  const { model: modelName = DEFAULT_MODEL, runtime: runtimeName = 'auto', device = 'auto' } = options;
  const { batchSize = 16, workers = availableParallelism(), limit, seed = 0 } = options;

  const model = await findModel(modelName, { signal: options.signal, onProgress: options.onModelProgress });
  const settings = options.compat && COMPAT[options.compat];
  const preprocessing = settings?.preprocessing ?? options.preprocessing ?? model.preprocessing;
  const outputs = ['features'];
  const { runtime, notes } = await selectRuntime({ runtime: runtimeName, device, model, outputs });
  for (const note of notes) options.onNote?.(note);

  const names = Object.keys(sources) as Name[];
  const images = await collectAll(sources, options);
  const extractor = await openExtractor({ model, runtime }, { outputs, preprocessing, batchSize, workers });
  try {
    const passes = {} as Record<Name, Pass>;
    for (const name of names) {
      passes[name] = await runPass(extractor, images[name], { name, ddof: settings?.ddof ?? 1, options });
    }
    const { id, sha256 } = model;
    const { name, engine } = runtime;
    const provenance = {
      model: { id, sha256 },
      preprocessing,
      compat: options.compat ?? null,
      runtime: { name, device: runtime.device, engine },
      limit: limit ?? null,
      seed,
    };
    return { passes, provenance };
  } finally {
    await extractor.close();
  }
}

/** FID without a name means this network. */
const DEFAULT_MODEL = 'inception-v3';

/** Finds and checks all sets before anything is spent on one of them. */
async function collectAll<Name extends string>(
  sources: Readonly<Record<Name, ImageSource>>,
  { limit, seed = 0, skipBad = false, signal, onProgress }: ExtractionOptions,
): Promise<Record<Name, CollectedImages>> {
  const images = {} as Record<Name, CollectedImages>;
  const bad: BadImage[] = [];
  for (const name of Object.keys(sources) as Name[]) {
    const onChecked = (done: number, total: number) =>
      onProgress?.({ stage: 'check', source: name, done, total });
    images[name] = await collectImages(sources[name], { limit, seed, signal, onChecked });
    bad.push(...images[name].bad);
  }
  if (bad.length > 0 && !skipBad) throw unreadableImages(bad);
  for (const name of Object.keys(images) as Name[]) requireSamples(images[name].files.length, name);
  return images;
}

/**
 * An image that passed the check and still cannot be decoded is left out, counted and warned of: it must not
 * cost the run that it is found in.
 */
async function runPass(
  extractor: Extractor,
  { files, bad }: CollectedImages,
  { name, ddof, options: { signal, onProgress } }: { name: string; ddof: 0 | 1; options: ExtractionOptions },
): Promise<Pass> {
  const skipped = [...bad];
  const report = (done: number) =>
    onProgress?.({ stage: 'extract', source: name, done, total: files.length });
  let moments: ReturnType<typeof createMoments> | undefined;
  let done = 0;
  report(done);
  for await (const batch of extractor.extract(files, signal)) {
    skipped.push(...batch.failures);
    if (batch.files.length > 0) {
      const { features } = batch.outputs;
      moments ??= createMoments(features.length / batch.files.length);
      addRows(moments, features);
    }
    done += batch.files.length + batch.failures.length;
    report(done);
  }
  const readable = files.length - (skipped.length - bad.length);
  requireSamples(readable, name);
  return { statistics: finishMoments(moments!, ddof), skipped };
}

function requireValid({
  batchSize,
  workers,
  limit,
  seed,
  preprocessing,
  compat,
  model,
}: ExtractionOptions): void {
  requireInteger('batchSize', batchSize, 1);
  requireInteger('workers', workers, 1);
  requireInteger('limit', limit, 2);
  requireInteger('seed', seed, 0);
  if (seed !== undefined && seed >= 2 ** 32) throw invalidOption('seed', 'an integer below 2³²', seed);
  if (preprocessing !== undefined && !PREPROCESSINGS.includes(preprocessing)) {
    throw invalidOption('preprocessing', `one of ${PREPROCESSINGS.join(', ')}`, preprocessing);
  }
  if (compat === undefined) return;
  const tools = Object.keys(COMPAT);
  if (!tools.includes(compat)) throw invalidOption('compat', `one of ${tools.join(', ')}`, compat);
  if (preprocessing !== undefined) {
    throw invalidOption(
      'preprocessing',
      `none beside compat, which sets it to ${COMPAT[compat].preprocessing},`,
      preprocessing,
    );
  }
  if (model !== undefined && model !== DEFAULT_MODEL) {
    throw invalidOption('model', `${DEFAULT_MODEL}, the network of ${compat},`, model);
  }
}

function requireInteger(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw invalidOption(name, `an integer of at least ${least}`, value);
}
