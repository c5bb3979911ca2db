import { availableParallelism } from 'node:os';
import { invalidOption } from '../errors';
import { PREPROCESSINGS, type Preprocessing } from '../images/image';
import type { Tool } from '../metrics/metric';
import type { Model } from '../models/model';
import type { ModelInfoOption } from '../models/own/own-model';
import type { StoreCall } from '../models/store/locked-work';
import type { DeviceChoice, Runtime, RuntimeName } from '../runtimes/runtime';
import type { TfNamespace } from '../runtimes/tf-namespace';
import { COMPAT } from './compat';

export interface Progress {
  /** `check`: reading headers; `extract`: decoding and running the network. */
  readonly stage: 'check' | 'extract';
  /** Which set of images: `real`, `generated`. */
  readonly source: string;
  readonly done: number;
  /** null where a stream of images does not say how many will come. */
  readonly total: number | null;
}

/** How images become features; every choice is recorded in the result. */
export interface ExtractionOptions {
  /** A model's name, or the path of your own: a tfjs `model.json` or an `.onnx` file; default `inception-v3`. */
  readonly model?: string | undefined;
  /** What your own network is, or the path of a file that says so, beyond `<model>.gan-metrics.json` beside it. */
  readonly modelInfo?: ModelInfoOption | undefined;
  /** Default: the one the model was made for. */
  readonly preprocessing?: Preprocessing | undefined;
  /** Sets every choice to that tool's default, `preprocessing` included, for the model it uses. */
  readonly compat?: Tool | undefined;
  /**
   * Values per image that the model's features shall have: InceptionV3 offers 64, 192, 768 (earlier layers,
   * averaged over height and width) and 2048. Default: the model's own. Only 2048 is plainly an FID.
   */
  readonly dims?: number | undefined;
  /** Default `auto`: the fastest present. */
  readonly runtime?: 'auto' | RuntimeName | undefined;
  /** Default `auto`: a CPU but for tfjs-node-gpu. `gpu`: the first GPU that works, whatever runs on it. */
  readonly device?: DeviceChoice | undefined;
  /**
   * A tfjs build of yours, `import * as tf` of any of them: it runs the network in this thread, on its current backend,
   * and no other is loaded.
   */
  readonly tf?: TfNamespace | undefined;
  /** Images per run of the network; moves no result, only speed and memory. Default: {@link defaultBatchSize}. */
  readonly batchSize?: number | undefined;
  /** Worker threads; moves no result. Default: one a core. */
  readonly workers?: number | undefined;
  /** Use at most this many images of each source, drawn with `seed`. */
  readonly limit?: number | undefined;
  /** Of the draw of `limit` and of a floor's parts, 0 … 2³² − 1; metrics have their own. Default 0. */
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

/** FID without a name means this network. */
export const DEFAULT_MODEL = 'inception-v3';

/**
 * Fills in defaults.
 *
 * @throws INVALID_OPTION for a value outside its domain, or two options that contradict each other
 */
export function resolveOptions(options: ExtractionOptions) {
  requireValid(options);
  const { model = DEFAULT_MODEL, runtime = 'auto', device = 'auto', seed = 0, compat } = options;
  const { tf, workers = availableParallelism(), batchSize, dims, limit, skipBad = false } = options;
  const preprocessing = compat ? COMPAT[compat].preprocessing : options.preprocessing;
  const { ddof } = compat ? COMPAT[compat] : { ddof: 1 as const };
  return {
    model,
    preprocessing,
    compat,
    ddof,
    dims,
    runtime,
    device,
    ...(tf && { tf }),
    batchSize,
    workers,
    limit,
    seed,
    skipBad,
  };
}

/**
 * Images per run of a network. On a GPU as many as have the pixels of 64 InceptionV3 inputs, 16 … 512, because a
 * small batch leaves most of it idle. On a CPU 16, or as many as have the pixels of four such inputs where each
 * worker runs its own: larger batches of large images are no faster there and take more memory.
 */
export function defaultBatchSize({ width, height }: Model['input'], { threading, device }: Runtime): number {
  const inputs = (width * height) / (299 * 299);
  if (device !== 'cpu') return Math.min(512, Math.max(16, Math.round(64 / inputs)));
  return threading === 'all' ? 16 : Math.min(16, Math.max(1, Math.round(4 / inputs)));
}

function requireValid({
  batchSize,
  workers,
  limit,
  seed,
  dims,
  preprocessing,
  compat,
  model,
}: ExtractionOptions): void {
  requireInteger('batchSize', batchSize, 1);
  requireInteger('workers', workers, 1);
  requireInteger('limit', limit, 2);
  requireInteger('dims', dims, 1);
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
  if (dims !== undefined && !COMPAT[compat].dims.includes(dims)) {
    throw invalidOption('dims', `one of ${COMPAT[compat].dims.join(', ')}, which ${compat} has,`, dims);
  }
}

function requireInteger(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw invalidOption(name, `an integer of at least ${least}`, value);
}
