import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadGraphModelSync } from '@tensorflow/tfjs-converter';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { graphBuilder } from '../../src/models/graph-builder';
import { readGraph, readModel, writeModel } from '../../src/models/graph-files';
import type { GraphModel } from '../../src/models/model';
import { tfjsWasm } from '../runtimes/tfjs-wasm';

const invalid = expect.objectContaining({ code: 'MODEL_INVALID' });
interface ModelJson {
  modelTopology: { node: unknown[] };
  weightsManifest: object[];
  userDefinedMetadata: { ganMetrics: { input: object } };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gan-metrics-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a model written and read is the same model, with the same sha256', async () => {
  const written = await writeModel(path.join(folder, 'same'), tinyModel());
  expect(plain(await readModel(path.join(folder, 'same')))).toEqual(plain(written));
  expect(plain(await readModel(path.join(folder, 'same', 'model.json')))).toEqual(plain(written));
  const again = await writeModel(path.join(folder, 'again'), await readModel(path.join(folder, 'same')));
  expect(again.sha256).toBe(written.sha256);
});

test('equal models give equal bytes, however the weights are cut into shards but for their names', async () => {
  const once = await writeModel(path.join(folder, 'once'), tinyModel());
  const twice = await writeModel(path.join(folder, 'twice'), tinyModel());
  expect(twice.sha256).toBe(once.sha256);
  const cut = await writeModel(path.join(folder, 'cut'), tinyModel(), { shardBytes: 10 });
  const shards = (await readdir(path.join(folder, 'cut'))).filter((name) => name.endsWith('.bin'));
  expect(shards).toContain('group1-shard1of4.bin');
  expect(plain(await readModel(path.join(folder, 'cut'))).graph).toEqual(plain(once).graph);
  expect(cut.sha256).not.toBe(once.sha256);
});

test('no temporary file is left behind', async () => {
  await writeModel(path.join(folder, 'clean'), tinyModel());
  expect((await readdir(path.join(folder, 'clean'))).sort()).toEqual(['group1-shard1of1.bin', 'model.json']);
});

test('tfjs loads what was written and computes the same', async () => {
  const tf = await tfjsWasm();
  const { path: file } = await readGraph((await written('tfjs')).folder);
  const json = JSON.parse(await readFile(file, 'utf8'));
  const bin = await readFile(path.join(path.dirname(file), 'group1-shard1of1.bin'));
  const model = loadGraphModelSync({
    load: () => ({
      ...json,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: Uint8Array.from(bin).buffer,
    }),
  });
  const values = model.predict(tf.tensor4d([1, 2, 3], [1, 1, 1, 3]));
  expect([...(values as ReturnType<typeof tf.tensor>).dataSync()]).toEqual([1 + 6 + 15 + 7, 2 + 8 + 18 + 8]);
  model.dispose();
});

test('a missing model.json or shard is MODEL_MISSING and says which file', async () => {
  const missing = { code: 'MODEL_MISSING', message: expect.stringContaining('group1-shard1of1.bin') };
  const { folder: where } = await written('missing');
  await rm(path.join(where, 'group1-shard1of1.bin'));
  await expect(readModel(where)).rejects.toMatchObject(missing);
  await expect(readModel(path.join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'MODEL_MISSING' });
});

test('shards that are longer or shorter than the shapes say are invalid', async () => {
  const { folder: where, shard } = await written('length');
  const bytes = await readFile(shard);
  for (const wrong of [bytes.subarray(1), Buffer.concat([bytes, Buffer.from([0])])]) {
    await writeFile(shard, wrong);
    await expect(readModel(where)).rejects.toThrow(invalid);
  }
});

test('a weight that is not finite is invalid', async () => {
  const { folder: where, shard } = await written('finite');
  const bytes = await readFile(shard);
  bytes.writeFloatLE(Number.POSITIVE_INFINITY, 4);
  await writeFile(shard, bytes);
  await expect(readModel(where)).rejects.toThrow(invalid);
});

test.each([
  ['not JSON', () => '{'],
  ['a layers model', (json) => ({ ...json, format: 'layers-model' })],
  ['without nodes', (json) => ({ ...json, modelTopology: {} })],
  ['without its facts', (json) => ({ ...json, userDefinedMetadata: undefined })],
  ['with an output its graph lacks', (json) => edited(json, '"node":"scores"', '"node":"other"')],
  ['with an output of no size', (json) => edited(json, '"size":2', '"size":0')],
  ['with an input of no width', (json) => edited(json, '"width":1', '"width":0.5')],
  [
    'with a node twice',
    (json) => ({
      ...json,
      modelTopology: { node: [...json.modelTopology.node, json.modelTopology.node[0]] },
    }),
  ],
  ['with a weight of unknown type', (json) => edited(json, '"dtype":"float32"', '"dtype":"string"')],
  [
    'with a weight file elsewhere',
    (json) => ({ ...json, weightsManifest: [{ ...json.weightsManifest[0], paths: ['../outside.bin'] }] }),
  ],
] as [string, (json: ModelJson) => unknown][])('a model.json %s is invalid', async (_, change) => {
  const { folder: where, file } = await written('broken');
  const changed = change(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, typeof changed === 'string' ? changed : JSON.stringify(changed));
  await expect(readModel(where)).rejects.toThrow(invalid);
});

test('a model.json with any one value replaced is read or refused with a code', async () => {
  const { folder: where, file } = await written('replaced');
  const text = await readFile(file, 'utf8');
  const replacements = [null, -1, 'x', [], {}, [null], 1e300];
  for (const [i, keys] of pathsIn(JSON.parse(text)).entries()) {
    const changed = JSON.parse(text);
    const parent = keys.slice(0, -1).reduce((value, key) => value[key], changed);
    parent[keys.at(-1)!] = replacements[i % replacements.length];
    await writeFile(file, JSON.stringify(changed));
    const outcome = await readModel(where).then(
      () => 'read',
      (error) => error.code ?? error,
    );
    expect(['read', 'MODEL_INVALID', 'MODEL_MISSING'], keys.join('.')).toContain(outcome);
  }
});

test('facts given by the caller complete a graph that another tool wrote', async () => {
  const { folder: where, file } = await written('custom');
  const json = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...json, userDefinedMetadata: undefined }));
  const { id, input, preprocessing, outputs } = tinyModel();
  expect(await readModel(where, { id: 'mine', input, preprocessing, outputs })).toMatchObject({
    id: 'mine',
    outputs,
  });
  expect(id).not.toBe('mine');
});

/** One pixel in, two scores out. */
function tinyModel(): Omit<GraphModel, 'sha256'> {
  const builder = graphBuilder();
  const x = builder.input('images', { height: 1, width: 1 });
  const kernel = { shape: [1, 1, 3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  builder.conv2d('scores', x, { kernel, bias: Float32Array.of(7, 8) });
  return {
    id: 'tiny',
    graph: builder.build(),
    input: { node: 'images', width: 1, height: 1 },
    preprocessing: 'clean',
    outputs: { logits: { node: 'scores', size: 2 } },
  };
}

/** With its weights as numbers, whatever memory they lie in. */
function plain({ graph, ...facts }: GraphModel) {
  return { ...facts, graph: { ...graph, weightData: [...new Uint8Array(graph.weightData)] } };
}

function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...pathsIn(inner).map((rest) => [key, ...rest]),
  ]);
}

function edited(json: ModelJson, text: string, replacement: string): string {
  const before = JSON.stringify(json);
  expect(before).toContain(text);
  return before.replaceAll(text, replacement);
}

async function written(name: string) {
  const where = path.join(folder, name);
  await writeModel(where, tinyModel());
  return {
    folder: where,
    file: path.join(where, 'model.json'),
    shard: path.join(where, 'group1-shard1of1.bin'),
  };
}
