import * as core from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { computeFID, diagnose, Evaluator, extractFeatures, loadModel } from '../../../src/index';
import { listRuntimes } from '../../../src/runtimes/select';
import { projectFile } from '../../reference';
import { relativeDifference } from '../contract';
import { randomValues } from '../random-tensors';
import { importTfjsNode, missing, type TfjsNode } from './installed';

const REAL = projectFile('fixtures', 'real');
const FAKE = projectFile('fixtures', 'fake');
const model = 'cifar10-resnet';
const STEP = 0.01;
const others = listRuntimes().filter(({ name, present }) => present && !name.startsWith('tfjs-node'));

// A tfjs-node that brings a tfjs of its own would warn of every kernel that ours has registered before.
core.enableProdMode();

describe.skipIf(missing)(`an evaluation on tfjs-node${missing ? ` (${missing})` : ''}`, () => {
  let tf: TfjsNode;
  beforeAll(async () => {
    tf = await importTfjsNode();
  });

  test('is offered by the diagnosis', async () => {
    const { runtimes } = await diagnose();
    const found = runtimes.find(({ name }) => name === 'tfjs-node');
    expect(found).toMatchObject({ present: true, devices: ['cpu'], version: tf.version['tfjs-node'] });
  });

  // What docs/runtimes.md promises of any two runtimes.
  test.each(others)('has features within 1e-4 of those on $name', async ({ name }) => {
    const [ours, theirs] = await Promise.all([
      extractFeatures(REAL, { model, runtime: 'tfjs-node' }),
      extractFeatures(REAL, { model, runtime: name }),
    ]);
    expect(ours.runtime).toMatchObject({ name: 'tfjs-node', device: 'cpu' });
    expect(relativeDifference(ours.outputs.features.data, theirs.outputs.features.data)).toBeLessThan(1e-4);
  });

  // Errors of features are independent of each other, and average out in means and covariances.
  test.each(others)('has the FID of $name to 1e-6', async ({ name }) => {
    const ours = await computeFID(REAL, FAKE, { model, runtime: 'tfjs-node' });
    const theirs = await computeFID(REAL, FAKE, { model, runtime: name });
    expect(ours.runtime?.engine).toMatch(/^tfjs-node \d/);
    expect(Math.abs(ours.value / theirs.value - 1)).toBeLessThan(1e-6);
  });

  test('is the same with the caller’s tf, which loads no other', async () => {
    const [named, given] = [
      await computeFID(REAL, FAKE, { model, runtime: 'tfjs-node' }),
      await computeFID(REAL, FAKE, { model, tf }),
    ];
    const engine = `tfjs ${tf.version['tfjs-core']} tensorflow`;
    expect(given.runtime).toEqual({ name: 'tfjs', device: 'cpu', engine });
    expect(Math.abs(given.value / named.value - 1)).toBeLessThan(1e-6);
    expect(libraries()).toHaveLength(1);
  });

  test('between two epochs moves no weight, and leaves backend, engine and tensors as they were', async () => {
    const plain = await train(tf, async () => {});
    const engine = tf.engine();
    const before = { backend: tf.getBackend(), tensors: tf.memory().numTensors };
    const evaluated = await train(tf, async () => {
      const training = tf.memory().numTensors;
      await computeFID(REAL, FAKE, { model, runtime: 'tfjs-node', limit: 32 });
      const evaluator = new Evaluator({ reference: REAL, model, tf, limit: 32 });
      const images = (n: number) => tf.randomUniform([n, 32, 32, 3], 0, 1, 'float32', 1);
      const report = await evaluator.evaluate({ images, samples: 32, range: [0, 1] }, ['fid']);
      expect(report.runtime?.engine).toMatch(/tensorflow$/);
      await evaluator.dispose();
      expect(tf.memory().numTensors).toBe(training);
      expect(tf.getBackend()).toBe(before.backend);
    });
    expect(evaluated).toEqual(plain);
    expect(before.backend).toBe('tensorflow');
    expect({ backend: tf.getBackend(), tensors: tf.memory().numTensors }).toEqual(before);
    expect(tf.engine()).toBe(engine);
    expect(libraries()).toHaveLength(1);
  });

  test('can start from a generator’s output that has not left the backend', async () => {
    const { run, runTensors, dispose, input, outputs } = await loadModel(model, { tf });
    const { width, height } = input;
    const values = randomValues(4 * width * height * 3, 7);
    const batch = tf.tensor4d(values.slice(), [4, height, width, 3]);
    const { features } = runTensors!(batch);
    const mean = tf.tidy(() => tf.mean(features, 0));
    const expected = await run(values, 4);
    const { size } = outputs.features;
    const means = Float32Array.from({ length: size }, (_, j) =>
      [0, 1, 2, 3].reduce((sum, i) => sum + expected.features[i * size + j] / 4, 0),
    );
    expect(relativeDifference(mean.dataSync() as Float32Array, means)).toBeLessThan(1e-6);
    tf.dispose([batch, features, mean]);
    await dispose();
  });

  test('lets gradients through: a step along one raises the sum of the features by its length', async () => {
    const { runTensors, dispose } = await loadModel(model, { tf, outputs: ['features'] });
    const sum = (images: core.Tensor) => tf.sum(runTensors!(images).features) as core.Scalar;
    const x = tf.tensor4d(randomValues(32 * 32 * 3, 8), [1, 32, 32, 3]);
    const [length, rise] = tf.tidy(() => {
      const gradient = tf.grad(sum)(x);
      const [length] = tf.norm(gradient).dataSync();
      const step = tf.mul(gradient, STEP / length);
      const [above, below] = [tf.add(x, step), tf.sub(x, step)].map((at) => sum(at).dataSync()[0]);
      return [length, (above - below) / (2 * STEP)];
    });
    x.dispose();
    await dispose();
    // The step crosses kinks of activations: in this network they turn the slope by less than 0.4%.
    expect(Math.abs(rise / length - 1)).toBeLessThan(0.01);
  });

  test('runs the operations that call what Node 23 took out of node:util', () => {
    expect([...tf.tidy(() => tf.topk(tf.tensor1d([1, 3, 2]), 2).values.dataSync())]).toEqual([3, 2]);
  });
});

/** A few steps of a small classifier, from fixed weights. */
async function train(tf: TfjsNode, between: () => Promise<void>): Promise<number[]> {
  const network = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 8,
        activation: 'relu',
        inputShape: [6],
        kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
      }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }) }),
    ],
  });
  const optimizer = core.train.adam(0.01);
  network.compile({ optimizer, loss: 'meanSquaredError' });
  const x = tf.tensor2d(randomValues(32 * 6, 1), [32, 6]);
  const y = tf.tensor2d(randomValues(32, 2), [32, 1]);
  const epoch = () => network.fit(x, y, { epochs: 1, batchSize: 8, shuffle: false, verbose: 0 });
  await epoch();
  await between();
  await epoch();
  const weights = network.getWeights().flatMap((weight) => [...weight.dataSync()]);
  tf.dispose([x, y]);
  network.dispose();
  optimizer.dispose();
  return weights;
}

/** Copies of the TensorFlow library in this process. */
function libraries(): string[] {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  return sharedObjects.filter((file) => file.endsWith('tfjs_binding.node'));
}
