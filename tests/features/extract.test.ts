import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../src/errors';
import { type FeatureBatch, openExtractor } from '../../src/features/extract';
import { findImages, type ImageFile } from '../../src/images/find-images';
import { readModel } from '../../src/models/graph-files';
import type { GraphModel } from '../../src/models/model';
import type { Runtime } from '../../src/runtimes/runtime';
import { selectRuntime } from '../../src/runtimes/select';
import { projectFile } from '../reference';

const defaults = { outputs: ['features'], preprocessing: 'clean', batchSize: 7, workers: 2 } as const;

let model: GraphModel;
let runtime: Runtime;
let files: ImageFile[];
let folder: string;

beforeAll(async () => {
  model = await readModel(projectFile('models/cifar10-resnet'));
  runtime = (await selectRuntime({ runtime: 'tfjs' })).runtime;
  files = (await findImages(projectFile('fixtures/real'))).slice(0, 40);
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-extract-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function extractAll(
  images: readonly ImageFile[],
  options: Partial<Parameters<typeof openExtractor>[1]> = {},
) {
  const extractor = await openExtractor({ model, runtime }, { ...defaults, ...options });
  const batches: FeatureBatch[] = [];
  try {
    for await (const batch of extractor.extract(images)) batches.push(batch);
  } finally {
    await extractor.close();
  }
  return batches;
}

const featuresOf = (batches: readonly FeatureBatch[]) =>
  batches.flatMap(({ outputs }) => [...outputs.features]);

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no error',
    (error) => (error instanceof GanMetricsError ? error.code : error),
  );
}

describe('extraction', () => {
  it('gives batches in the order of the files, one row an image', async () => {
    const batches = await extractAll(files);
    expect(batches.flatMap((batch) => batch.files)).toEqual(files);
    expect(featuresOf(batches)).toHaveLength(files.length * 192);
  });

  it('gives the same bits for any batch size and number of workers', async () => {
    const expected = featuresOf(await extractAll(files));
    expect(featuresOf(await extractAll(files, { batchSize: 1, workers: 3 }))).toEqual(expected);
    expect(featuresOf(await extractAll(files, { batchSize: 64, workers: 1 }))).toEqual(expected);
  });

  it('gives the same with the network in this thread, fed by workers', async () => {
    const expected = featuresOf(await extractAll(files));
    const shared: Runtime = { ...runtime, threading: 'all', open: runtime.open.bind(runtime) };
    const extractor = await openExtractor({ model, runtime: shared }, defaults);
    const batches: FeatureBatch[] = [];
    for await (const batch of extractor.extract(files)) batches.push(batch);
    await extractor.close();
    expect(featuresOf(batches)).toEqual(expected);
  });

  it('leaves out an image that cannot be decoded, with the reason, and keeps the others in order', async () => {
    const broken = path.join(folder, 'broken.jpg');
    writeFileSync(broken, 'no image at all');
    const images = [...files.slice(0, 5), { path: broken, name: 'broken.jpg' }, ...files.slice(5, 20)];
    const batches = await extractAll(images);
    expect(batches.flatMap((batch) => batch.failures)).toMatchObject([
      { path: broken, reason: expect.any(String) },
    ]);
    expect(batches.flatMap((batch) => batch.files)).toEqual(files.slice(0, 20));
    expect(featuresOf(batches)).toEqual(featuresOf(await extractAll(files.slice(0, 20))));
  });

  it('serves any number of sets while it is open', async () => {
    const extractor = await openExtractor({ model, runtime }, defaults);
    const counts = [];
    for (let i = 0; i < 3; i++) {
      let count = 0;
      for await (const batch of extractor.extract(files)) count += batch.files.length;
      counts.push(count);
    }
    await extractor.close();
    expect(counts).toEqual([40, 40, 40]);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const extractor = await openExtractor({ model, runtime }, { ...defaults, batchSize: 1 });
    let seen = 0;
    const run = async () => {
      for await (const _ of extractor.extract(files, controller.signal)) if (++seen === 3) controller.abort();
    };
    expect(await codeOf(run())).toBe('ABORTED');
    expect(seen).toBe(3);
    await extractor.close();
  });

  it('names the image whose features are not finite', async () => {
    // Halves of 0x7b7b, 61 280, for every weight: the layers overflow one after the other.
    const weightData = model.graph.weightData.slice(0);
    let offset = 0;
    for (const { shape, quantization } of model.graph.weightSpecs) {
      const count = shape.reduce((product, size) => product * size, 1);
      if (quantization) new Uint8Array(weightData, offset, count * 2).fill(0x7b);
      offset += count * (quantization ? 2 : 4);
    }
    const broken: GraphModel = { ...model, graph: { ...model.graph, weightData } };
    const extractor = await openExtractor({ model: broken, runtime }, defaults);
    const run = async () => {
      for await (const _ of extractor.extract(files)) expect.unreachable();
    };
    expect(await codeOf(run())).toBe('NOT_FINITE');
    await extractor.close();
  });

  it('passes on why the network cannot be opened', async () => {
    const missing: Runtime = {
      ...runtime,
      name: 'tfjs-node-gpu',
      device: 'cuda',
      open: runtime.open.bind(runtime),
    };
    expect(await codeOf(openExtractor({ model, runtime: missing }, defaults))).toBe('RUNTIME_MISSING');
  });
});
