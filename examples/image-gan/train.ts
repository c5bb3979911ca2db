import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  type DescribedImages,
  Evaluator,
  GanMetricsError,
  ganValue,
  generatorLosses,
  type ScoreRecord,
  scoresOf,
  TrainingMonitor,
} from '../../src/index';
import { createRandom } from '../../src/math/random';
import { readCheckpoint, writeCheckpoint } from './checkpoint';
import { imagesOf, type TrainingImages } from './data';
import { createGame, type Game, type Judged } from './game';
import { LATENTS } from './networks';
import type { Tfjs } from './open-backend';

export interface TrainOptions {
  /** Where the history and the checkpoint lie; a run that was stopped goes on from there. */
  readonly folder: string;
  readonly steps: number;
  /** Steps from one evaluation to the next. */
  readonly every: number;
  /** Images that are generated for each. */
  readonly samples: number;
  readonly batch: number;
  readonly filters: number;
  readonly seed: number;
  readonly rate?: number | undefined;
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onRecord?: (record: ScoreRecord) => unknown;
}

/** Trains until `steps`, or until the signal; either way what was found so far is kept. */
export async function train(tfjs: Tfjs, images: TrainingImages, options: TrainOptions): Promise<Trained> {
  const { folder, steps, every, signal, onRecord } = options;
  mkdirSync(folder, { recursive: true });
  const game = createGame(tfjs, images, options);
  const monitor = new TrainingMonitor({ file: path.join(folder, 'scores.jsonl') });
  const evaluator = new Evaluator({
    reference: { images: imagesOf(images) },
    model: 'cifar10-resnet',
    confidence: 0.95,
    metricOptions: { kid: { shrinkSubsets: true } },
    workers: options.workers,
  });
  const generated = samplesOf(game, options);
  let judged: Judged[] = [];
  let tensors: number | undefined;

  const evaluate = async (step: number) => {
    const start = performance.now();
    const scores = await scoresAt(() => evaluator.evaluate(generated(), ['fid', 'kid', 'prdc'], { signal }));
    const seconds = (performance.now() - start) / 1000;
    const record = monitor.record({ step, ...scores, ...diagnose(judged), n: options.samples, seconds });
    onRecord?.(record);
    judged = [];
    if (step > 0) await writeCheckpoint(tfjs, game, { folder, step });
  };
  const begin = await readCheckpoint(tfjs, game, { folder });
  monitor.resume(begin);
  let step = begin;
  try {
    if (begin === 0) await evaluate(0);
    while (step < steps && !signal?.aborted) {
      // tfjs on the CPU leaves no turn to signals.
      await setImmediate();
      judged.push(await game.play(++step));
      if (step % every !== 0 && step !== steps) continue;
      await evaluate(step);
      const { numTensors } = tfjs.tf.memory();
      assert.equal(numTensors, tensors ?? numTensors, 'training keeps tensors');
      tensors = numTensors;
    }
  } catch (error) {
    if (!(error instanceof GanMetricsError && error.code === 'ABORTED')) throw error;
  } finally {
    await evaluator.dispose();
  }
  return { game, monitor, step };
}

export interface Trained {
  readonly game: Game;
  readonly monitor: TrainingMonitor;
  /** That was reached. */
  readonly step: number;
}

/** n latents, the same at every evaluation: what scores change by is the training, not the draw. */
export function latentsFor(seed: number): (n: number) => Float32Array {
  const random = createRandom(seed);
  return (n) => Float32Array.from({ length: n * LATENTS }, random.normal);
}

function samplesOf(game: Game, { samples, seed }: TrainOptions): () => DescribedImages {
  return () => {
    const latents = latentsFor(seed);
    return { images: (n) => game.generate(latents(n)), samples, range: [-1, 1] };
  };
}

/** A generator whose weights are lost makes no images; that is a finding of the monitor, not the end of the program. */
async function scoresAt(evaluate: () => Promise<Parameters<typeof scoresOf>[0]>) {
  try {
    return scoresOf(await evaluate());
  } catch (error) {
    if (error instanceof GanMetricsError && error.code === 'NOT_FINITE') return { fid: Number.NaN };
    throw error;
  }
}

/** Of all batches since the last evaluation. */
function diagnose(judged: readonly Judged[]) {
  if (judged.length === 0) return {};
  const all = (side: keyof Judged) => judged.flatMap((batch) => Array.from(batch[side]));
  const logits = { real: all('real'), generated: all('generated') };
  try {
    const { value, accuracy } = ganValue(logits, { outputs: 'logits' });
    const { minimax, nonSaturating } = generatorLosses(logits, { outputs: 'logits' });
    return {
      discriminatorLoss: -value,
      generatorLoss: nonSaturating.loss,
      accuracy,
      minimaxGradient: minimax.gradient,
    };
  } catch (error) {
    if (error instanceof GanMetricsError && error.code === 'NOT_FINITE')
      return { discriminatorLoss: Number.NaN };
    throw error;
  }
}
