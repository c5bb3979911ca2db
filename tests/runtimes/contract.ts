import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphModel } from '../../src/models/model';
import type { Device, Network, Runtime, RuntimeName } from '../../src/runtimes/runtime';
import { listRuntimes, selectRuntime } from '../../src/runtimes/select';
import { onPlainTfjs } from './plain-tfjs';
import { randomValues } from './random-tensors';
import { PIXELS, residualNetwork } from './small-networks';

const COUNT = 16;
const OUTPUTS = ['features', 'logits', 'map'];

/**
 * What holds for every runtime; one that is missing here is skipped, with the reason.
 *
 * @param options  sameBits: the size of a batch moves no bit, where others may move the last ones;
 *   missing: why a device cannot be used, beyond what `listRuntimes` can know
 */
export function testRuntime(
  name: RuntimeName,
  device: Device,
  { sameBits, missing }: { sameBits: boolean; missing?: string | undefined },
): void {
  const info = listRuntimes().find((each) => each.name === name)!;
  const reason = info.devices.includes(device) ? missing : (info.reason ?? `it has no ${device}`);

  describe.skipIf(reason)(`${name} on ${device}${reason ? ` (${reason})` : ''}`, () => {
    const model = residualNetwork();
    const batch = randomValues(COUNT * PIXELS, 99);
    let runtime: Runtime;
    let network: Network;
    let whole: Record<string, Float32Array>;
    beforeAll(async () => {
      ({ runtime } = await selectRuntime({ runtime: name, device }));
      network = await runtime.open(model, OUTPUTS);
      whole = await network.run(batch, COUNT);
    });
    afterAll(() => network.dispose());

    test('says who it is', () => {
      expect(runtime).toMatchObject({ name, device, engine: expect.stringMatching(/ \d+\.\d+\.\d+/) });
    });

    test('gives the outputs asked for, each of its size', () => {
      const sizes = Object.fromEntries(
        Object.entries(whole).map(([output, { length }]) => [output, length / COUNT]),
      );
      expect(sizes).toEqual({ features: 40, logits: 10, map: 5 * 6 * 24 });
    });

    // Single precision keeps 6e-8 per operation; sums of some hundred products and six layers make it 1e-6.
    test.each(OUTPUTS)('gives the %s that tfjs gives in plain JavaScript', (output) => {
      const expected = onPlainTfjs(model, { node: model.outputs[output].node, batch, count: COUNT }).values;
      expect(relativeDifference(whole[output], expected)).toBeLessThan(1e-5);
    });

    // Single precision keeps 6e-8; an engine that sums in another order for another batch moves little more.
    const tolerance = sameBits ? 0 : 1e-6;
    const law = sameBits ? 'the same bits' : 'the same values to 1e-6';
    test.each([1, 2, 7])(`gives ${law} in batches of %i as in one of 16`, async (size) => {
      for (let start = 0; start < COUNT; start += size) {
        const count = Math.min(size, COUNT - start);
        const part = await network.run(batch.subarray(start * PIXELS, (start + count) * PIXELS), count);
        for (const output of OUTPUTS) {
          const values = model.outputs[output].size;
          const expected = whole[output].subarray(start * values, (start + count) * values);
          expect(relativeDifference(part[output], expected)).toBeLessThanOrEqual(tolerance);
        }
      }
    });

    test('takes memory shared between threads and leaves its input as it was', async () => {
      const shared = new Float32Array(new SharedArrayBuffer(batch.byteLength));
      shared.set(batch);
      expect(await network.run(shared, COUNT)).toEqual(whole);
      expect(shared).toEqual(batch);
    });

    test('runs weights that lie in memory shared between threads', async () => {
      const weightData = new SharedArrayBuffer(model.graph.weightData.byteLength);
      new Uint8Array(weightData).set(new Uint8Array(model.graph.weightData));
      const shared = { ...model, graph: { ...model.graph, weightData } };
      expect(await runOnce(runtime, shared, { outputs: OUTPUTS, batch })).toEqual(whole);
    });

    test('keeps results of earlier runs', async () => {
      const first = await network.run(batch, COUNT);
      await network.run(randomValues(COUNT * PIXELS, 5), COUNT);
      expect(first).toEqual(whole);
    });

    test('gives one node under two names', async () => {
      const twice = { ...model, outputs: { ...model.outputs, again: model.outputs.logits } };
      const { logits, again } = await runOnce(runtime, twice, { outputs: ['logits', 'again'], batch });
      expect(again).toEqual(logits);
    });

    test('widens half-precision weights exactly', async () => {
      const halves = residualNetwork({ storage: 'float16' });
      const { features } = await runOnce(runtime, halves, { outputs: ['features'], batch });
      const expected = onPlainTfjs(halves, { node: 'features', batch, count: COUNT }).values;
      expect(relativeDifference(features, expected)).toBeLessThan(1e-5);
      expect(relativeDifference(features, whole.features)).toBeGreaterThan(1e-5);
    });

    test('runs no more once disposed, and is disposed twice without harm', async () => {
      const other = await runtime.open(model, ['features']);
      await other.dispose();
      await other.dispose();
      await expect(other.run(batch, COUNT)).rejects.toMatchObject({ code: 'RUNTIME_FAILED' });
      expect(await network.run(batch, COUNT)).toEqual(whole);
    });

    test('refuses a batch that does not fit its count', async () => {
      await expect(network.run(batch, COUNT - 1)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
      await expect(network.run(new Float32Array(0), 0)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });

    test('refuses an output that the model does not have', async () => {
      const refusal = { code: 'INVALID_OPTION', message: expect.stringContaining('features, logits, map') };
      await expect(runtime.open(model, ['scores'])).rejects.toMatchObject(refusal);
      await expect(runtime.open(model, [])).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    });

    test('refuses an output of another size than the model says', async () => {
      const wrong = { ...model, outputs: { features: { node: 'features', size: 39 } } };
      await expect(runOnce(runtime, wrong, { outputs: ['features'], batch })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
      });
    });
  });
}

async function runOnce(
  runtime: Runtime,
  model: GraphModel,
  { outputs, batch }: { outputs: readonly string[]; batch: Float32Array },
): Promise<Record<string, Float32Array>> {
  const network = await runtime.open(model, outputs);
  try {
    return await network.run(batch, COUNT);
  } finally {
    await network.dispose();
  }
}

/** Largest difference, relative to the largest value. */
export function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length);
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
  }
  return difference / largest;
}
