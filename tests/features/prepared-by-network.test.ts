import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FeatureBatch, openExtractor } from '../../src/features/extract';
import { openThreadNetworks } from '../../src/features/thread-networks';
import { findImages, type ImageFile } from '../../src/images/find-images';
import type { ImageSize, Preprocessing } from '../../src/images/image';
import { readImage } from '../../src/images/read-image';
import { readModel } from '../../src/models/graph-files';
import type { GraphModel, ModelInput } from '../../src/models/model';
import type { Runtime } from '../../src/runtimes/runtime';
import { selectRuntime } from '../../src/runtimes/select';
import { noise } from '../images/pixels';
import { projectFile } from '../reference';
import { fakeGpu, sums } from '../runtimes/fake-device';

let model: GraphModel;
let cpu: Runtime;
/** A GPU as far as anyone can tell, that computes the CPU's bits. */
let gpu: Runtime;
let opened: Pick<ModelInput, 'width' | 'height' | 'channels'>[];
/** 32 × 32, the size of the network's input. */
let files: ImageFile[];

beforeAll(async () => {
  model = await readModel(projectFile('models/cifar10-resnet'));
  cpu = (await selectRuntime({ runtime: 'tfjs' })).runtime;
  const found = await findImages(projectFile('fixtures/real'));
  const widths = await Promise.all(found.map(async (file) => (await readImage(file)).width));
  files = found.filter((_, i) => widths[i] === 32).slice(0, 20);
});

beforeEach(() => {
  opened = [];
  const noted: Runtime = {
    ...cpu,
    open(variant, outputs) {
      const { width, height, channels = 3 } = variant.input;
      opened.push({ width, height, channels });
      return cpu.open(variant, outputs);
    },
  };
  gpu = fakeGpu(noted, {});
});

async function extract(
  runtime: Runtime,
  sets: readonly (readonly ImageFile[])[],
  { preprocessing = 'clean', batchSize = 4 }: { preprocessing?: Preprocessing; batchSize?: number } = {},
) {
  const options = { outputs: ['features'], preprocessing, batchSize, workers: 2 };
  const extractor = await openExtractor({ model, runtime }, options);
  const batches: FeatureBatch[] = [];
  try {
    for (const images of sets) for await (const batch of extractor.extract(images)) batches.push(batch);
  } finally {
    await extractor.close();
  }
  return {
    features: batches.flatMap(({ outputs }) => [...outputs.features]),
    failures: batches.flatMap(({ failures }) => failures),
  };
}

/** Images in memory; those who take them take their pixels with them, so they are made anew for everyone. */
function images(...sizes: ImageSize[]): ImageFile[] {
  return sizes.map((size, i) => ({ path: `${i}`, name: `${i}`, image: noise(size, i) }));
}

const size = (width: number, height: number): ImageSize => ({ width, height });
const many = (each: ImageSize, count = 8) => Array.from({ length: count }, () => each);

describe('images of one size, on a GPU', () => {
  it.each(['clean', 'pytorch', 'tf1'] as const)(
    'come to the network as they are, which gives the bits of the CPU (%s)',
    async (preprocessing) => {
      const expected = await extract(cpu, [files], { preprocessing });
      expect(await extract(gpu, [files], { preprocessing })).toEqual(expected);
      expect(opened).toEqual([{ width: 32, height: 32, channels: 1 }]);
    },
  );

  it.each(['pytorch', 'tf1'] as const)('are resized by it to the same bits (%s)', async (preprocessing) => {
    const set = () => images(...many(size(40, 24)));
    const expected = await extract(cpu, [set()], { preprocessing });
    expect(await extract(gpu, [set()], { preprocessing })).toEqual(expected);
    expect(opened).toEqual([{ width: 40, height: 24, channels: 1 }]);
  });

  it('are resized by it to the last bits by the filter that sums in float64 on the CPU', async () => {
    const set = () => images(...many(size(20, 27)));
    const { features: expected } = await extract(cpu, [set()]);
    const { features: found } = await extract(gpu, [set()]);
    const largest = Math.max(...expected.map(Math.abs));
    expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i])))).toBeLessThan(1e-5 * largest);
    expect(opened).toEqual([{ width: 20, height: 27, channels: 1 }]);
  });

  it('share a network with later sets of that size, and up to four sizes have one', async () => {
    const sides = [10, 12, 14, 10, 16, 18, 12];
    const sets = () => sides.map((side) => images(...many(size(side, side), 4)));
    const expected = await extract(cpu, sets(), { preprocessing: 'tf1' });
    expect(await extract(gpu, sets(), { preprocessing: 'tf1' })).toEqual(expected);
    expect(opened.map(({ width, channels }) => [width, channels])).toEqual([
      [10, 1],
      [12, 1],
      [14, 1],
      [16, 1],
      [32, 3],
    ]);
  });

  it('lose only those that cannot be decoded', async () => {
    const broken = { path: projectFile('package.json'), name: 'broken.png' };
    const set = [...files.slice(0, 5), broken, ...files.slice(5)];
    const expected = await extract(cpu, [set]);
    expect(expected.failures).toMatchObject([{ name: 'broken.png' }]);
    expect(await extract(gpu, [set])).toEqual(expected);
    expect(opened).toEqual([{ width: 32, height: 32, channels: 1 }]);
  });
});

describe('images that workers prepare for a GPU', () => {
  it('are those of batches that are not of the size of the first image', async () => {
    const sizes = [...many(size(24, 24), 6), size(24, 20), size(24, 24), ...many(size(20, 20), 4)];
    const expected = await extract(cpu, [images(...sizes)], { preprocessing: 'pytorch' });
    expect(await extract(gpu, [images(...sizes)], { preprocessing: 'pytorch' })).toEqual(expected);
    expect(opened.map(({ width, channels }) => [width, channels])).toEqual([
      [24, 1],
      [32, 3],
    ]);
  });

  it.each([
    ['with more pixels than three inputs of the network have values', images(...many(size(56, 55)))],
    ['whose first cannot be read', [{ path: projectFile('package.json'), name: 'broken' }]],
  ])('are those of sets %s', async (_, set) => {
    const all = [...set, ...files];
    await extract(gpu, [all]);
    expect(opened).toEqual([{ width: 32, height: 32, channels: 3 }]);
  });

  it('are all of them where the network is an ONNX file', async () => {
    const file = { ...model, graph: { path: 'network.onnx' } };
    const networks = await openThreadNetworks(
      { model: file, runtime: { ...gpu, open: async () => sums() } },
      { outputs: ['sum'], preprocessing: 'clean' },
    );
    expect(networks.prepares).toBeUndefined();
    await networks.dispose();
  });
});

it('a CPU prepares nothing in the network, and is opened at once', async () => {
  const shared: Runtime = { ...cpu, threading: 'all', open: cpu.open.bind(cpu) };
  expect(await extract(shared, [files])).toEqual(await extract(cpu, [files]));
});
