import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Evaluator } from '../../src/evaluator';
import { findImages } from '../../src/images/find-images';
import type { ImageGenerator } from '../../src/images/image-source';
import { metricsCallback } from '../../src/training/metrics-callback';
import { TrainingMonitor } from '../../src/training/training-monitor';
import { projectFile } from '../reference';

let evaluator: Evaluator;
let folder: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-callback-'));
  const real = (await findImages(projectFile('fixtures/real'))).slice(0, 30);
  evaluator = new Evaluator({
    reference: real.map((file) => file.path),
    model: 'cifar10-resnet',
    workers: 1,
    confidence: 0.95,
  });
});
afterAll(async () => {
  await evaluator.dispose();
  rmSync(folder, { recursive: true });
});

/** A decoder of points to 8 × 8 pixels, which are taught to be of one color. */
function decoder() {
  const model = layers.sequential();
  model.add(layers.layers.dense({ units: 8 * 8 * 3, activation: 'tanh', inputShape: [4], useBias: true }));
  model.add(layers.layers.reshape({ targetShape: [8, 8, 3] }));
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const images: ImageGenerator = (n) =>
    tf.tidy(() => model.predict(tf.randomNormal([n, 4], 0, 1, 'float32', 7)) as tf.Tensor4D);
  const train = (epochs: number, callbacks: layers.CustomCallbackArgs | layers.CustomCallbackArgs[]) => {
    const [x, y] = [tf.randomNormal([16, 4], 0, 1, 'float32', 3), tf.fill([16, 8, 8, 3], 0.5)];
    return model
      .fit(x, y, { epochs, batchSize: 8, verbose: 0, shuffle: false, callbacks })
      .finally(() => tf.dispose([x, y]));
  };
  return { model, train, generated: { images, samples: 20, range: [-1, 1] } as const };
}

describe('metricsCallback', () => {
  it('puts scores into the history of model.fit, and keeps them with their cost', async () => {
    const { train, generated } = decoder();
    const callback = metricsCallback({ evaluator, generated, metrics: ['fid', 'is'] });
    const { history } = await train(3, callback);
    expect(history.fid).toHaveLength(3);
    expect(history.is).toHaveLength(3);
    expect(callback.history.map(({ step, n }) => ({ step, n }))).toEqual([
      { step: 1, n: 20 },
      { step: 2, n: 20 },
      { step: 3, n: 20 },
    ]);
    const [{ fid, seconds }] = callback.history;
    expect(fid).toMatchObject({ value: history.fid[0], low: expect.any(Number) });
    expect(seconds).toBeGreaterThan(0);
  });

  it('evaluates every so many epochs, and the last one', async () => {
    const { train, generated } = decoder();
    const callback = metricsCallback({ evaluator, generated, metrics: ['fid'], every: 3 });
    const { history } = await train(7, callback);
    expect(callback.history.map(({ step }) => step)).toEqual([3, 6, 7]);
    expect(history.fid).toHaveLength(2);
  });

  it('hands scores to the callbacks after it', async () => {
    const { train, generated } = decoder();
    const seen: unknown[] = [];
    const after = { onEpochEnd: async (_: number, logs?: layers.Logs) => void seen.push(logs?.fid) };
    await train(2, [metricsCallback({ evaluator, generated, metrics: ['fid'] }), after]);
    expect(seen).toEqual([expect.any(Number), expect.any(Number)]);
  });

  it('leaves no tensor, and trains to the same weights as training without it', async () => {
    const weights = [];
    for (const watched of [false, true]) {
      const { model, train, generated } = decoder();
      const [kernel, bias] = model.getWeights();
      const fixed = [tf.fill(kernel.shape, 0.1), tf.fill(bias.shape, 0)];
      model.setWeights(fixed);
      tf.dispose(fixed);
      await train(1, {});
      const before = tf.memory().numTensors;
      await train(3, watched ? metricsCallback({ evaluator, generated, metrics: ['fid'] }) : {});
      expect(tf.memory().numTensors).toBe(before);
      weights.push(await model.getWeights()[0].data());
    }
    expect(weights[1]).toEqual(weights[0]);
  });

  it('resumes a history: steps from the checkpoint on are made anew', async () => {
    const file = path.join(folder, 'scores.jsonl');
    for (const epochs of [4, 2]) {
      const { train, generated } = decoder();
      const monitor = new TrainingMonitor({ file });
      await train(epochs, metricsCallback({ evaluator, generated, metrics: ['fid'], monitor }));
    }
    expect(new TrainingMonitor({ file }).records.map(({ step }) => step)).toEqual([1, 2]);
  });

  it('warns of a failed evaluation and trains on, or ends training where that is wanted', async () => {
    const { train } = decoder();
    const generated = {
      images: (n: number) => tf.fill([n, 8, 8, 3], 5) as tf.Tensor4D,
      samples: 20,
      range: [-1, 1],
    } as const;
    const warnings: string[] = [];
    const lenient = metricsCallback({
      evaluator,
      generated,
      metrics: ['fid'],
      onWarning: (message) => warnings.push(message),
    });
    const { history } = await train(2, lenient);
    expect(history.loss).toHaveLength(2);
    expect(warnings).toEqual([
      expect.stringMatching(/^Epoch 1 .*found 5 to 5/),
      expect.stringContaining('Epoch 2'),
    ]);
    const strict = metricsCallback({ evaluator, generated, metrics: ['fid'], onError: 'throw' });
    await expect(train(2, strict)).rejects.toMatchObject({ code: 'VALUES_OUT_OF_RANGE' });
  });

  it('tells the monitor of a model that makes NaN: it has diverged', async () => {
    const { train } = decoder();
    const images = (n: number) => tf.fill([n, 8, 8, 3], Number.NaN) as tf.Tensor4D;
    const monitor = new TrainingMonitor();
    const generated = { images, samples: 20, range: [-1, 1] } as const;
    const callback = metricsCallback({
      evaluator,
      generated,
      metrics: ['fid'],
      monitor,
      onWarning: () => {},
    });
    const { history } = await train(1, callback);
    expect(monitor.divergence('fid').diverged).toBe(true);
    expect(history.fid).toBeUndefined();
  });

  it('stops with its signal, whatever becomes of failures', async () => {
    const { train, generated } = decoder();
    const callback = metricsCallback({ evaluator, generated, metrics: ['fid'], signal: AbortSignal.abort() });
    await expect(train(2, callback)).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it.each([
    ['every', { every: 0 }],
    ['onError', { onError: 'ignore' as 'warn' }],
  ])('refuses a wrong %s by name', (name, options) => {
    const { generated } = decoder();
    expect(() => metricsCallback({ evaluator, generated, metrics: ['fid'], ...options })).toThrow(
      `for ${name}`,
    );
  });
});
