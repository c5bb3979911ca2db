import { availableParallelism } from 'node:os';
import { GanMetricsError, invalidOption } from './errors';
import {
  type CollectedImages,
  collectImages,
  type ImageSource,
  unreadableImages,
} from './features/collect-images';
import { type Extractor, openExtractor } from './features/extract';
import type { ImageFailure } from './features/messages';
import { PREPROCESSINGS, type Preprocessing } from './images/image';
import { addRows, createMoments, finishMoments } from './math/moments';
import { requireSamples, type Statistics } from './math/statistics';
import type { MetricResult } from './metrics/metric';
import { type MetricId, metrics as registry } from './metrics/registry';
import type { Warning } from './metrics/warning';
import { findModel } from './models/find-model';
import type { Device, RuntimeName } from './runtimes/runtime';
import { selectRuntime } from './runtimes/select';
import { version } from './version';

export interface Progress {
  /** `check`: reading headers; `extract`: decoding and running the network. */
  readonly stage: 'check' | 'extract';
  readonly source: 'real' | 'generated';
  readonly done: number;
  readonly total: number;
}

/** How images become features; every choice is recorded in the report. */
export interface EvaluateOptions {
  /** A model's name or the path of a tfjs `model.json`; default `inception-v3`. */
  readonly model?: string | undefined;
  /** Default: the one the model was made for. */
  readonly preprocessing?: Preprocessing | undefined;
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
  /** Told what the run chose by itself, such as the runtime. */
  readonly onNote?: ((note: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Values, and all that is needed to get them again. Plain data. */
export interface Report<Id extends MetricId = MetricId> {
  readonly version: string;
  readonly metrics: { readonly [K in Id]: ReturnType<(typeof registry)[K]['compute']> };
  readonly n: { readonly real: number; readonly generated: number };
  readonly model: { readonly id: string; readonly sha256: string };
  readonly preprocessing: Preprocessing;
  readonly runtime: { readonly name: RuntimeName; readonly device: Device; readonly engine: string };
  readonly limit: number | null;
  readonly seed: number;
  /** Images left out because they could not be read. */
  readonly skipped: { readonly real: readonly ImageFailure[]; readonly generated: readonly ImageFailure[] };
  readonly warnings: readonly Warning[];
}

/**
 * Evaluates generated images against real ones: one decode and one run of the network serve every metric
 * asked for.
 *
 * @param sources  real and generated images, and the ids of the metrics
 * @param options  model, preprocessing, runtime, sampling; see {@link EvaluateOptions}
 * @throws INVALID_OPTION, NO_IMAGES, UNREADABLE_IMAGES, MODEL_MISSING, MODEL_INVALID, RUNTIME_MISSING,
 *   RUNTIME_FAILED, TOO_FEW_SAMPLES, NOT_FINITE, ABORTED
 */
export async function evaluate<Id extends MetricId>(
  { real, generated, metrics }: { real: ImageSource; generated: ImageSource; metrics: readonly Id[] },
  options: EvaluateOptions = {},
): Promise<Report<Id>> {
  const { model: modelName = 'inception-v3', runtime: runtimeName = 'auto', device = 'auto' } = options;
  const { batchSize = 16, workers = availableParallelism(), limit, seed = 0, skipBad = false } = options;
  const { onProgress, onNote, signal } = options;
  requireValid({ metrics, batchSize, workers, limit, seed, preprocessing: options.preprocessing });

  const model = await findModel(modelName);
  const preprocessing = options.preprocessing ?? model.preprocessing;
  const { runtime, notes } = await selectRuntime({ runtime: runtimeName, device });
  for (const note of notes) onNote?.(note);

  const collect = (source: ImageSource, name: Progress['source']) =>
    collectImages(source, {
      limit,
      seed,
      signal,
      onChecked: (done, total) => onProgress?.({ stage: 'check', source: name, done, total }),
    });
  const images = { real: await collect(real, 'real'), generated: await collect(generated, 'generated') };
  const bad = [...images.real.bad, ...images.generated.bad];
  if (bad.length > 0 && !skipBad) throw unreadableImages(bad);

  const extractor = await openExtractor(
    { model, runtime },
    { outputs: ['features'], preprocessing, batchSize, workers },
  );
  try {
    const pass = (name: Progress['source']) =>
      accumulate(extractor, images[name], {
        name,
        signal,
        onProgress: (done, total) => onProgress?.({ stage: 'extract', source: name, done, total }),
      });
    const passes = { real: await pass('real'), generated: await pass('generated') };
    const statistics = { real: passes.real.statistics, generated: passes.generated.statistics };
    const skipped = { real: passes.real.skipped, generated: passes.generated.skipped };
    const results = metrics.map((id) => [id, registry[id].compute(statistics)] as const);
    return {
      version,
      metrics: Object.fromEntries(results) as Report<Id>['metrics'],
      n: { real: statistics.real.count, generated: statistics.generated.count },
      model: { id: model.id, sha256: model.sha256 },
      preprocessing,
      runtime: { name: runtime.name, device: runtime.device, engine: runtime.engine },
      limit: limit ?? null,
      seed,
      skipped,
      warnings: [
        ...skippedWarnings(skipped),
        ...results.flatMap(([, result]) => (result as MetricResult).warnings),
      ],
    };
  } finally {
    await extractor.close();
  }
}

interface PassOptions {
  readonly name: string;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Features of one set, reduced to their statistics as they come. An image that passed the check and still
 * cannot be decoded is left out, counted and warned of: it must not cost the run that it is found in.
 */
async function accumulate(
  extractor: Extractor,
  { files, bad }: CollectedImages,
  { name, signal, onProgress }: PassOptions,
): Promise<{ statistics: Statistics; skipped: ImageFailure[] }> {
  const skipped = [...bad];
  requireSamples(files.length, name);
  let moments: ReturnType<typeof createMoments> | undefined;
  let done = 0;
  onProgress(0, files.length);
  for await (const batch of extractor.extract(files, signal)) {
    skipped.push(...batch.failures);
    if (batch.files.length > 0) {
      const { features } = batch.outputs;
      moments ??= createMoments(features.length / batch.files.length);
      addRows(moments, features);
    }
    done += batch.files.length + batch.failures.length;
    onProgress(done, files.length);
  }
  const statistics = finishMoments(moments ?? createMoments(0));
  requireSamples(statistics.count, name);
  return { statistics, skipped };
}

function skippedWarnings(skipped: Report['skipped']): Warning[] {
  return (['real', 'generated'] as const).flatMap((name) => {
    const count = skipped[name].length;
    if (count === 0) return [];
    const first = skipped[name].slice(0, 3).map((failure) => failure.name);
    const names = first.join(', ') + (count > first.length ? ', …' : '');
    return [
      { code: 'IMAGES_SKIPPED', message: `${count} unreadable ${name} images were left out: ${names}.` },
    ];
  });
}

function requireValid(options: {
  metrics: readonly string[];
  batchSize: number;
  workers: number;
  limit: number | undefined;
  seed: number;
  preprocessing: Preprocessing | undefined;
}): void {
  const { metrics, batchSize, workers, limit, seed, preprocessing } = options;
  const known = Object.keys(registry);
  for (const id of metrics) {
    if (!known.includes(id)) throw invalidOption('metrics', `some of ${known.join(', ')}`, id);
  }
  if (metrics.length === 0)
    throw new GanMetricsError('INVALID_OPTION', 'Expected at least one metric but received none.');
  requireCount('batchSize', batchSize, 1);
  requireCount('workers', workers, 1);
  if (limit !== undefined) requireCount('limit', limit, 2);
  requireCount('seed', seed, 0);
  if (seed >= 2 ** 32) throw invalidOption('seed', 'an integer below 2³²', seed);
  if (preprocessing !== undefined && !PREPROCESSINGS.includes(preprocessing)) {
    throw invalidOption('preprocessing', PREPROCESSINGS.join(', '), preprocessing);
  }
}

function requireCount(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw invalidOption(name, `an integer of at least ${least}`, value);
}
