import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GanMetricsError } from '../../src/errors';
import { collectImages } from '../../src/features/collect-images';
import { encodeNpy } from '../../src/files/npy';
import { writeNpz } from '../../src/files/write-npz';
import { findImages, type ImageFile } from '../../src/images/find-images';
import type { DescribedImages, ImageSource, ImageTensor, RawImage } from '../../src/images/image-source';
import { readImage } from '../../src/images/read-image';
import { projectFile } from '../reference';

const COUNT = 6;
const SIZE = 32;
const VALUES = SIZE * SIZE * 3;

let folder: string;
let paths: string[];
/** n × size × size × 3: the pixels of the images, which every source must give. */
let bytes: Uint8Array;

beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-sources-'));
  mkdirSync(at('temporary'));
  // What is unfolded goes where os.tmpdir says.
  vi.stubEnv('TMPDIR', at('temporary'));
  const images = [];
  for (const file of await findImages(projectFile('fixtures/fake'))) {
    const { width, height, data } = await readImage(file);
    if (width === SIZE && height === SIZE && images.length < COUNT) images.push({ path: file.path, data });
  }
  paths = images.map((image) => image.path);
  bytes = Uint8Array.from(Buffer.concat(images.map(({ data }) => data)));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const at = (name: string) => path.join(folder, name);

async function collect(source: ImageSource, options: { limit?: number; seed?: number } = {}) {
  return collectImages(source, { name: 'generated', seed: 0, ...options });
}

async function pixelsOf(source: ImageSource, options: { limit?: number; seed?: number } = {}) {
  const { files, release, ...rest } = await collect(source, options);
  try {
    const images: { file: ImageFile; data: Uint8Array }[] = [];
    for await (const file of files) {
      images.push({ file, data: Uint8Array.from((await readImage(file)).data) });
    }
    return { ...rest, names: images.map(({ file }) => file.name), pixels: images.map(({ data }) => data) };
  } finally {
    await release();
  }
}

async function expectSamePixels(source: ImageSource): Promise<void> {
  const { pixels, count } = await pixelsOf(source);
  expect(pixels.length).toBe(COUNT);
  if (count !== null) expect(count).toBe(COUNT);
  expect(Buffer.concat(pixels).equals(bytes)).toBe(true);
}

async function errorOf(work: Promise<unknown>): Promise<GanMetricsError> {
  return work.then(
    () => expect.unreachable('no error'),
    (error) => {
      expect(error).toBeInstanceOf(GanMetricsError);
      return error as GanMetricsError;
    },
  );
}

const spread = ([low, high]: readonly [number, number]) =>
  Float32Array.from(bytes, (byte) => low + (byte / 255) * (high - low));

const tensor = (values: Float32Array | Int32Array, n = COUNT, dtype: 'float32' | 'int32' = 'float32') =>
  tf.tensor4d(values, [n, SIZE, SIZE, 3], dtype);

/** [n, h, w, 3] as [n, 3, h, w]. */
function channelsFirst<Data extends Uint8Array | Float32Array>(values: Data): Data {
  const result = values.slice() as Data;
  const pixels = SIZE * SIZE;
  for (let i = 0; i < values.length; i++) {
    const [image, rest] = [Math.floor(i / VALUES), i % VALUES];
    result[image * VALUES + (rest % 3) * pixels + Math.floor(rest / 3)] = values[i];
  }
  return result;
}

const raw = (i: number): RawImage => ({
  data: bytes.slice(i * VALUES, (i + 1) * VALUES),
  width: SIZE,
  height: SIZE,
});
const rgba = (i: number): RawImage => {
  const { data } = raw(i);
  const filled = Uint8ClampedArray.from({ length: SIZE * SIZE * 4 }, (_, k) =>
    k % 4 === 3 ? 128 : data[3 * Math.floor(k / 4) + (k % 4)],
  );
  return { data: filled, width: SIZE, height: SIZE };
};
const indices = Array.from({ length: COUNT }, (_, i) => i);

describe('pixels are those of the same images in a folder', () => {
  it.each([
    ['−1 to 1', [-1, 1]],
    ['0 to 1', [0, 1]],
    ['0 to 255', [0, 255]],
    ['any stated range', [-3, 5]],
  ] as const)('of a tensor of floats, %s', async (_, range) => {
    const images = tensor(spread(range));
    await expectSamePixels({ images, range });
    images.dispose();
  });

  it('of a tensor of integers, which are bytes', async () => {
    const images = tensor(Int32Array.from(bytes), COUNT, 'int32');
    await expectSamePixels(images);
    images.dispose();
  });

  it('of tensors one by one, in a list, an iterable and an async iterable', async () => {
    const parts = indices.map((i) => tf.tensor3d(Int32Array.from(raw(i).data), [SIZE, SIZE, 3], 'int32'));
    await expectSamePixels(parts);
    await expectSamePixels(new Set(parts));
    await expectSamePixels(
      (async function* () {
        yield* parts;
      })(),
    );
    tf.dispose(parts);
  });

  it('of a tensor with channels first', async () => {
    const images = tf.tensor4d(channelsFirst(spread([0, 1])), [COUNT, 3, SIZE, SIZE]);
    await expectSamePixels({ images, range: [0, 1] });
    images.dispose();
  });

  it('of raw pixels, RGB and RGBA, whose alpha is dropped', async () => {
    await expectSamePixels(indices.map(raw));
    await expectSamePixels(indices.map(rgba));
  });

  it('of a generator function', async () => {
    let next = 0;
    const images = async (n: number) => {
      const values = bytes.slice(next * VALUES, (next + n) * VALUES);
      next += n;
      return tensor(Int32Array.from(values), n, 'int32');
    };
    await expectSamePixels({ images, samples: COUNT, perCall: 4 });
  });

  it('of arrays in files: bytes and floats, channels last and first', async () => {
    const shape = [COUNT, SIZE, SIZE, 3];
    const first = [COUNT, 3, SIZE, SIZE];
    const write = (name: string, array: Parameters<typeof encodeNpy>[0]) => {
      writeFileSync(at(name), Buffer.concat(encodeNpy(array)));
      return at(name);
    };
    await expectSamePixels(write('bytes.npy', { shape, data: bytes }));
    await expectSamePixels(write('bytes-first.npy', { shape: first, data: channelsFirst(bytes) }));
    const range = [-1, 1] as const;
    await expectSamePixels({ images: write('floats.npy', { shape, data: spread(range) }), range });
    const planes = { shape: first, data: channelsFirst(spread(range)) };
    await expectSamePixels({ images: write('floats-first.npy', planes), range });
    await writeNpz(at('images.npz'), { arr_0: encodeNpy({ shape, data: bytes }) });
    await expectSamePixels(at('images.npz'));
  });

  it('of zip archives, stored and deflated', async () => {
    const entries = Object.fromEntries(paths.map((file) => [path.basename(file), readFileSync(file)]));
    for (const level of [0, 9] as const) {
      const name = `level-${level}.zip`;
      writeFileSync(
        at(name),
        zipSync({ 'deep/': new Uint8Array(), deep: entries, 'a.txt': bytes }, { level }),
      );
      await expectSamePixels(at(name));
    }
  });

  it.each(['gnu', 'pax', 'ustar'])('of a tar archive in %s format, packed or not', async (format) => {
    const deep = 'd'.repeat(80);
    mkdirSync(at(`${format}/${deep}/${deep}`), { recursive: true });
    for (const file of paths)
      writeFileSync(at(`${format}/${deep}/${deep}/${path.basename(file)}`), readFileSync(file));
    for (const [name, flag] of [
      [`${format}.tar`, '-cf'],
      [`${format}.tar.gz`, '-czf'],
    ]) {
      execFileSync('tar', [`--format=${format}`, flag, at(name), '-C', at(format), '.']);
      await expectSamePixels(at(name));
      const { names } = await pixelsOf(at(name));
      expect(names[0]).toBe(`${deep}/${deep}/${path.basename(paths[0])}`);
    }
    expect(readdirSync(at('temporary'))).toEqual([]);
  });
});

describe('values', () => {
  it('are rounded to bytes as a PNG would hold them, ties up', async () => {
    const values = new Float32Array(VALUES).fill(0.5);
    const images = tf.tensor4d(values, [1, SIZE, SIZE, 3]);
    const { pixels } = await pixelsOf({ images, range: [0, 1] });
    expect([...new Set(pixels[0])]).toEqual([128]);
    images.dispose();
  });

  it('of one channel become gray', async () => {
    const images = tf.tensor4d(Int32Array.of(0, 100, 200, 255), [1, 2, 2, 1], 'int32');
    const { pixels } = await pixelsOf(images);
    expect([...pixels[0]]).toEqual([0, 100, 200, 255].flatMap((byte) => [byte, byte, byte]));
    images.dispose();
  });

  it.each<[string, readonly [number, number], readonly number[], string]>([
    ['beyond the stated range', [0, 1], [-1, 1], 'found -1 to 1'],
    ['a little beyond it', [-1, 1], [-1, 1.01], 'found -1 to 1.01'],
    ['0 to 1 said to be 0 to 255', [0, 255], [0, 0.5], 'look like [0, 1]'],
  ])('%s are an error that shows them', async (_, range, [least, most], words) => {
    const values = new Float32Array(VALUES).fill(least);
    values[7] = most;
    const images = tf.tensor4d(values, [1, SIZE, SIZE, 3]);
    const error = await errorOf(pixelsOf({ images, range }));
    expect(error.code).toBe('VALUES_OUT_OF_RANGE');
    expect(error.message).toContain(words);
    images.dispose();
  });

  it('that are NaN are an error', async () => {
    const images = tf.fill([1, SIZE, SIZE, 3], Number.NaN);
    expect((await errorOf(pixelsOf({ images: images as tf.Tensor4D, range: [0, 1] }))).code).toBe(
      'NOT_FINITE',
    );
    images.dispose();
  });

  it('that are floats need a range', async () => {
    const images = tensor(spread([0, 1]));
    const error = await errorOf(pixelsOf(images));
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain('range: [-1, 1]');
    images.dispose();
  });

  it('of a file of floats that break the range end the run, and are not left out as a damaged image is', async () => {
    writeFileSync(
      at('wide.npy'),
      Buffer.concat(encodeNpy({ shape: [COUNT, SIZE, SIZE, 3], data: spread([0, 9]) })),
    );
    const error = await errorOf(pixelsOf({ images: at('wide.npy'), range: [0, 1] }));
    expect(error.code).toBe('VALUES_OUT_OF_RANGE');
  });
});

describe('what is said of a source', () => {
  const data = async () => new Float32Array(12);
  const anyTensor = { shape: [1, 2, 2, 3], dtype: 'float32', data, dispose() {} };
  it.each<[string, unknown, string]>([
    ['a generator without samples', { images: () => anyTensor }, 'samples'],
    ['a range of encoded images', { images: projectFile('fixtures/fake'), range: [0, 1] }, 'range'],
    ['samples of files', { images: projectFile('fixtures/fake'), samples: 5 }, 'samples'],
    ['a range that is none', { images: [anyTensor], range: [1, 0] }, 'range'],
    ['an unknown layout', { images: [anyTensor], layout: 'hwc' }, 'layout'],
    ['something else', { images: 7 }, 'source'],
    ['nothing', undefined, 'source'],
    ['perCall of a list', { images: [anyTensor], perCall: 5 }, 'perCall'],
  ])('%s is refused by name', async (_, source, name) => {
    const error = await errorOf(pixelsOf(source as ImageSource));
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain(`for ${name}`);
  });

  it('an empty list has no images', async () => {
    expect((await errorOf(pixelsOf([]))).code).toBe('NO_IMAGES');
  });

  it('an iterable that ends before its samples is an error that counts them', async () => {
    const images = (function* () {
      yield* indices.map(raw);
    })();
    const error = await errorOf(pixelsOf({ images, samples: 9 }));
    expect(error).toMatchObject({ code: 'TOO_FEW_SAMPLES', details: { samples: 9, came: COUNT } });
  });

  it('samples end an iterable that would not end by itself', async () => {
    let finished = false;
    const images = (function* () {
      try {
        for (;;) yield raw(0);
      } finally {
        finished = true;
      }
    })();
    expect((await pixelsOf({ images, samples: 5 })).pixels.length).toBe(5);
    expect(finished).toBe(true);
  });
});

describe('a limit', () => {
  it('draws the same images of a tensor as of the files', async () => {
    const images = tensor(Int32Array.from(bytes), COUNT, 'int32');
    const [ofTensor, ofFiles] = [
      await pixelsOf(images, { limit: 3, seed: 5 }),
      await pixelsOf(paths, { limit: 3, seed: 5 }),
    ];
    expect(ofTensor.pixels).toEqual(ofFiles.pixels);
    expect(ofTensor.count).toBe(3);
    images.dispose();
  });

  it('cannot draw of an iterable whose length nobody knows', async () => {
    const error = await errorOf(collect(new Set(indices.map(raw)), { limit: 3 }));
    expect(error.message).toContain('samples');
  });
});

describe('tensors', () => {
  const counted = async (work: () => Promise<unknown>): Promise<number> => {
    const before = tf.memory().numTensors;
    await work();
    return tf.memory().numTensors - before;
  };

  it('of the caller are not disposed, and nothing else is left', async () => {
    const images = tensor(Int32Array.from(bytes), COUNT, 'int32');
    expect(await counted(() => pixelsOf(images))).toBe(0);
    expect(images.isDisposed).toBe(false);
    images.dispose();
  });

  it('of a generator function are disposed, also where it makes the wrong number or the wrong values', async () => {
    const make = (n: number, values: number) => tf.fill([n, SIZE, SIZE, 3], values) as ImageTensor;
    const sources: DescribedImages[] = [
      { images: (n) => make(n, 0.5), samples: 10, range: [0, 1], perCall: 4 },
      { images: (n) => make(n + 1, 0.5), samples: 10, range: [0, 1] },
      { images: (n) => make(n, 7), samples: 10, range: [0, 1] },
      { images: (n) => tf.zeros([n, 2]) as ImageTensor, samples: 10, range: [0, 1] },
    ];
    const codes: unknown[] = [];
    for (const source of sources) {
      const left = await counted(() => pixelsOf(source).catch(({ code }) => codes.push(code)));
      expect(left).toBe(0);
    }
    expect(codes).toEqual(['SHAPE_MISMATCH', 'VALUES_OUT_OF_RANGE', 'SHAPE_MISMATCH']);
  });
});

describe('archives', () => {
  it('that are damaged cost the images that are', async () => {
    const entries = Object.fromEntries(paths.map((file) => [path.basename(file), readFileSync(file)]));
    const archive = zipSync(entries, { level: 0 });
    // Within the pixels of the first image.
    archive[200] ^= 0xff;
    writeFileSync(at('damaged.zip'), archive);
    const { files, bad } = await collect(at('damaged.zip'));
    expect(bad.map(({ name }) => name)).toEqual([path.basename(paths[0])]);
    expect((files as ImageFile[]).length).toBe(COUNT - 1);
    // The check looks at the ends of a file; all of it is looked at when it is read.
    await expect(readImage(bad[0])).rejects.toThrow('damaged in its archive');
  });

  it('that are cut short are an error', async () => {
    execFileSync('tar', ['-cf', at('whole.tar'), ...paths]);
    writeFileSync(at('cut.tar'), readFileSync(at('whole.tar')).subarray(0, 1500));
    expect((await errorOf(collect(at('cut.tar')))).code).toBe('CORRUPT_FILE');
  });

  it('without images say what is in them', async () => {
    writeFileSync(at('texts.zip'), zipSync({ 'a.txt': bytes, 'b.txt': bytes }));
    const error = await errorOf(collect(at('texts.zip')));
    expect(error.code).toBe('NO_IMAGES');
    expect(error.message).toContain('2 .txt');
  });
});
