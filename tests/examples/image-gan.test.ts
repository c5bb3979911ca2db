import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imagesOf, readImages, SIZE, type TrainingImages } from '../../examples/image-gan/data';
import { openBackend, type Tfjs } from '../../examples/image-gan/open-backend';
import { sampleGrid } from '../../examples/image-gan/sample-grid';
import { type TrainOptions, train } from '../../examples/image-gan/train';
import { TrainingMonitor } from '../../src/index';
import { createRandom } from '../../src/math/random';
import { scoreOf } from '../../src/training/score-record';

let tfjs: Tfjs;
let root: string;
beforeAll(async () => {
  tfjs = await openBackend('wasm');
  root = mkdtempSync(path.join(tmpdir(), 'gan-metrics-image-gan-'));
});
afterAll(() => rmSync(root, { recursive: true }));

const options = (folder: string): TrainOptions => ({
  ...{ folder: path.join(root, folder), steps: 75, every: 15, samples: 64 },
  ...{ batch: 8, filters: 8, seed: 1, rate: 2e-3, workers: 1 },
});

/** Bright discs on black, of different places and sizes. */
function discs(count: number): TrainingImages {
  const random = createRandom(5);
  const pixels = new Uint8Array(count * SIZE * SIZE);
  for (let i = 0; i < count; i++) {
    const [x, y, radius] = [10 + random.integer(12), 10 + random.integer(12), 4 + random.integer(5)];
    for (let k = 0; k < SIZE * SIZE; k++) {
      const inside = Math.hypot((k % SIZE) - x, Math.floor(k / SIZE) - y) < radius;
      pixels[i * SIZE * SIZE + k] = inside ? 255 : 0;
    }
  }
  return { name: 'discs', count, channels: 1, pixels };
}

/** What training made of the discs, by the first test. */
let whole: TrainingMonitor;

const fidOf = (monitor: TrainingMonitor) => monitor.records.map((record) => scoreOf(record, 'fid')!);

describe('the image GAN', () => {
  it('gets nearer to its images by more than the intervals, keeps its history and no tensor', async () => {
    const before = tf.memory().numTensors;
    const { game, monitor, step } = await train(tfjs, discs(96), options('whole'));
    whole = monitor;
    const [first, ...later] = fidOf(monitor);
    expect(step).toBe(75);
    expect(later.at(-1)!.high).toBeLessThan(first.low!);
    const kept = new TrainingMonitor({ file: path.join(root, 'whole', 'scores.jsonl') }).records;
    expect(kept).toEqual(monitor.records);
    expect(kept.map((record) => [record.step, record.n])).toEqual(
      [0, 15, 30, 45, 60, 75].map((step) => [step, 64]),
    );
    for (const { kid, accuracy, discriminatorLoss, seconds } of kept.slice(1)) {
      expect(kid).toMatchObject({ value: expect.any(Number), low: expect.any(Number) });
      expect(accuracy).toBeGreaterThanOrEqual(0);
      expect(discriminatorLoss).toBeGreaterThan(0);
      expect(seconds).toBeGreaterThan(0);
    }
    const grid = await sharp(await sampleGrid(game, { rows: 2, columns: 3, seed: 1 })).stats();
    expect(grid.channels[0].stdev).toBeGreaterThan(1);
    game.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
  it('makes the same scores again, and goes on after a stop from its checkpoint', async () => {
    const controller = new AbortController();
    const stopped = await train(tfjs, discs(96), {
      ...options('stopped'),
      signal: controller.signal,
      onRecord: ({ step }) => step === 15 && controller.abort(),
    });
    stopped.game.dispose();
    expect(stopped.step).toBe(15);
    expect(fidOf(stopped.monitor)).toEqual(fidOf(whole).slice(0, 2));

    const resumed = await train(tfjs, discs(96), { ...options('stopped'), steps: 30 });
    resumed.game.dispose();
    const [, at15, at30] = fidOf(resumed.monitor);
    expect(resumed.monitor.records.map(({ step }) => step)).toEqual([0, 15, 30]);
    expect(at15).toEqual(fidOf(whole)[1]);
    // tfjs restores the powers of Adam's β by another rounding.
    expect(Math.abs(at30.value - fidOf(whole)[2].value)).toBeLessThan(0.01 * at30.value);
  });

  it('keeps the loss of all weights as a finding', async () => {
    const { game, monitor } = await train(tfjs, discs(32), {
      ...options('lost'),
      steps: 2,
      every: 2,
      rate: 1e30,
    });
    game.dispose();
    expect(fidOf(monitor)[1].value).toBeNaN();
    expect(monitor.verdict().findings).toContainEqual(expect.stringMatching(/^fid .*NaN/));
  });

  it('reads a folder of images, each as it will be compared', async () => {
    const images = await readImages();
    expect(images).toMatchObject({ count: 160, channels: 3 });
    expect(images.pixels).toHaveLength(160 * SIZE * SIZE * 3);
    expect(imagesOf(images)[7].data).toEqual(images.pixels.slice(7 * SIZE ** 2 * 3, 8 * SIZE ** 2 * 3));
  });

  it.each([
    [9, 4, 2, 'same'],
    [8, 4, 2, 'same'],
    [9, 3, 1, 'same'],
    [8, 5, 2, 'same'],
    [10, 3, 2, 'valid'],
    [7, 3, 3, 'valid'],
    [8, 3, 3, 'valid'],
  ] as const)(
    'has on wasm the gradients of cpu: images of %i, filter %i, stride %i, padding %s',
    async (size, filter, stride, pad) => {
      const gradients = async () => {
        const image = tf.randomNormal<tf.Rank.R4>([2, size, size, 3], 0, 1, 'float32', 1);
        const kernel = tf.randomNormal<tf.Rank.R4>([filter, filter, 3, 4], 0, 1, 'float32', 2);
        const made = tf.grads((x, w) =>
          tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad))),
        )([image, kernel]);
        return Promise.all(made.map((gradient) => gradient.data()));
      };
      const onWasm = await gradients();
      await tf.setBackend('cpu');
      const onCpu = await gradients();
      await tf.setBackend('wasm');
      // Sums of up to 700 float32.
      for (const [i, values] of onWasm.entries()) {
        values.forEach((value, k) => {
          expect(Math.abs(value - onCpu[i][k])).toBeLessThan(1e-4 * (1 + Math.abs(onCpu[i][k])));
        });
      }
    },
  );
});
