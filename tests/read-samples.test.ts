import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { GanMetricsError } from '../src/errors';
import { encodeNpy, type NdArray } from '../src/files/npy';
import { writeNpz } from '../src/files/write-npz';
import { findImages } from '../src/images/find-images';
import { readImage } from '../src/images/read-image';
import { readSamples, type SampleSource } from '../src/read-samples';
import { projectFile } from './reference';

const folder = mkdtempSync(path.join(tmpdir(), 'read-samples-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string) => path.join(folder, name);
const npy = (array: NdArray) => Buffer.concat([...encodeNpy(array)]);
const images = { shape: [3, 2, 2], data: Uint8Array.from({ length: 12 }, (_, i) => 20 * i) };

writeFileSync(file('a.npy'), npy({ shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }));
writeFileSync(file('line.npy'), npy({ shape: [3], data: Float64Array.of(1, 2, 3) }));
writeFileSync(file('number.npy'), npy({ shape: [], data: Float64Array.of(1) }));
writeFileSync(file('b.csv'), 'x,y\n1,2\n3,4\n');
writeFileSync(file('c#d.csv'), '7,8\n');
await writeNpz(file('two.npz'), {
  images: encodeNpy(images),
  labels: encodeNpy({ shape: [3], data: Uint8Array.of(0, 1, 2) }),
});
await writeNpz(file('one.npz'), { features: encodeNpy({ shape: [1, 1], data: Float64Array.of(9) }) });

async function codeOf(source: SampleSource, options = {}): Promise<unknown> {
  return readSamples(source, options).then(
    () => 'no error',
    (error) => (error instanceof GanMetricsError ? error.code : error),
  );
}

describe('readSamples', () => {
  it('reads arrays as they are, float32 too', async () => {
    expect(await readSamples(file('a.npy'))).toEqual({
      rows: 3,
      columns: 2,
      data: Float32Array.of(1, 2, 3, 4, 5, 6),
    });
    expect(await readSamples(file('line.npy'))).toMatchObject({ rows: 3, columns: 1 });
    expect(await readSamples(file('one.npz'))).toMatchObject({ data: Float64Array.of(9) });
    expect(await readSamples(file('b.csv'))).toMatchObject({ rows: 2, data: Float64Array.of(1, 2, 3, 4) });
  });

  it('takes an array of an archive, and rows, by what follows #', async () => {
    expect((await readSamples(`${file('a.npy')}#[1:2]`)).data).toEqual(Float32Array.of(3, 4));
    expect((await readSamples(`${file('a.npy')}#[:1]`)).data).toEqual(Float32Array.of(1, 2));
    expect((await readSamples(`${file('b.csv')}#[1:]`)).data).toEqual(Float64Array.of(3, 4));
    const some = await readSamples(`${file('two.npz')}#images[1:3]`);
    expect(some).toMatchObject({ rows: 2, columns: 4 });
  });

  it('reads a file whose name has a # in it', async () => {
    expect((await readSamples(file('c#d.csv'))).data).toEqual(Float64Array.of(7, 8));
  });

  it('scales bytes to [0, 1] in float64', async () => {
    const { data } = await readSamples(`${file('two.npz')}#images`);
    expect(data).toEqual(Float64Array.from(images.data, (byte) => byte / 255));
  });

  it('reads images of a folder or a list, in the order of their names', async () => {
    const real = projectFile('fixtures', 'real');
    const all = await readSamples(real, { size: 4 });
    expect(all).toMatchObject({ rows: 160, columns: 48 });
    const some = await readSamples(`${real}#[2:4]`, { size: 4 });
    expect(some.data).toEqual(all.data.slice(96, 192));
    const list = [2, 3].map((i) => path.join(real, `real_00${i}.png`));
    expect((await readSamples(list, { size: 4 })).data).toEqual(some.data);
    expect(Math.min(...all.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...all.data)).toBeLessThanOrEqual(1);
  });

  it('reads images of an archive, and in memory, as those of a folder', async () => {
    const names = [2, 3].map((i) => `real_00${i}.png`);
    const list = names.map((name) => projectFile('fixtures', 'real', name));
    const expected = await readSamples(list, { size: 4 });
    const entries = names.map((name, i) => [name, readFileSync(list[i])] as const);
    writeFileSync(file('images.zip'), zipSync(Object.fromEntries(entries)));
    expect(await readSamples(file('images.zip'), { size: 4 })).toEqual(expected);
    expect((await readSamples(`${file('images.zip')}#[1:]`, { size: 4 })).data).toEqual(
      expected.data.slice(48),
    );
    const decoded = [];
    for (const image of await findImages(list)) decoded.push(await readImage(image));
    expect(await readSamples(decoded, { size: 4 })).toEqual(expected);
    const floats = decoded.map((image) => ({
      ...image,
      data: Float32Array.from(image.data, (byte) => byte / 255),
    }));
    expect(await readSamples({ images: floats, range: [0, 1] }, { size: 4 })).toEqual(expected);
  });

  it('names what is wrong with a source', async () => {
    expect(await codeOf({ images: file('a.npy'), range: [0, 1] })).toBe('INVALID_OPTION');
    expect(await codeOf([])).toBe('NO_IMAGES');
    expect(await codeOf(file('none.npy'))).toBe('INVALID_OPTION');
    expect(await codeOf(file('none.csv'))).toBe('INVALID_OPTION');
    expect(await codeOf(file('two.npz'))).toBe('INVALID_OPTION');
    expect(await codeOf(`${file('two.npz')}#pixels`)).toBe('INVALID_OPTION');
    expect(await codeOf(`${file('a.npy')}#images`)).toBe('INVALID_OPTION');
    expect(await codeOf(`${file('b.csv')}#images`)).toBe('INVALID_OPTION');
    expect(await codeOf(`${file('a.npy')}#[2:9]`)).toBe('INVALID_OPTION');
    expect(await codeOf(`${file('a.npy')}#[2:2]`)).toBe('INVALID_OPTION');
    expect(await codeOf(file('number.npy'))).toBe('SHAPE_MISMATCH');
    expect(await codeOf(projectFile('fixtures', 'real'))).toBe('SHAPE_MISMATCH');
    expect(await codeOf(projectFile('fixtures', 'real'), { size: 0 })).toBe('INVALID_OPTION');
    expect(await codeOf(projectFile('fixtures', 'kde'))).toBe('NO_IMAGES');
    await expect(readSamples(file('two.npz'))).rejects.toThrow(/two\.npz#images; it has images, labels/);
  });
});
