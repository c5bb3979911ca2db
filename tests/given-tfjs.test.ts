import * as converter from '@tensorflow/tfjs-converter';
import * as core from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { computeFID, loadModel } from '../src/index';
import { findPackage } from '../src/runtimes/packages';
import { projectFile } from './reference';
import { randomValues } from './runtimes/random-tensors';
import { tfjsWasm } from './runtimes/tfjs-wasm';

const tf = { ...core, ...converter };
const model = 'cifar10-resnet';
const REAL = projectFile('fixtures', 'real');
const FAKE = projectFile('fixtures', 'fake');

beforeAll(async () => {
  await tfjsWasm();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a tfjs of the caller’s', () => {
  test('runs an evaluation, to the bits of our own on the same backend', async () => {
    const load = vi.spyOn(tf, 'loadGraphModelSync');
    const given = await computeFID(REAL, FAKE, { model, tf, limit: 40 });
    expect(load).toHaveBeenCalledTimes(1);
    const { value } = await computeFID(REAL, FAKE, { model, runtime: 'tfjs', limit: 40 });
    expect(given.value).toBe(value);
    const engine = `tfjs ${core.version_core} wasm`;
    expect(given.runtime).toEqual({ name: 'tfjs', device: 'cpu', engine });
    expect(core.memory().numTensors).toBe(0);
  });

  test('runs a model on values and on tensors of its own type', async () => {
    const values = randomValues(2 * 32 * 32 * 3, 1);
    const batch = core.tensor4d(values.slice(), [2, 32, 32, 3]);
    const { run, runTensors, dispose, runtime } = await loadModel(model, { tf, outputs: ['features'] });
    expect(runtime.engine).toMatch(/wasm$/);
    const { features }: Record<string, core.Tensor> = runTensors!(batch);
    expect(features.shape).toEqual([2, 192]);
    expect(await features.data()).toEqual((await run(values, 2)).features);
    core.dispose([batch, features]);
    await dispose();
    expect(core.memory().numTensors).toBe(0);
  });

  test('is refused beside a runtime that is not tfjs', async () => {
    const refused = { code: 'INVALID_OPTION', message: expect.stringContaining('as tf is given') };
    await expect(loadModel(model, { tf, runtime: 'onnxruntime' })).rejects.toMatchObject(refused);
    await expect(computeFID(REAL, FAKE, { model, tf, runtime: 'onnxruntime' })).rejects.toMatchObject(
      refused,
    );
  });
});

test('a model that tfjs runs takes tensors also where no tf is given', async () => {
  const { runTensors, dispose } = await loadModel<core.Tensor>(model, { runtime: 'tfjs' });
  const outputs = core.tidy(() => runTensors!(core.zeros([1, 32, 32, 3])));
  expect(outputs.logits.shape).toEqual([1, 10]);
  core.dispose(outputs);
  await dispose();
});

test.skipIf(!findPackage('onnxruntime-node'))('a model that onnxruntime runs takes no tensors', async () => {
  const opened = await loadModel(model, { runtime: 'onnxruntime' });
  expect(opened).not.toHaveProperty('runTensors');
  await opened.dispose();
});
