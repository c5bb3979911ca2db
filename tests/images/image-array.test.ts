import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { memorySource } from '../../src/files/byte-source';
import { encodeNpy } from '../../src/files/npy';
import { openNpz } from '../../src/files/npz';
import { writeNpz } from '../../src/files/write-npz';
import { locateZipEntry } from '../../src/files/zip';
import { imagesInArray } from '../../src/images/image-array';
import { readImage } from '../../src/images/read-image';
import { projectFile } from '../reference';

const fixture = (name: string) => projectFile('fixtures/npy', name);
const { archives } = JSON.parse(readFileSync(fixture('values.json'), 'utf8')) as {
  archives: Record<string, Record<string, { shape: number[]; values: number[] }>>;
};
const { shape, values } = archives['adm-samples.npz'].arr_0;
const [n, height, width] = shape;
const error = (code: string) => expect.objectContaining({ code });

let folder: string;
let temporary: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-arrays-'));
  temporary = path.join(folder, 'temporary');
  mkdirSync(temporary);
  // What is unfolded goes where os.tmpdir says.
  vi.stubEnv('TMPDIR', temporary);
});
afterEach(() => expect(readdirSync(temporary)).toEqual([]));
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function pixelsOf(file: string): Promise<number[]> {
  const { files, release } = await imagesInArray(file);
  const images = await Promise.all(files.map(readImage));
  await release();
  expect(images.every((image) => image.width === width && image.height === height)).toBe(true);
  return images.flatMap(({ data }) => [...data]);
}

describe('imagesInArray', () => {
  it.each(['adm-samples.npz', 'adm-samples-deflated.npz', 'adm-reference.npz'])(
    'finds every pixel of %s',
    async (name) => {
      expect(await pixelsOf(fixture(name))).toEqual(values);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  it('finds them in a bare array', async () => {
    const file = path.join(folder, 'images.npy');
    writeFileSync(file, Buffer.concat(encodeNpy({ shape, data: Uint8Array.from(values) })));
    expect(await pixelsOf(file)).toEqual(values);
  });

  it('names images by their place in the batch', async () => {
    const { files } = await imagesInArray(fixture('adm-samples.npz'));
    expect(files.map(({ name }) => name)).toEqual(
      Array.from({ length: n }, (_, i) => `adm-samples.npz[${i}]`),
    );
  });

  it('keeps a deflated batch on disk until it is released, and no longer', async () => {
    const { release } = await imagesInArray(fixture('adm-samples-deflated.npz'));
    expect(readdirSync(temporary)).toHaveLength(1);
    await release();
  });

  it.each(['adm-samples.npz', 'adm-samples-deflated.npz'])(
    'notices a changed bit of %s, and leaves nothing behind',
    async (name) => {
      const bytes = readFileSync(fixture(name));
      const archive = memorySource(bytes, name);
      const { at, length } = locateZipEntry(archive, openNpz(archive).entry('arr_0'));
      bytes[at + length - 40] ^= 1;
      const file = path.join(folder, name);
      writeFileSync(file, bytes);
      await expect(imagesInArray(file)).rejects.toThrow(error('CORRUPT_FILE'));
    },
  );

  it.each(['adm-samples.npz', 'adm-samples-deflated.npz'])(
    'refuses %s where it is cut short',
    async (name) => {
      const bytes = readFileSync(fixture(name));
      for (let length = 0; length < bytes.length; length += 97) {
        const file = path.join(folder, 'cut.npz');
        writeFileSync(file, bytes.subarray(0, length));
        await expect(imagesInArray(file)).rejects.toThrow(error('CORRUPT_FILE'));
      }
    },
  );

  it('stops where a batch unfolds to more than it claims', async () => {
    const file = path.join(folder, 'bomb.npz');
    // Header and directory agree on one image; what is packed is 400.
    const images = encodeNpy({ shape: [1, 64, 64, 3], data: new Uint8Array(400 * 64 * 64 * 3) });
    await writeNpz(file, { arr_0: images }, { compress: true });
    const bytes = readFileSync(file);
    const header = Buffer.from('PK\x01\x02', 'latin1');
    bytes.writeUInt32LE(128 + 64 * 64 * 3, bytes.indexOf(header) + 24);
    writeFileSync(file, bytes);
    await expect(imagesInArray(file)).rejects.toThrow(error('CORRUPT_FILE'));
  });

  it.each([
    ['ttur.npz', 'UNSUPPORTED_FILE'],
    ['le-f4.npy', 'UNSUPPORTED_FILE'],
    ['u1.npy', 'UNSUPPORTED_FILE'],
    ['objects.npy', 'UNSAFE_FILE'],
  ])('refuses %s as %s', async (name, code) => {
    await expect(imagesInArray(fixture(name))).rejects.toThrow(error(code));
  });

  it('stops when it is told to', async () => {
    const stopped = imagesInArray(fixture('adm-samples-deflated.npz'), { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toThrow(error('ABORTED'));
  });
});
