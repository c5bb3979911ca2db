import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphBuilder } from '../../src/models/graph-builder';
import { findPackage } from '../../src/runtimes/packages';
import { modelOf, saved } from '../models/layers/layers-models';
import { smallGraph, smallOnnx, writeGraph, writeJson, writeOnnx } from '../models/own/small-files';
import { projectFile } from '../reference';
import { runCli } from './run-cli';

const sources = [projectFile('fixtures/real'), projectFile('fixtures/fake')];
const hasOnnxruntime = findPackage('onnxruntime-node') !== undefined;
const input = { range: [-1, 1], mean: [0.1, 0, -0.1], std: [0.5, 0.6, 0.7], resize: 'pytorch', crop: 10 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-own-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (...parts: string[]) => path.join(folder, ...parts);
const measure = (...args: string[]) =>
  runCli(['fid', ...sources, '--limit', '40', '--workers', '1', ...args]);

async function measured(...args: string[]) {
  const { code, stdout } = await measure('--json', '--quiet', ...args);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('gan-metrics fid --model of your own', () => {
  it('measures with a graph that another tool wrote, described beside it', async () => {
    const file = await writeGraph(inFolder('encoder'), smallGraph());
    await writeJson(inFolder('encoder', 'model.gan-metrics.json'), {
      input,
      outputs: { features: 'pooled' },
    });
    const { code, stdout } = await measure('--model', file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^FD \(encoder\): \d/);
    const result = await measured('--model', inFolder('encoder'), '--runtime', 'tfjs');
    expect(result).toMatchObject({
      model: { id: 'encoder', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      preprocessing: 'pytorch',
      input: {
        width: 8,
        height: 8,
        crop: 10,
        scaling: { range: [-1, 1], mean: [0.1, 0, -0.1], std: [0.5, 0.6, 0.7] },
      },
      dims: 5,
      runtime: { name: 'tfjs' },
    });
  });

  it.skipIf(!hasOnnxruntime)('gives the same for the same network as a graph and as ONNX', async () => {
    const info = JSON.stringify({ input, outputs: { features: 'pooled' } });
    const graph = await writeGraph(inFolder('same'), smallGraph());
    const onnx = await writeOnnx(inFolder('same.onnx'), smallOnnx());
    const [a, b] = [
      await measured('--model', graph, '--model-info', info),
      await measured('--model', onnx, '--model-info', info),
    ];
    expect(b.model.id).toBe('same');
    expect(b.runtime.name).toBe('onnxruntime');
    expect(Math.abs(a.value / b.value - 1)).toBeLessThan(1e-4);
    expect(b.model.sha256).not.toBe(a.model.sha256);
  });

  it('measures with a layers model', async () => {
    const tfl = await import('@tensorflow/tfjs-layers');
    const { conv2d, globalAveragePooling2d } = tfl.layers;
    const model = modelOf(
      (images) =>
        globalAveragePooling2d({ name: 'pool' }).apply(
          conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }).apply(images),
        ) as ReturnType<typeof tfl.input>,
    );
    const { topology, weights } = await saved(model);
    const file = await writeGraph(inFolder('keras'), { nodes: [], ...weights });
    await writeJson(file, {
      format: 'layers-model',
      modelTopology: topology,
      weightsManifest: [{ paths: ['weights.bin'], weights: weights.weightSpecs }],
    });
    const info = await writeJson(inFolder('about.json'), { name: 'Our CNN', input: { range: [0, 1] } });
    const { stdout } = await measure('--model', file, '--model-info', info);
    expect(stdout).toMatch(/^FD \(Our CNN\): \d/);
  });

  it('runs on tfjs what onnxruntime cannot be given, and says so', async () => {
    const builder = graphBuilder();
    const images = builder.input('images', { height: 4, width: 4 });
    const axis = builder.constant('axis', { shape: [], data: Int32Array.of(1) });
    const sums = builder.node('sums', 'Cumsum', [images, axis]);
    builder.mean('pooled', sums);
    const file = await writeGraph(inFolder('sums'), builder.build());
    const { code, stdout, stderr } = await measure(
      '--model',
      file,
      '--model-info',
      '{"input":{"range":[0,1]}}',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^FD \(sums\): .*tfjs/);
    if (hasOnnxruntime) expect(stderr).toMatch(/onnxruntime is not used: .*no translation of Cumsum/);
  });

  it('is another network with another mean', async () => {
    const file = await writeGraph(inFolder('mean'), smallGraph());
    const result = (mean: number[]) =>
      measured(
        '--model',
        file,
        '--model-info',
        JSON.stringify({ input: { range: [0, 1], mean }, outputs: { features: 'pooled' } }),
      );
    const [a, b] = [await result([0, 0, 0]), await result([0.5, 0.5, 0.5])];
    expect(b.model.sha256).not.toBe(a.model.sha256);
    expect(b.value).not.toBe(a.value);
  });
});

describe('gan-metrics fid ends with 2 and one clear error', () => {
  it('on a network that is not described, saying what is missing and what it declares', async () => {
    const file = await writeOnnx(inFolder('bare.onnx'), smallOnnx({ outputs: ['pooled', 'scores'] }));
    const { code, stdout, stderr } = await measure('--model', file);
    expect([code, stdout]).toEqual([2, '']);
    for (const said of [
      'input.range is missing',
      'outputs.features is missing',
      'pixels float32 [?, 3, 8, 8]',
      'bare.gan-metrics.json',
    ])
      expect(stderr).toContain(said);
  });

  it.each([
    ['a description with an entry that there is not', '{"size": 8}', 'there is no entry size'],
    ['a description that is no JSON', '{"input"', 'Expected JSON'],
    ['a description that is not there', 'nowhere.json', 'nowhere.json cannot be read'],
  ])('on %s', async (_, info, said) => {
    const file = await writeGraph(inFolder('wrong'), smallGraph());
    const { code, stderr } = await measure('--model', file, '--model-info', info);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('    at ');
  });

  it('on a description of a network that is known', async () => {
    const { code, stderr } = await measure('--model', 'cifar10-resnet', '--model-info', '{"name":"mine"}');
    expect(code).toBe(2);
    expect(stderr).toContain('INVALID_OPTION');
  });

  it.skipIf(!hasOnnxruntime)('on an ONNX file with a runtime that cannot run it', async () => {
    const file = await writeOnnx(inFolder('tfjs.onnx'), smallOnnx());
    const info = '{"input":{"range":[0,1]}}';
    const { code, stderr } = await measure('--model', file, '--model-info', info, '--runtime', 'tfjs');
    expect(code).toBe(2);
    expect(stderr).toContain('RUNTIME_MISSING');
    expect(stderr).toContain('npm i onnxruntime-node');
  });
});
