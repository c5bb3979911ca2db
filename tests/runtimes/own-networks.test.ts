import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { attribute } from '../../src/models/attributes';
import { findModel } from '../../src/models/find-model';
import type { GraphNode, UnmeasuredModel } from '../../src/models/model';
import type { ModelInfo, OutputInfo } from '../../src/models/own/model-info';
import { measureOutputs } from '../../src/runtimes/measure-outputs';
import { encodeModel } from '../../src/runtimes/onnx/model-proto';
import { encode, integer, message, text } from '../../src/runtimes/onnx/protobuf';
import * as packages from '../../src/runtimes/packages';
import type { RuntimeName } from '../../src/runtimes/runtime';
import { selectRuntime } from '../../src/runtimes/select';
import { smallGraph, smallOnnx, writeGraph, writeOnnx } from '../models/own/small-files';
import { projectFile } from '../reference';
import { relativeDifference } from './contract';
import { onPlainTfjs } from './plain-tfjs';
import { randomTensor, randomValues } from './random-tensors';

const { findPackage } = packages;
const hasOnnxruntime = findPackage('onnxruntime-node') !== undefined;
const COUNT = 3;
const batch = randomValues(COUNT * 8 * 8 * 3, 3);
const UNIT = { range: [0, 1] } as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gan-metrics-own-'));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

/** Values of the small network's nodes, by tfjs in plain JavaScript. */
function expected(node: 'map' | 'pooled' | 'scores'): Float32Array {
  const input = { node: 'images', width: 8, height: 8 };
  return onPlainTfjs({ graph: smallGraph(), input }, { node, batch, count: COUNT }).values;
}

async function run(model: UnmeasuredModel, runtime: RuntimeName): Promise<Record<string, Float32Array>> {
  const outputs = Object.keys(model.outputs);
  const selected = await selectRuntime({ runtime, model, outputs });
  const network = await selected.runtime.open(model, outputs);
  try {
    return await network.run(batch, COUNT);
  } finally {
    await network.dispose();
  }
}

async function onnx(
  name: string,
  graph: Parameters<typeof smallOnnx>[0],
  outputs: ModelInfo['outputs'],
): Promise<UnmeasuredModel> {
  const file = await writeOnnx(path.join(folder, `${name}.onnx`), smallOnnx(graph));
  return findModel(file, { info: { input: UNIT, ...(outputs && { outputs }) } });
}

describe.skipIf(!hasOnnxruntime)('an ONNX file, with onnxruntime-node installed', () => {
  it('gives what the same network gives as a tfjs graph', async () => {
    const model = await onnx(
      'same',
      { outputs: ['pooled', 'scores'] },
      { features: 'pooled', logits: 'scores' },
    );
    const { features, logits } = await run(model, 'onnxruntime');
    expect(relativeDifference(features, expected('pooled'))).toBeLessThan(1e-5);
    expect(relativeDifference(logits, expected('scores'))).toBeLessThan(1e-5);
  });

  it.each([1, 2, 4])('with a fixed batch of %i gives the same as one that leaves it open', async (size) => {
    const open = await onnx('open', {}, undefined);
    const fixed = await onnx(`fixed-${size}`, { input: [size, 3, 8, 8] }, undefined);
    expect(fixed.input.batch).toBe(size);
    const { features } = await run(fixed, 'onnxruntime');
    expect(relativeDifference(features, (await run(open, 'onnxruntime')).features)).toBeLessThan(1e-6);
  });

  it('takes the mean of a map or of tokens, or the first token', async () => {
    const pools = { outputs: ['map', 'tokens'] as const };
    const pooled = async (node: string, pool: 'mean' | 'cls') =>
      (await run(await onnx('pools', pools, { features: { node, pool } }), 'onnxruntime')).features;
    expect(relativeDifference(await pooled('map', 'mean'), expected('pooled'))).toBeLessThan(1e-5);
    expect(relativeDifference(await pooled('tokens', 'mean'), expected('pooled'))).toBeLessThan(1e-5);
    const map = expected('map');
    const first = Float32Array.from({ length: COUNT * 5 }, (_, i) => map[Math.floor(i / 5) * 320 + (i % 5)]);
    expect(relativeDifference(await pooled('tokens', 'cls'), first)).toBeLessThan(1e-5);
  });

  it('finds sizes that its file leaves open by a run', async () => {
    const graph = smallOnnx();
    const outputs = [{ name: 'pooled', shape: ['n', 'd', 'h', 'w'] }];
    const file = await writeOnnx(path.join(folder, 'undeclared.onnx'), { ...graph, outputs });
    const model = await findModel(file, { info: { input: UNIT } });
    expect(model.outputs.features).toEqual({ node: 'pooled' });
    expect((await measureOutputs(model)).outputs.features).toEqual({ node: 'pooled', size: 5 });
  });

  it('whose tokens are of open number needs to know which, and says so', async () => {
    const model = await onnx('tokens', { outputs: ['tokens'] }, undefined);
    await expect(measureOutputs(model)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringMatching(/shape \[n, 64, 5\].*"pool": "cls" \(the first token\) or "mean"/),
    });
  });

  it('takes weights from the file beside it, which is part of its hash', async () => {
    const { file, data } = await withDataBeside('external');
    const model = await findModel(file, { info: { input: UNIT } });
    const { features } = await run(model, 'onnxruntime');
    const { data: kernel } = randomTensor([5, 3, 1, 1], 4);
    const mean = (image: number, channel: number) => {
      let sum = 0;
      for (let i = 0; i < 64; i++) sum += batch[(image * 64 + i) * 3 + channel];
      return sum / 64;
    };
    const values = Float32Array.from({ length: COUNT * 5 }, (_, i) =>
      [0, 1, 2].reduce((sum, c) => sum + kernel[(i % 5) * 3 + c] * mean(Math.floor(i / 5), c), 0),
    );
    expect(relativeDifference(features, values)).toBeLessThan(1e-5);
    await writeFile(
      data,
      Float32Array.from(kernel, (value) => value + 1),
    );
    const other = await findModel(file, { info: { input: UNIT } });
    expect(other.sha256).not.toBe(model.sha256);
    await rm(data);
    await expect(findModel(file, { info: { input: UNIT } })).rejects.toMatchObject({ code: 'MODEL_MISSING' });
  });
});

describe.skipIf(!hasOnnxruntime)('a file that the onnx package wrote, weights beside it', () => {
  const fixture = (name: string) => projectFile('fixtures', 'onnx', name);
  const expected: { side: number; count: number; images: number[]; cls: number[]; mean: number[] } =
    JSON.parse(readFileSync(fixture('expected.json'), 'utf8'));
  const { side, count } = expected;
  const given: ModelInfo['input'] = { ...UNIT, width: side, height: side, layout: 'nchw' };

  it.each([
    ['cls', { node: 'last_hidden_state', pool: 'cls' }],
    ['mean', { node: 'last_hidden_state', pool: 'mean' }],
    ['mean', 'pooler_output'],
  ] as ['cls' | 'mean', OutputInfo][])(
    'gives the %s that its reference evaluator gives: %j',
    async (name, features) => {
      const info: ModelInfo = { input: given, outputs: { features } };
      const model = await measureOutputs(await findModel(fixture('vit.onnx'), { info }));
      expect(model.outputs.features.size).toBe(6);
      const { runtime } = await selectRuntime({ model });
      const network = await runtime.open(model, ['features']);
      const values = await network.run(Float32Array.from(expected.images), count);
      await network.dispose();
      expect(relativeDifference(values.features, Float32Array.from(expected[name]))).toBeLessThan(1e-5);
    },
  );

  it('leaves much open, which is listed', async () => {
    await expect(findModel(fixture('vit.onnx'))).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: expect.stringContaining(
        'inputs: pixel_values float32 [?, ?, ?, ?]; outputs: last_hidden_state float32 [?, ?, 6], pooler_output float32 [?, 6]',
      ),
    });
  });
});

describe('an ONNX file', () => {
  it.each(['tfjs', 'auto'] as const)(
    'on runtime %s without onnxruntime names what to install',
    async (runtime) => {
      vi.spyOn(packages, 'findPackage').mockImplementation((name) =>
        name === 'onnxruntime-node' ? undefined : findPackage(name),
      );
      const model = await onnx('needs', {}, undefined);
      await expect(selectRuntime({ runtime, model })).rejects.toMatchObject({
        code: 'RUNTIME_MISSING',
        message: expect.stringContaining('ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node'),
      });
    },
  );

  it('is refused by a tfjs that is opened with it', async () => {
    const model = await onnx('refused', {}, undefined);
    const { runtime } = await selectRuntime({ runtime: 'tfjs' });
    await expect(runtime.open(model, ['features'])).rejects.toMatchObject({ code: 'RUNTIME_MISSING' });
  });

  it('of halves, or of several inputs, is refused before any run', async () => {
    const graph = smallOnnx();
    const several = await writeOnnx(path.join(folder, 'several.onnx'), {
      ...graph,
      inputs: [...graph.inputs, { name: 'input_ids', shape: ['n', 77] }],
    });
    const refused = (file: string, message: RegExp) =>
      expect(findModel(file, { info: { input: UNIT } })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
        message: expect.stringMatching(message),
      });
    await refused(several, /several inputs[\s\S]*input_ids/);
    const halves = path.join(folder, 'halves.onnx');
    await writeFile(halves, asHalves(encodeModel(graph)));
    await refused(halves, /pixels float16 \[\?, 3, 8, 8\] is not float32/);
  });

  it('that is damaged or none is refused', async () => {
    const whole = encodeModel(smallOnnx());
    const file = path.join(folder, 'damaged.onnx');
    for (const bytes of [
      whole.subarray(0, whole.length / 2),
      new TextEncoder().encode('<!DOCTYPE html>'),
      [],
    ]) {
      await writeFile(file, new Uint8Array(bytes));
      await expect(findModel(file, { info: { input: UNIT } })).rejects.toMatchObject({
        code: 'MODEL_INVALID',
      });
    }
  });
});

describe.each(['tfjs', ...(hasOnnxruntime ? ['onnxruntime'] : [])] as RuntimeName[])(
  'a graph that another tool wrote, on %s',
  (runtime) => {
    const info: ModelInfo = { input: UNIT, outputs: { features: 'pooled', logits: 'scores' } };

    it('gives what tfjs gives in plain JavaScript, whatever its outputs declare', async () => {
      const file = await writeGraph(path.join(folder, 'plain'), smallGraph());
      const model = await findModel(file, { info });
      const measured = await measureOutputs(model, { runtime });
      expect(measured.outputs).toEqual({
        features: { node: 'pooled', size: 5 },
        logits: { node: 'scores', size: 4 },
      });
      const { features, logits } = await run(measured, runtime);
      expect(relativeDifference(features, expected('pooled'))).toBeLessThan(1e-5);
      expect(relativeDifference(logits, expected('scores'))).toBeLessThan(1e-5);
    });

    it('is pooled, fed with channels first, and run in batches of the size it fixes', async () => {
      const graph = smallGraph();
      const order = { name: 'order', op: 'Const', attr: { dtype: attribute.type('DT_INT32') } };
      const nodes = graph.nodes.flatMap((node): GraphNode[] => {
        if (node.op === 'Placeholder') {
          const attr = { ...node.attr, shape: attribute.shape([2, 3, 8, 8]) };
          const turned = { name: 'turned', op: 'Transpose', input: ['images', 'order'], attr: {} };
          return [{ ...node, attr }, order, turned];
        }
        return [{ ...node, input: node.input?.map((name) => (name === 'images' ? 'turned' : name)) ?? [] }];
      });
      const weightData = new Uint8Array(graph.weightData.byteLength + 16);
      weightData.set(new Uint8Array(graph.weightData));
      weightData.set(new Uint8Array(Int32Array.of(0, 2, 3, 1).buffer), graph.weightData.byteLength);
      const file = await writeGraph(path.join(folder, 'first'), {
        nodes,
        weightSpecs: [...graph.weightSpecs, { name: 'order', shape: [4], dtype: 'int32' }],
        weightData: weightData.buffer,
      });
      const model = await findModel(file, { info: { ...info, outputs: { features: 'pooled' } } });
      expect(model.input).toMatchObject({ layout: 'nchw', batch: 2 });
      const { features } = await run(model, runtime);
      expect(relativeDifference(features, expected('pooled'))).toBeLessThan(1e-5);
    });

    it('gives the mean over the places of a map', async () => {
      const file = await writeGraph(path.join(folder, 'map'), smallGraph());
      const outputs = { features: { node: 'map', pool: 'mean' } } as const;
      const model = await findModel(file, { info: { input: UNIT, outputs } });
      const { features } = await run(await measureOutputs(model, { runtime }), runtime);
      expect(relativeDifference(features, expected('pooled'))).toBeLessThan(1e-5);
    });
  },
);

/** An average and a convolution whose weights lie in a file beside the model. */
async function withDataBeside(name: string): Promise<{ file: string; data: string }> {
  const { data: kernel } = randomTensor([5, 3, 1, 1], 4);
  const data = path.join(folder, `${name}.onnx_data`);
  await writeFile(data, kernel);
  const entry = (key: string, value: string) => message(13, [text(1, key), text(2, value)]);
  const tensor = [
    ...[5, 3, 1, 1].map((size) => integer(1, size)),
    integer(2, 1),
    text(8, 'kernel'),
    entry('location', `${name}.onnx_data`),
    entry('offset', '0'),
    entry('length', String(kernel.byteLength)),
    integer(14, 1),
  ];
  // Written without the weights, which come in as a second, equal field of the same message.
  const { nodes: _, initializers: __, ...graph } = smallOnnx();
  const whole = encodeModel({
    ...graph,
    nodes: [
      { op: 'GlobalAveragePool', inputs: ['pixels'], outputs: ['mean'] },
      { op: 'Conv', inputs: ['mean', 'kernel'], outputs: ['pooled'], attributes: { kernel_shape: [1, 1] } },
    ],
    initializers: [],
  });
  const more = encode([message(7, [message(5, tensor)])]);
  const file = path.join(folder, `${name}.onnx`);
  await writeFile(file, Buffer.concat([whole, more]));
  return { file, data };
}

/** The same file with its input declared as float16. */
function asHalves(file: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode('pixels');
  const at = Buffer.from(file).lastIndexOf(Buffer.from(name));
  const type = file.indexOf(8, at + name.length + 2);
  return Uint8Array.from(file, (byte, i) => (i === type + 1 ? 10 : byte));
}
