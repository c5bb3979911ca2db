import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeStatistics } from '../src/compute-statistics';
import { evaluate } from '../src/evaluate';
import { Evaluator } from '../src/evaluator';
import type { Progress } from '../src/extraction/options';
import { findImages } from '../src/images/find-images';
import type { ImageTensor } from '../src/images/image-source';
import { readImage } from '../src/images/read-image';
import { createRandom } from '../src/math/random';
import { writeStatistics } from '../src/statistics/write-statistics';
import { projectFile } from './reference';

const model = 'cifar10-resnet';
const options = { model, workers: 1, metricOptions: { kid: { shrinkSubsets: true } } } as const;
const some = async (folder: string, n: number) =>
  (await findImages(projectFile('fixtures', folder))).slice(0, n).map((file) => file.path);

let folder: string;
let real: string[];
let generated: string[];
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-evaluator-'));
  [real, generated] = [await some('real', 40), await some('fake', 40)];
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Smooth noise in [−1, 1], other for every seed. */
function noise(n: number, seed: number): tf.Tensor4D {
  const random = createRandom(seed);
  const values = Float32Array.from({ length: n * 32 * 32 * 3 }, () => Math.tanh(random.normal()));
  return tf.tensor4d(values, [n, 32, 32, 3]);
}

describe('an evaluator', () => {
  it('gives what evaluate gives, the first time and later, in any order of metrics', async () => {
    const evaluator = new Evaluator({ reference: real, ...options, confidence: 0.9 });
    for (const metrics of [['fid'], ['fid', 'kid', 'is'], ['is'], ['prdc', 'fid']] as const) {
      const held = await evaluator.evaluate(generated, metrics);
      expect(held).toEqual(await evaluate({ real, generated, metrics }, { ...options, confidence: 0.9 }));
    }
    await evaluator.dispose();
  });

  it('goes through the reference once for all evaluations that need no more of it', async () => {
    const seen: string[] = [];
    const onProgress = ({ stage, source, done }: Progress) => {
      if (stage === 'extract' && done === 0) seen.push(source);
    };
    const evaluator = new Evaluator({ reference: real, ...options });
    await evaluator.evaluate(generated, ['kid', 'fid'], { onProgress });
    await evaluator.evaluate(generated, ['fid'], { onProgress });
    await evaluator.evaluate(generated, ['kid'], { onProgress });
    expect(seen).toEqual(['real', 'generated', 'generated', 'generated']);
    await evaluator.dispose();
  });

  it('takes a file of statistics as its reference', async () => {
    const file = path.join(folder, 'real.npz');
    await writeStatistics(file, (await computeStatistics(real, options)).statistics);
    const evaluator = new Evaluator({ reference: file, ...options });
    for (let i = 0; i < 2; i++) {
      const held = await evaluator.evaluate(generated, ['fid']);
      expect(held).toEqual(await evaluate({ real: file, generated, metrics: ['fid'] }, options));
    }
    await evaluator.dispose();
  });

  it('evaluates a file of features beside a reference that it has gone through', async () => {
    const file = path.join(folder, 'generated.npz');
    const { statistics, features } = await computeStatistics(generated, { ...options, features: true });
    await writeStatistics(file, statistics, { features });
    const evaluator = new Evaluator({ reference: real, ...options });
    const ofImages = await evaluator.evaluate(generated, ['fid', 'kid']);
    const ofFile = await evaluator.evaluate(file, ['fid', 'kid']);
    expect(ofFile.metrics).toEqual(ofImages.metrics);
    expect(ofFile.model).toEqual(ofImages.model);
    await evaluator.dispose();
  });

  it('evaluates tensors as they would be as PNG files', async () => {
    const images = [];
    for (const file of await findImages(generated)) images.push(await readImage(file));
    const evaluator = new Evaluator({ reference: real, ...options });
    const tensors = images.map(({ data, width, height }) =>
      tf.tensor3d(
        Float32Array.from(data, (byte) => byte / 127.5 - 1),
        [height, width, 3],
      ),
    );
    const ofTensors = await evaluator.evaluate({ images: tensors as ImageTensor[], range: [-1, 1] }, [
      'fid',
      'kid',
    ]);
    const ofFiles = await evaluator.evaluate(generated, ['fid', 'kid']);
    expect(ofTensors.metrics).toEqual(ofFiles.metrics);
    tf.dispose(tensors);
    await evaluator.dispose();
  });

  it('makes what a generator function makes independent of the size of batches', async () => {
    const values = [];
    for (const batchSize of [3, 16]) {
      const evaluator = new Evaluator({ reference: real, ...options, batchSize });
      let calls = 0;
      const images = (n: number) => noise(n, ++calls);
      const { metrics } = await evaluator.evaluate({ images, samples: 30, perCall: 8, range: [-1, 1] }, [
        'kid',
      ]);
      values.push(metrics.kid?.value);
      await evaluator.dispose();
    }
    expect(values[0]).toBe(values[1]);
  });

  it('keeps no memory and no tensor over fifty evaluations', { timeout: 180_000 }, async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = async () => {
      // What a first collection finalizes, a second one frees.
      for (let i = 0; i < 2; i++) {
        collect();
        await setTimeout(20);
      }
      const { heapUsed, arrayBuffers, external } = process.memoryUsage();
      return heapUsed + arrayBuffers + external;
    };
    const evaluator = new Evaluator({ reference: real, ...options });
    const tensors = tf.memory().numTensors;
    const source = { images: (n: number) => noise(n, 1), samples: 20, range: [-1, 1] } as const;
    const step = () => evaluator.evaluate(source, ['fid', 'kid', 'is']);
    for (let i = 0; i < 10; i++) await step();
    const before = await used();
    for (let i = 0; i < 40; i++) await step();
    expect((await used()) - before).toBeLessThan(2 ** 22);
    expect(tf.memory().numTensors).toBe(tensors);
    await evaluator.dispose();
  });

  it('lets the event loop turn while it works', async () => {
    const evaluator = new Evaluator({ reference: real, ...options });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await evaluator.evaluate(generated, ['fid']);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
    await evaluator.dispose();
  });

  it('stops on its signal, and evaluates as before after that', async () => {
    const evaluator = new Evaluator({ reference: real, ...options, batchSize: 2 });
    const before = await evaluator.evaluate(generated, ['fid']);
    const controller = new AbortController();
    let finished = false;
    const images = async function* () {
      try {
        for (let i = 0; ; i++) {
          if (i === 10) controller.abort();
          const image = noise(1, i);
          yield image;
          image.dispose();
        }
      } finally {
        finished = true;
      }
    };
    const tensors = tf.memory().numTensors;
    const stopped = evaluator.evaluate({ images: images(), range: [-1, 1] }, ['fid'], {
      signal: controller.signal,
    });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(finished).toBe(true);
    expect(tf.memory().numTensors - tensors).toBeLessThanOrEqual(1);
    expect(await evaluator.evaluate(generated, ['fid'])).toEqual(before);
    await evaluator.dispose();
  });

  it('passes on what a generator function throws, and evaluates as before after that', async () => {
    const evaluator = new Evaluator({ reference: real, ...options });
    const before = await evaluator.evaluate(generated, ['fid']);
    const tensors = tf.memory().numTensors;
    let calls = 0;
    const images = (n: number) => {
      if (++calls === 3) throw new Error('out of ideas');
      return noise(n, calls);
    };
    const failed = evaluator.evaluate({ images, samples: 40, perCall: 8, range: [-1, 1] }, ['fid']);
    await expect(failed).rejects.toThrow('out of ideas');
    expect(tf.memory().numTensors).toBe(tensors);
    expect(await evaluator.evaluate(generated, ['fid'])).toEqual(before);
    await evaluator.dispose();
  });

  it('lets evaluations that overlap wait for each other', async () => {
    const evaluator = new Evaluator({ reference: real, ...options });
    const both = await Promise.all([
      evaluator.evaluate(generated, ['fid']),
      evaluator.evaluate(real, ['fid']),
      evaluator.dispose(),
    ]);
    expect(both[0].metrics.fid?.value).toBeGreaterThan(0.1);
    expect(Math.abs(both[1].metrics.fid?.value ?? 1)).toBeLessThan(1e-9);
  });

  it('refuses to evaluate after it was disposed of', async () => {
    const evaluator = new Evaluator({ reference: real, ...options });
    await evaluator.dispose();
    await expect(evaluator.evaluate(generated, ['fid'])).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});
