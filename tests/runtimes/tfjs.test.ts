import * as converter from '@tensorflow/tfjs-converter';
import * as core from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { selectRuntime } from '../../src/runtimes/select';
import type { TfNamespace } from '../../src/runtimes/tf-namespace';
import { onPlainTfjs } from './plain-tfjs';
import { randomValues } from './random-tensors';
import { PIXELS, residualNetwork } from './small-networks';
import { tfjsWasm } from './tfjs-wasm';

// The namespace of a caller, as `import * as tf from '@tensorflow/tfjs'` gives it.
const tf: TfNamespace = { ...core, ...converter };
const model = residualNetwork();
const batch = randomValues(2 * PIXELS, 3);

beforeAll(async () => {
  await tfjsWasm();
});

describe('tfjs', () => {
  test('leaves no tensor behind, run by run and after dispose', async () => {
    const { runtime } = await selectRuntime({ runtime: 'tfjs' });
    const before = core.memory().numTensors;
    const network = await runtime.open(model, ['features', 'map']);
    await network.run(batch, 2);
    const open = core.memory().numTensors;
    for (let i = 0; i < 3; i++) await network.run(batch, 2);
    expect(core.memory().numTensors).toBe(open);
    await network.dispose();
    expect(core.memory().numTensors).toBe(before);
  });

  test('leaves no tensor behind where a run fails', async () => {
    const { runtime } = await selectRuntime({ runtime: 'tfjs' });
    const nodes = model.graph.nodes.map((node) =>
      node.name === 'logits' ? { ...node, op: 'Unheard' } : node,
    );
    const broken = { ...model, graph: { ...model.graph, nodes } };
    const network = await runtime.open(broken, ['logits']);
    const open = core.memory().numTensors;
    await expect(network.run(batch, 2)).rejects.toMatchObject({
      code: 'RUNTIME_FAILED',
      message: expect.stringContaining('Unheard'),
    });
    expect(core.memory().numTensors).toBe(open);
    await network.dispose();
  });
});

describe('a given tfjs', () => {
  test('runs on its current backend, in this thread', async () => {
    for (const backend of ['cpu', 'wasm']) {
      await core.setBackend(backend);
      const { runtime, notes } = await selectRuntime({ tf });
      expect(runtime).toMatchObject({ name: 'tfjs', device: 'cpu', threading: 'all' });
      expect(runtime.engine).toBe(`tfjs ${core.version_core} ${backend}`);
      expect(notes).toEqual([`Running on the given ${runtime.engine}.`]);
    }
  });

  test('computes what plain tfjs computes, bit for bit on the same backend', async () => {
    await core.setBackend('cpu');
    const { runtime } = await selectRuntime({ tf });
    const network = await runtime.open(model, ['logits']);
    const { logits } = await network.run(batch, 2);
    await network.dispose();
    expect(logits).toEqual(onPlainTfjs(model, { node: 'logits', batch, count: 2 }).values);
  });

  test('keeps its current backend while networks run on another', async () => {
    await core.setBackend('wasm');
    const { runtime } = await selectRuntime({ tf });
    const network = await runtime.open(model, ['features']);
    await core.setBackend('cpu');
    const running = network.run(batch, 2);
    expect(core.getBackend()).toBe('cpu');
    await running;
    expect(core.getBackend()).toBe('cpu');
    await network.dispose();
    expect(core.getBackend()).toBe('cpu');
  });

  test('keeps its current backend while ours is loaded', async () => {
    await core.setBackend('cpu');
    const { runtime } = await selectRuntime({ runtime: 'tfjs' });
    const network = await runtime.open(model, ['features']);
    await network.run(batch, 2);
    expect(core.getBackend()).toBe('cpu');
    await network.dispose();
  });

  test('takes the best of its backends for a device, and refuses one it has none for', async () => {
    await core.setBackend('cpu');
    expect((await selectRuntime({ tf, device: 'cpu' })).runtime.engine).toMatch(/cpu$/);
    for (const device of ['webgpu', 'cuda', 'gpu'] as const) {
      await expect(selectRuntime({ tf, device })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
    expect(core.getBackend()).toBe('cpu');
    await expect(selectRuntime({ tf, runtime: 'onnxruntime' })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});
