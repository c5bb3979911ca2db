import * as core from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { attribute } from '../../src/models/attributes';
import { graphBuilder } from '../../src/models/graph-builder';
import type { GraphModel, ModelInput, UnmeasuredModel } from '../../src/models/model';
import type { Device, Network, Runtime, RuntimeName } from '../../src/runtimes/runtime';
import { selectRuntime } from '../../src/runtimes/select';
import type { TfTensor } from '../../src/runtimes/tf-namespace';
import { relativeDifference } from './contract';
import { randomTensor, randomValues } from './random-tensors';
import { PIXELS, residualNetwork } from './small-networks';

const COUNT = 5;
const OUTPUTS = ['features', 'logits', 'map'];

/**
 * What holds for tensors on every runtime of tfjs. All copies of tfjs in a process share one engine, so that ours
 * makes and counts the tensors of any.
 *
 * @param missing  why it is not here
 */
export function testTensors(name: RuntimeName, device: Device, missing?: string | undefined): void {
  describe.skipIf(missing)(`tensors with ${name} on ${device}${missing ? ` (${missing})` : ''}`, () => {
    const model = residualNetwork();
    const values = randomValues(COUNT * PIXELS, 99);
    let runtime: Runtime;
    let network: Required<Network>;
    let batch: core.Tensor;
    beforeAll(async () => {
      ({ runtime } = await selectRuntime({ runtime: name, device }));
      network = await open(model, OUTPUTS);
      batch = images(values, [COUNT, 19, 23, 3]);
    });
    afterAll(async () => {
      batch.dispose();
      await network.dispose();
    });

    async function open(model: UnmeasuredModel, outputs: readonly string[]): Promise<Required<Network>> {
      return (await runtime.open(model, outputs)) as Required<Network>;
    }

    test('give what values give, a row an image', async () => {
      const expected = await network.run(values, COUNT);
      const tensors = network.runTensors(batch);
      for (const output of OUTPUTS) {
        const { size } = model.outputs[output];
        expect(tensors[output].shape).toEqual([COUNT, size]);
        expect(await read(tensors[output])).toEqual(expected[output]);
      }
      dispose(tensors);
    });

    test('are not read from the backend: nothing is but the axes that the graph names', () => {
      // The first run brings over what is on another backend.
      dispose(network.runTensors(batch));
      const backend = core.engine().backend as unknown as Reading;
      const read = vi.spyOn(backend, 'read');
      const readSync = vi.spyOn(backend, 'readSync');
      dispose(network.runTensors(batch));
      expect(read).not.toHaveBeenCalled();
      expect(readSync.mock.results.map(({ value }) => [...value])).toEqual([[3], [1, 2]]);
      read.mockRestore();
      readSync.mockRestore();
    });

    test('that come out are the caller’s, one by one, and nothing else is left', async () => {
      const before = core.memory().numTensors;
      const tensors = network.runTensors(batch);
      expect(core.memory().numTensors).toBe(before + OUTPUTS.length);
      tensors.features.dispose();
      expect(await read(tensors.map)).toHaveLength(COUNT * 5 * 6 * 24);
      dispose(tensors);
      expect(core.memory().numTensors).toBe(before);
      expect(await read(batch)).toEqual(values);
    });

    test('go with the tidy that they are made in', () => {
      const before = core.memory().numTensors;
      core.tidy(() => void network.runTensors(batch));
      expect(core.memory().numTensors).toBe(before);
    });

    test('of one node under two names are two', async () => {
      const twice = { ...model, outputs: { ...model.outputs, again: model.outputs.logits } };
      const other = await open(twice, ['logits', 'again']);
      const { logits, again } = other.runTensors(batch);
      const expected = await read(logits);
      logits.dispose();
      expect(await read(again)).toEqual(expected);
      again.dispose();
      await other.dispose();
    });

    test.each([
      ['of another size', [COUNT, 23, 19, 3], 'float32', 'SHAPE_MISMATCH'],
      ['of one image alone', [19, 23, 3], 'float32', 'SHAPE_MISMATCH'],
      ['of none', [0, 19, 23, 3], 'float32', 'SHAPE_MISMATCH'],
      ['of whole numbers', [1, 19, 23, 3], 'int32', 'INVALID_OPTION'],
    ] as const)('%s are refused', (_, shape, dtype, code) => {
      const wrong = core.zeros([...shape], dtype);
      const before = core.memory().numTensors;
      expect(() => network.runTensors(wrong)).toThrow(expect.objectContaining({ code }));
      expect(core.memory().numTensors).toBe(before);
      wrong.dispose();
    });

    test('leave nothing behind where a run fails, half way or at an output of another size', async () => {
      const nodes = model.graph.nodes.map((node) =>
        node.name === 'logits' ? { ...node, op: 'Unheard' } : node,
      );
      const broken = await open({ ...model, graph: { ...model.graph, nodes } }, ['features', 'logits']);
      const sizes = { ...model.outputs, logits: { node: 'logits', size: 9 } };
      const wrong = await open({ ...model, outputs: sizes }, ['features', 'logits']);
      const before = core.memory().numTensors;
      const failed = { code: 'RUNTIME_FAILED', message: expect.stringContaining('Unheard') };
      expect(() => broken.runTensors(batch)).toThrow(expect.objectContaining(failed));
      expect(() => wrong.runTensors(batch)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
      expect(core.memory().numTensors).toBe(before);
      await broken.dispose();
      await wrong.dispose();
    });

    test('are refused by a network that was disposed, and where they were disposed', async () => {
      const other = await open(model, ['features']);
      await other.dispose();
      const gone = images(values, [COUNT, 19, 23, 3]);
      gone.dispose();
      const failed = expect.objectContaining({ code: 'RUNTIME_FAILED' });
      expect(() => other.runTensors(batch)).toThrow(failed);
      expect(() => network.runTensors(gone)).toThrow(failed);
    });

    test('leave the backend the current one that was', async () => {
      const before = core.getBackend();
      await core.setBackend('cpu');
      const own = images(values, [COUNT, 19, 23, 3]);
      const tensors = network.runTensors(own);
      expect(core.getBackend()).toBe('cpu');
      const expected = await network.run(values, COUNT);
      expect(await read(tensors.logits)).toEqual(expected.logits);
      dispose({ ...tensors, own });
      await core.setBackend(before);
    });

    // Means are summed in double precision in memory and in single on a backend: 6e-8 a step.
    test.each([
      ['mean', 'map'],
      ['mean', 'tokens'],
      ['cls', 'tokens'],
    ] as const)('take the %s of a %s as values do', async (pool, node) => {
      const output = { node, pool, size: 5 };
      await expectSame({ ...pooledNetwork(), outputs: { features: output } });
    });

    test.each([1, 2, 4])(
      'go through a network of batches of %i, channels first, as values do',
      async (size) => {
        await expectSame(pooledNetwork({ layout: 'nchw', batch: size }));
      },
    );

    async function expectSame(pooled: UnmeasuredModel): Promise<void> {
      const other = await open(pooled, ['features']);
      const small = randomValues(COUNT * 8 * 8 * 3, 4);
      const input = images(small, [COUNT, 8, 8, 3]);
      const before = core.memory().numTensors;
      const tensors = other.runTensors(input);
      expect(core.memory().numTensors).toBe(before + 1);
      const { features } = await other.run(small, COUNT);
      expect(tensors.features.shape).toEqual([COUNT, 5]);
      expect(relativeDifference(await read(tensors.features), features)).toBeLessThan(1e-6);
      dispose({ ...tensors, input });
      await other.dispose();
    }
  });
}

interface Reading {
  read(id: object): Promise<unknown>;
  readSync(id: object): ArrayLike<number> & Iterable<number>;
}

function images(values: Float32Array, shape: [number, number, number, number]): core.Tensor {
  // A copy: tfjs keeps the array it is given.
  return core.tensor4d(values.slice(), shape);
}

async function read(tensor: TfTensor): Promise<Float32Array> {
  return (await tensor.data()) as Float32Array;
}

function dispose(tensors: Record<string, TfTensor>): void {
  for (const tensor of Object.values(tensors)) tensor.dispose();
}

/** A network of a map, its tokens and their mean, which may fix its batch and take channels first. */
function pooledNetwork(form: Pick<ModelInput, 'layout' | 'batch'> = {}): GraphModel {
  const builder = graphBuilder();
  const first = form.layout === 'nchw';
  const images = builder.input('images', { height: 8, width: 8 });
  const order = builder.constant('order', { shape: [4], data: Int32Array.of(0, 2, 3, 1) });
  const turned = first ? builder.node('turned', 'Transpose', [images, order]) : images;
  const map = builder.conv2d('map', turned, { kernel: randomTensor([3, 3, 3, 5], 1), padding: 'same' });
  const shape = builder.constant('shape', { shape: [3], data: Int32Array.of(-1, 64, 5) });
  builder.node('tokens', 'Reshape', [map, shape]);
  builder.mean('pooled', map);
  const graph = builder.build();
  const nodes = graph.nodes.map((node) =>
    first && node.name === 'images'
      ? { ...node, attr: { ...node.attr, shape: attribute.shape([form.batch ?? -1, 3, 8, 8]) } }
      : node,
  );
  return {
    id: 'pooled',
    sha256: '0'.repeat(64),
    graph: { ...graph, nodes },
    input: { node: 'images', width: 8, height: 8, ...form },
    preprocessing: 'clean',
    outputs: { features: { node: 'pooled', size: 5 } },
  };
}
