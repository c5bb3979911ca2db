import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attribute } from '../../../src/models/attributes';
import { findModel } from '../../../src/models/find-model';
import { isOnnxFile } from '../../../src/models/model';
import { checkModelInfo, type ModelInfo } from '../../../src/models/own/model-info';
import { saved } from '../layers/layers-models';
import { smallGraph, smallOnnx, writeGraph, writeJson, writeOnnx } from './small-files';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'gan-metrics-own-'));
});
afterAll(() => rm(folder, { recursive: true }));

const inFolder = (...parts: string[]) => path.join(folder, ...parts);
const UNIT: ModelInfo = { input: { range: [0, 1] } };
const FEATURES: ModelInfo = { ...UNIT, outputs: { features: 'pooled', logits: 'scores' } };

/** What is wrong with a model, as its error lists it. */
async function problemsOf(file: string, info?: ModelInfo): Promise<string> {
  const error = await findModel(file, { info }).then(
    () => undefined,
    (caught: Error & { code: string }) => caught,
  );
  expect(error).toMatchObject({ code: 'MODEL_INVALID' });
  return error!.message;
}

describe('a graph that another tool wrote', () => {
  const signed = {
    inputs: { image: { name: 'images:0' } },
    outputs: {
      embedding: { name: 'pooled:0', dtype: 'DT_FLOAT', tensorShape: attribute.shape([-1, 5]).shape! },
    },
  };

  it('needs nothing but the value range where its signature says the rest', async () => {
    const file = await writeGraph(inFolder('encoder'), smallGraph(), signed);
    const model = await findModel(file, { info: UNIT });
    expect(model).toMatchObject({
      id: 'encoder',
      input: { node: 'images', width: 8, height: 8, layout: 'nhwc', scaling: { range: [0, 1] } },
      preprocessing: 'clean',
      outputs: { features: { node: 'pooled', size: 5 } },
    });
    expect(await findModel(inFolder('encoder'), { info: UNIT })).toMatchObject({ sha256: model.sha256 });
  });

  it('takes any node as output, also by the name its signature has for it', async () => {
    const file = await writeGraph(inFolder('nodes'), smallGraph(), signed);
    const features = async (node: string) =>
      (await findModel(file, { info: { ...UNIT, outputs: { features: node } } })).outputs.features.node;
    expect([await features('embedding'), await features('pooled:0'), await features('scores')]).toEqual([
      'pooled',
      'pooled',
      'scores',
    ]);
  });

  it('is described by the file beside it, and by options over that', async () => {
    const file = await writeGraph(inFolder('beside'), smallGraph({ height: -1, width: -1 }), signed);
    const said = {
      name: 'My encoder',
      input: { width: 16, height: 12, range: [-1, 1], crop: 20, resize: 'pytorch' },
    };
    await writeJson(inFolder('beside', 'model.gan-metrics.json'), said);
    expect(await findModel(file)).toMatchObject({
      id: 'My encoder',
      input: { width: 16, height: 12, crop: 20, scaling: { range: [-1, 1] } },
      preprocessing: 'pytorch',
    });
    const elsewhere = await writeJson(inFolder('beside', 'other.json'), { input: { width: 18 } });
    for (const info of [elsewhere, { input: { width: 18 } }]) {
      expect(await findModel(file, { info })).toMatchObject({
        id: 'My encoder',
        input: { width: 18, height: 12 },
      });
    }
  });

  it('has another hash for another measurement, and only then', async () => {
    const file = await writeGraph(inFolder('hash'), smallGraph(), signed);
    const hash = async (info: ModelInfo) => (await findModel(file, { info })).sha256;
    const plain = await hash(UNIT);
    expect(plain).toMatch(/^[0-9a-f]{64}$/);
    const same: ModelInfo[] = [
      { ...UNIT, name: 'other name' },
      {
        input: { range: [0, 1], mean: [0, 0, 0], std: [1, 1, 1], width: 8, layout: 'nhwc', resize: 'clean' },
      },
      { ...UNIT, outputs: { features: 'embedding' } },
    ];
    for (const info of same) expect(await hash(info)).toBe(plain);
    const others: ModelInfo[] = [
      { input: { range: [-1, 1] } },
      { input: { range: [0, 1], mean: [0, 0, 0.1] } },
      { input: { range: [0, 1], std: [1, 1, 2] } },
      { input: { range: [0, 1], resize: 'tf1' } },
      { input: { range: [0, 1], crop: 9 } },
      { ...UNIT, outputs: { features: 'scores' } },
    ];
    const hashes = await Promise.all(others.map(hash));
    expect(new Set([plain, ...hashes]).size).toBe(1 + others.length);
  });

  it('cannot be called like a network that is another', async () => {
    const file = await writeGraph(inFolder('inception-v3'), smallGraph(), signed);
    expect(await problemsOf(file, UNIT)).toContain('cannot be called inception-v3');
    expect(await findModel(file, { info: { ...UNIT, name: 'ours' } })).toMatchObject({ id: 'ours' });
  });

  it('takes [n, 3, height, width] and a fixed batch where it declares them', async () => {
    const graph = smallGraph();
    const nodes = graph.nodes.map((node) =>
      node.op === 'Placeholder' ? { ...node, attr: { shape: attribute.shape([2, 3, 8, 8]) } } : node,
    );
    const file = await writeGraph(inFolder('nchw'), { ...graph, nodes }, signed);
    expect(await findModel(file, { info: UNIT })).toMatchObject({ input: { layout: 'nchw', batch: 2 } });
  });
});

describe('what is missing or wrong is explained against what the file declares', () => {
  it('all of it in one error, with what could be said instead', async () => {
    const file = await writeGraph(inFolder('nothing'), smallGraph({ height: -1, width: -1 }));
    const graph = await problemsOf(file);
    for (const each of ['input.width', 'input.height', 'input.range'])
      expect(graph).toContain(`${each} is missing`);
    expect(graph).toContain('images float32 [?, ?, ?, 3]');
    expect(graph).toContain(inFolder('nothing', 'model.gan-metrics.json'));
    const onnx = await writeOnnx(
      inFolder('many.onnx'),
      smallOnnx({ input: ['n', 'c', 'h', 'w'], outputs: ['pooled', 'scores'] }),
    );
    const problems = await problemsOf(onnx);
    for (const each of ['input.layout', 'input.width', 'input.range', 'outputs.features'])
      expect(problems).toContain(`${each} is missing`);
    expect(problems).toContain(
      'inputs: pixels float32 [?, ?, ?, ?]; outputs: pooled float32 [?, 5, 1, 1], scores float32 [?, 4]',
    );
  });

  it.each([
    [
      'a size that is not the declared one',
      { input: { range: [0, 1], width: 9 } },
      'input.width is 9, but it declares 8',
    ],
    [
      'a layout without its channels',
      { input: { range: [0, 1], layout: 'nhwc' } },
      'has no 3 channels there',
    ],
    ['an input it has not', { input: { range: [0, 1], name: 'images' } }, 'input.name is "images"'],
    [
      'an output it has not',
      { ...UNIT, outputs: { features: 'fc' } },
      'outputs.features is "fc", but it has no such output',
    ],
    [
      'a map without a pool',
      { ...UNIT, outputs: { features: 'map' } },
      '{ "node": "map", "pool": … } with "mean"',
    ],
    [
      'a class token of a map',
      { ...UNIT, outputs: { features: { node: 'map', pool: 'cls' } } },
      'has nothing that "pool": "cls" applies to',
    ],
    [
      'a crop within the input',
      { input: { range: [0, 1], crop: 7 } },
      'input.crop is 7, less than the 8 × 8',
    ],
  ] as [string, ModelInfo, string][])('%s', async (_, info, said) => {
    const file = await writeOnnx(inFolder('wrong.onnx'), smallOnnx({ outputs: ['pooled', 'map'] }));
    const message = await problemsOf(file, { outputs: { features: 'pooled' }, ...info });
    expect(message).toContain(said);
    expect(message).toContain('pooled float32 [?, 5, 1, 1]');
  });

  it('a description with unknown entries or wrong values, entry by entry', () => {
    const wrong = {
      nam: 1,
      name: '',
      input: { range: [1, 0], std: [1, 0, 1], width: 2.5, resize: 'nearest' },
      outputs: { features: { node: 'a', pool: 'max' }, scores: 'b' },
    };
    expect(() => checkModelInfo(wrong, 'net.gan-metrics.json')).toThrow(
      expect.objectContaining({
        code: 'MODEL_INVALID',
        details: {
          problems: [
            expect.stringContaining('there is no entry nam, only name, input, outputs'),
            expect.stringContaining('for name but received ""'),
            expect.stringContaining('for input.range but received [1,0]'),
            expect.stringContaining('for input.std but received [1,0,1]'),
            expect.stringContaining('for input.width but received 2.5'),
            expect.stringContaining('one of tf1, pytorch, clean for input.resize but received "nearest"'),
            expect.stringContaining('for outputs.features but received'),
            expect.stringContaining('there is no entry outputs.scores'),
          ],
        },
      }),
    );
  });

  it('a description of a network that needs none', async () => {
    await expect(findModel('cifar10-resnet', { info: UNIT })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});

describe('an ONNX file', () => {
  it('is named after itself and opened by its path', async () => {
    const file = await writeOnnx(inFolder('net.onnx'), smallOnnx({ outputs: ['pooled', 'scores'] }));
    const model = await findModel(file, { info: FEATURES });
    expect(model).toMatchObject({
      id: 'net',
      input: { node: 'pixels', width: 8, height: 8, layout: 'nchw' },
      outputs: { features: { node: 'pooled', size: 5 }, logits: { node: 'scores', size: 4 } },
    });
    expect(isOnnxFile(model.graph) && model.graph.path).toBe(file);
  });

  it('called model.onnx is named after its folder', async () => {
    const file = await writeOnnx(inFolder('dino', 'model.onnx'), smallOnnx());
    expect(await findModel(file, { info: UNIT })).toMatchObject({ id: 'dino' });
  });

  it('leaves open sizes of its outputs to a run', async () => {
    const file = await writeOnnx(inFolder('tokens.onnx'), smallOnnx({ outputs: ['tokens'] }));
    const model = await findModel(file, {
      info: { ...UNIT, outputs: { features: { node: 'tokens', pool: 'cls' } } },
    });
    expect(model.outputs.features).toEqual({ node: 'tokens', pool: 'cls', size: 5 });
    const open = await findModel(file, { info: UNIT });
    expect(open.outputs.features).toEqual({ node: 'tokens' });
  });
});

it('a layers model is a model like any other', async () => {
  const tfl = await import('@tensorflow/tfjs-layers');
  const { conv2d, globalAveragePooling2d, dense } = tfl.layers;
  const { topology, weights } = await saved(
    tfl.sequential({
      layers: [
        conv2d({ name: 'stem', filters: 4, kernelSize: 3, inputShape: [8, 8, 3] }),
        globalAveragePooling2d({ name: 'pool' }),
        dense({ name: 'scores', units: 6, activation: 'softmax' }),
      ],
    }),
  );
  const file = await writeGraph(inFolder('layers'), { nodes: [], ...weights });
  await writeJson(file, {
    format: 'layers-model',
    modelTopology: topology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weights.weightSpecs }],
  });
  expect(await findModel(file, { info: UNIT })).toMatchObject({
    id: 'layers',
    input: { width: 8, height: 8, layout: 'nhwc' },
    outputs: { features: { node: 'scores', size: 6 } },
  });
  const inner = await findModel(file, { info: { ...UNIT, outputs: { features: 'pool', logits: 'scores' } } });
  expect(inner.outputs).toEqual({ features: { node: 'pool' }, logits: { node: 'scores', size: 6 } });
});
