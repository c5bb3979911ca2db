import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GanMetricsError } from '../../src/errors';
import { checkImages } from '../../src/images/check-images';
import { decodeImage } from '../../src/images/decode';
import { findImages, type ImageFile } from '../../src/images/find-images';
import { structureProblem, UNSURE } from '../../src/images/structure-problem';
import { projectFile } from '../reference';

const fixtures = projectFile('fixtures', 'decode');
let folder: string;
let names: string[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'check-images-'));
  names = (await findImages(fixtures)).map(({ name }) => name);
});
afterAll(() => rm(folder, { recursive: true }));

async function reasonFor(name: string, bytes: Uint8Array): Promise<string | undefined> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  const { bad } = await checkImages([{ path: file, name }]);
  return bad[0]?.reason;
}

describe('checkImages', () => {
  it('names what is broken and keeps the order of the files', async () => {
    const files = await findImages(fixtures);
    const { good, bad } = await checkImages(files);
    expect(bad.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'broken-bomb.png: 50000 × 50000 pixels are above the limit of 178956970 pixels and 65535 a side',
      'broken-checksum-only.png: damaged PNG (wrong checksum of its IDAT chunk)',
      'broken-checksum.png: damaged PNG (wrong checksum of its IDAT chunk)',
      'broken-cut-with-thumbnail.jpg: truncated JPEG (no end marker)',
      'broken-cut.bmp: truncated BMP',
      'broken-cut.gif: truncated or damaged GIF',
      'broken-cut.jpg: truncated JPEG (no end marker)',
      'broken-cut.png: truncated PNG (in its IDAT chunk)',
      'broken-cut.ppm: truncated PNM',
      'broken-cut.webp: truncated WebP',
      'broken-empty.png: empty file',
      'broken-header-only.jpg: truncated JPEG (no image in it)',
      'broken-no-end-marker.jpg: truncated JPEG (no end marker)',
      'broken-no-end.png: truncated PNG (no IEND chunk)',
      'broken-no-pixels.png: a header that says 0 × 5 pixels',
      'broken-text.png: not an image (starts with "<!DOCTYPE")',
      'broken-zeros.jpg: only zeros (a lost or unfinished write)',
    ]);
    expect(good).toEqual(files.filter(({ name }) => !bad.some((image) => image.name === name)));
  });

  it('never rejects what decodeImage reads, wherever a file is cut', async () => {
    for (const name of names) {
      const bytes = await readFile(path.join(fixtures, name));
      const cuts = [0.1, 0.5, 0.9].map((share) => Math.floor(bytes.length * share));
      for (const cut of [...cuts, bytes.length - 3, bytes.length - 1]) {
        await agree(name, bytes.subarray(0, Math.max(0, cut)));
      }
    }
  });

  it('never rejects what decodeImage reads, and decodeImage fails with an error of ours, whatever is changed', async () => {
    const someName = fc.constantFrom(...names);
    const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(someName, changes, async (name, places) => {
        const bytes = new Uint8Array(await readFile(path.join(fixtures, name)));
        for (const [place, value] of places) bytes[Math.floor(place * (bytes.length - 1))] = value;
        await agree(name, bytes);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('reads the ends of a large file, and all of it only in doubt', async () => {
    const png = await readFile(path.join(fixtures, 'rgb8.png'));
    const padding = new Uint8Array(60_000).fill(7);
    expect(await reasonFor('garbage-behind.png', Buffer.concat([png, padding]))).toBeUndefined();
    const jpeg = await readFile(path.join(fixtures, '420.jpg'));
    expect(await reasonFor('garbage-behind.jpg', Buffer.concat([jpeg, padding]))).toBeUndefined();
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0xea, 0x62]), padding]);
    const late = Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
    expect(await reasonFor('late-header.jpg', late)).toBeUndefined();
    expect(await reasonFor('late-cut.jpg', late.subarray(0, -9))).toBe('truncated JPEG (no end marker)');
    const longHeader = Buffer.from(`P5 #${' '.repeat(40_000)}\n1 1 255\n\x07`, 'latin1');
    expect(await reasonFor('long-header.pgm', longHeader)).toBeUndefined();
    await decodeImage(longHeader, 'long-header.pgm');
  });

  it('says what a file is that it does not support', async () => {
    const reasons = new Map<string, string>([
      ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'HEIC is not supported; convert to PNG'],
      ['\0\0\0\x0cJXL \r\n\x87\n', 'JPEG XL is not supported; convert to PNG'],
      ['\0\0\0\x0cjP  \r\n\x87\n', 'JPEG 2000 is not supported; convert to PNG'],
      ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'SVG is not supported; convert to PNG'],
      ['8BPS\0\x01', 'Photoshop files are not supported; convert to PNG'],
      ['PK\x03\x04', 'a zip archive, not an image'],
      [
        'version https://git-lfs.github.com/spec/v1\n',
        'a Git LFS pointer, not the image itself; run git lfs pull',
      ],
      ['BMore text than picture', 'not an image (starts with "BMore")'],
      ['\x01\x02\x03\x04\x05', 'not an image (starts with bytes 01 02 03 04)'],
    ]);
    for (const [content, reason] of reasons) {
      expect(await reasonFor('x.png', Buffer.from(content, 'latin1'))).toBe(reason);
    }
  });

  it('names a file that is gone or cannot be read', async () => {
    const files: ImageFile[] = [
      { path: path.join(folder, 'gone.png'), name: 'gone.png' },
      { path: folder, name: 'folder.png' },
    ];
    const { good, bad } = await checkImages(files);
    expect(good).toEqual([]);
    expect(bad.map(({ reason }) => reason)).toEqual(['missing file', 'cannot be opened (EISDIR)']);
  });

  it('tells its progress and stops when told to', async () => {
    const files = await findImages(fixtures);
    const seen: number[] = [];
    const stop = new AbortController();
    await checkImages(files, { onProgress: (done, total) => seen.push(done / total) });
    expect(seen).toEqual(files.map((_, i) => (i + 1) / files.length));
    const onProgress = (done: number): void => {
      if (done === 3) stop.abort();
    };
    const stopped = checkImages(files, { concurrency: 1, onProgress, signal: stop.signal });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(checkImages(files, { concurrency: 0 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

async function agree(name: string, bytes: Uint8Array): Promise<void> {
  const problem = structureProblem({ size: bytes.length, head: bytes, tail: bytes });
  expect(problem).not.toBe(UNSURE);
  try {
    await decodeImage(bytes, name);
  } catch (error) {
    expect(error).toBeInstanceOf(GanMetricsError);
    return;
  }
  expect(problem, `${name}, ${bytes.length} bytes, which decodeImage reads`).toBeUndefined();
}

it('every fixture is found by its extension', async () => {
  const files = (await readdir(fixtures)).filter((name) => !/\.(json|md|py)$/.test(name));
  expect(names.length).toBe(files.length);
});
