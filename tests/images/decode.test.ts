import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/images/decode';
import { projectFile } from '../reference';
import { sha256 } from './pixels';

type Expected = { width: number; height: number; sha256: string } | { error: string };

const folder = projectFile('fixtures', 'decode');
const { files } = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as {
  files: Record<string, Expected>;
};
const read = (name: string): Uint8Array => readFileSync(`${folder}/${name}`);

/** Pillow makes up what these lack, or overlooks the checksum. */
const REFUSED_THOUGH_PILLOW_READS = [
  'broken-checksum-only.png',
  'broken-last-number-missing.ppm',
  'broken-no-end.png',
  'broken-rows-missing.png',
  'unsupported-lab.tif',
];
/** In a run of an odd number of 4-bit indices Pillow 9.4 drops the last one, and goes astray. */
const READ_OTHERWISE = ['rle4-odd-run.bmp'];

describe('decodeImage gives every byte that Pillow gives', () => {
  for (const [name, expected] of Object.entries(files)) {
    if ('error' in expected || [...REFUSED_THOUGH_PILLOW_READS, ...READ_OTHERWISE].includes(name)) continue;
    it(name, async () => {
      const { width, height, data } = await decodeImage(read(name), name);
      expect({ width, height, sha256: sha256(data) }).toEqual(expected);
    });
  }
});

describe('decodeImage refuses a broken file, with its name and the reason', () => {
  const reasons: Record<string, readonly [string, RegExp]> = {
    'broken-bomb.png': ['UNSUPPORTED_IMAGE', /50000 × 50000 pixels are above the limit/],
    'broken-checksum-only.png': ['CORRUPT_FILE', /wrong checksum of its IDAT chunk/],
    'broken-checksum.png': ['CORRUPT_FILE', /wrong checksum of its IDAT chunk/],
    'broken-cut-with-thumbnail.jpg': ['CORRUPT_FILE', /truncated JPEG/],
    'broken-cut.bmp': ['CORRUPT_FILE', /truncated BMP/],
    'broken-cut.gif': ['CORRUPT_FILE', /truncated or damaged GIF/],
    'broken-cut.jpg': ['CORRUPT_FILE', /truncated JPEG/],
    'broken-cut.png': ['CORRUPT_FILE', /truncated PNG \(in its IDAT chunk\)/],
    'broken-cut.ppm': ['CORRUPT_FILE', /truncated PNM/],
    'broken-cut.tif': ['CORRUPT_FILE', /TIFF/],
    'broken-cut.webp': ['CORRUPT_FILE', /truncated WebP/],
    'broken-empty.png': ['CORRUPT_FILE', /empty file/],
    'broken-filter.png': ['CORRUPT_FILE', /row filter/],
    'broken-header-only.jpg': ['CORRUPT_FILE', /no image in it/],
    'broken-last-number-missing.ppm': ['CORRUPT_FILE', /truncated PNM/],
    'broken-no-end-marker.jpg': ['CORRUPT_FILE', /truncated JPEG/],
    'broken-no-end.png': ['CORRUPT_FILE', /no IEND chunk/],
    'broken-no-pixels.png': ['CORRUPT_FILE', /0 × 5 pixels/],
    'broken-rows-missing.png': ['CORRUPT_FILE', /too little image data/],
    'broken-text.png': ['UNSUPPORTED_IMAGE', /not an image \(starts with "<!DOCTYPE"\)/],
    'broken-value.pgm': ['CORRUPT_FILE', /value out of range/],
    'broken-zeros.jpg': ['UNSUPPORTED_IMAGE', /only zeros/],
    'unsupported-lab.tif': ['UNSUPPORTED_IMAGE', /kind of TIFF that is not supported/],
  };

  it('and each broken fixture is one of these', () => {
    const broken = Object.keys(files).filter((name) => /^(broken|unsupported)-/.test(name));
    expect(broken).toEqual(Object.keys(reasons));
  });

  for (const [name, [code, reason]] of Object.entries(reasons)) {
    it(name, async () => {
      await expect(decodeImage(read(name), name)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(name),
        details: { name, reason: expect.stringMatching(reason) },
      });
    });
  }

  it('and Pillow does so too, but for those named', () => {
    const readable = Object.keys(reasons).filter((name) => !('error' in files[name]));
    expect(readable).toEqual(REFUSED_THOUGH_PILLOW_READS);
  });
});

describe('decodeImage reads by the format what Pillow does not', () => {
  const palette = read('palette8.bmp').subarray(54);
  const colorsOf = (indices: number[]): number[] =>
    indices.flatMap((i) => [palette[4 * i + 2], palette[4 * i + 1], palette[4 * i]]);

  it('rle4-odd-run.bmp: a run of 5 indices and one of 3', async () => {
    const { data } = await decodeImage(read('rle4-odd-run.bmp'), 'x.bmp');
    expect(Array.from(data)).toEqual(colorsOf([1, 2, 3, 4, 5, 6, 7, 0]));
    expect(sha256(data)).not.toBe((files['rle4-odd-run.bmp'] as { sha256: string }).sha256);
  });

  it('rle8-early-end.bmp: rows that are not there have index 0', async () => {
    const { width, height, data } = await decodeImage(read('rle8-early-end.bmp'), 'x.bmp');
    const lastRows = [...Array(3).fill(2), ...Array(width - 3).fill(0), ...Array(width).fill(1)];
    expect(Array.from(data)).toEqual(colorsOf([...Array(width * (height - 2)).fill(0), ...lastRows]));
  });

  it('data-split-by-text.png: image data in two places', async () => {
    const { data } = await decodeImage(read('data-split-by-text.png'), 'x.png');
    expect(sha256(data)).toBe((files['split-data.png'] as { sha256: string }).sha256);
  });
});

describe('decodeImage', () => {
  it('reads bytes that lie inside of a larger buffer', async () => {
    for (const name of ['rgb8.png', '420.jpg', 'p6-16.ppm', 'palette8.bmp', 'palette.gif', 'rgb.tif']) {
      const bytes = read(name);
      const larger = new Uint8Array(bytes.length + 9).fill(99);
      larger.set(bytes, 5);
      const { data } = await decodeImage(larger.subarray(5, 5 + bytes.length), name);
      expect(sha256(data)).toBe((files[name] as { sha256: string }).sha256);
    }
  });

  it('gives plain Uint8Arrays', async () => {
    for (const name of ['rgb8.png', '420.jpg', 'lossy.webp']) {
      expect(Object.getPrototypeOf((await decodeImage(read(name), name)).data)).toBe(Uint8Array.prototype);
    }
  });

  it('does not change the bytes', async () => {
    for (const name of Object.keys(files)) {
      const bytes = read(name);
      const before = sha256(bytes);
      await decodeImage(bytes, name).catch(() => undefined);
      expect(sha256(bytes)).toBe(before);
    }
  });

  it('takes no memory for rows that so few bytes cannot hold', async () => {
    const bytes = new Uint8Array(read('broken-bomb.png'));
    // 10 000 × 10 000 pixels are allowed, 300 MB of them; the checksum is set right.
    const view = new DataView(bytes.buffer);
    view.setUint32(16, 10_000);
    view.setUint32(20, 10_000);
    view.setUint32(29, (await import('node:zlib')).crc32(bytes.subarray(12, 29)));
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodeImage(bytes, 'x.png')).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6);
  });

  it('reads AVIF, close to the picture it was made of', async () => {
    const { default: sharp } = await import('sharp');
    const { width, height, data } = await decodeImage(read('rgb8.png'), 'rgb8.png');
    const raw = { width, height, channels: 3 } as const;
    const avif = await sharp(data, { raw }).avif({ quality: 100, lossless: true }).toBuffer();
    const decoded = await decodeImage(avif, 'x.avif');
    expect(decoded).toMatchObject({ width, height });
    expect(Math.max(...decoded.data.map((value, i) => Math.abs(value - data[i])))).toBeLessThan(8);
    await expect(decodeImage(avif.subarray(0, avif.length - 20), 'x.avif')).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
    });
  });
});
