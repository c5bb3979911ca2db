import { availableParallelism } from 'node:os';
import { invalidOption } from '../errors';
import { PREPROCESSINGS, type Preprocessing } from '../images/image';
import type { StoreCall } from '../models/store/locked-work';
import type { Device, RuntimeName } from '../runtimes/runtime';
import { COMPAT, type Compat } from './compat';

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

/** FID without a name means this network. */
export const DEFAULT_MODEL = 'inception-v3';

/**
 * Fills in defaults.
 *
 * @throws INVALID_OPTION for a value outside its domain, or two options that contradict each other
 */
export function resolveOptions(options: ExtractionOptions) {
  requireValid(options);
  const { model = DEFAULT_MODEL, runtime = 'auto', device = 'auto', batchSize = 16, seed = 0 } = options;
  const { workers = availableParallelism(), limit, skipBad = false, compat } = options;
  const preprocessing = compat ? COMPAT[compat].preprocessing : options.preprocessing;
  const { ddof } = compat ? COMPAT[compat] : { ddof: 1 as const };
  return { model, preprocessing, compat, ddof, runtime, device, batchSize, workers, limit, seed, skipBad };
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
