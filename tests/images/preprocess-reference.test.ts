import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../src/files/npy';
import { decodeImage } from '../../src/images/decode';
import type { Preprocessing, RgbImage } from '../../src/images/image';
import { preprocessInto } from '../../src/images/preprocess';
import { resizeBicubic } from '../../src/images/resize-bicubic';
import { resizeBilinear } from '../../src/images/resize-bilinear';
import { readNpy } from '../npy';
import { hasReference, reference } from '../reference';

const SIZE = 299;
/** Rows and columns of the stored samples: 0, 13, …, 286, 298. */
const GRID = Array.from({ length: 24 }, (_, i) => Math.min(298, i * 13));
const ROUTES = {
  torch_fidelity_tf1: 'tf1',
  pytorch_fid: 'pytorch',
  cleanfid_legacy_pytorch: 'pytorch',
  cleanfid_clean: 'clean',
} as const;

describe.skipIf(!hasReference)('resizing against the reference folder (skipped without it)', () => {
  const folder = reference('golden', 'images');
  const images = hasReference
    ? (JSON.parse(readFileSync(`${folder}/resize.json`, 'utf8')).images as Record<string, never>)
    : {};
  const grids = hasReference ? unzipSync(readFileSync(`${folder}/resize_grid24.npz`)) : {};

  describe.each(Object.keys(images))('%s', (name) => {
    const stem = name.split('/')[1].split('.')[0];

    it.each(Object.entries(ROUTES))('as %s', async (route, preprocessing) => {
      const image = await decodeImage(readFileSync(`${folder}/${name}`), name);
      const unit = route === 'pytorch_fid';
      const resized = resize(image, preprocessing, unit ? 255 : 1);
      const expected = images[name][route] as { sha256_float32_hwc: string; sum: number };
      // The peers in PyTorch mix in fused operations: 3e-5 of 255 are two last bits. The rest is bit for bit.
      if (preprocessing !== 'pytorch') expect(sha256(resized)).toBe(expected.sha256_float32_hwc);
      const samples = decodeNpy(grids[`${stem}__${route}.npy`], stem).data;
      const scale = unit ? 255 : 1;
      expect(largestDifference(onGrid(resized), samples) * scale).toBeLessThan(3.5e-5);
      const sum = resized.reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - expected.sum) * scale).toBeLessThan(0.1);
    });

    it('scaled as the networks take it', async () => {
      const image = await decodeImage(readFileSync(`${folder}/${name}`), name);
      const samples = (route: string): number[] =>
        Array.from(decodeNpy(grids[`${stem}__${route}.npy`], stem).data);
      const expected = {
        tf1: samples('torch_fidelity_tf1').map((x) => (x - 128) / 128),
        pytorch: samples('pytorch_fid').map((x) => 2 * x - 1),
        clean: samples('cleanfid_clean').map((x) => (x - 128) / 128),
      };
      for (const [preprocessing, values] of Object.entries(expected) as [Preprocessing, number[]][]) {
        const target = new Float32Array(SIZE * SIZE * 3);
        preprocessInto(image, { preprocessing, width: SIZE, height: SIZE }, target, 0);
        expect(largestDifference(onGrid(target), values)).toBeLessThan(4e-7);
      }
    });
  });

  it.each(['real_00_32x32', 'fake_34_64x48', 'real_40_500x375'])(
    '%s whole, rounded to bytes',
    async (stem) => {
      const name = Object.keys(images).find((path) => path.includes(stem))!;
      const image = await decodeImage(readFileSync(`${folder}/${name}`), name);
      for (const route of ['torch_fidelity_tf1', 'pytorch_fid', 'cleanfid_clean'] as const) {
        const expected = readNpy(`${folder}/resize_rounded_u8_${stem}__${route}.npy`).data;
        const resized = resize(image, ROUTES[route], 1);
        // A value close to a half may round either way.
        const wrong = resized.filter((value, i) => Math.abs(value - expected[i]) > 0.50004);
        expect(wrong.length).toBe(0);
      }
    },
  );
});

/** The resize alone, before the scaling; bytes are divided by `divisor` first. */
function resize(image: RgbImage, preprocessing: Preprocessing, divisor: number): Float32Array {
  const target = new Float32Array(SIZE * SIZE * 3);
  const place = { target, offset: 0 };
  const size = { width: SIZE, height: SIZE };
  if (preprocessing === 'clean') {
    resizeBicubic(image, size, place);
    return target.map((value) => Math.min(255, Math.max(0, value)));
  }
  const levels = Float32Array.from({ length: 256 }, (_, byte) => byte / divisor);
  resizeBilinear(image, { ...size, align: preprocessing === 'tf1' ? 'corner' : 'center', levels }, place);
  return target;
}

function onGrid(values: Float32Array): Float32Array {
  const samples = GRID.flatMap((y) =>
    GRID.flatMap((x) => [0, 1, 2].map((c) => values[(y * SIZE + x) * 3 + c])),
  );
  return Float32Array.from(samples);
}

function largestDifference(a: Float32Array, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

function sha256(values: Float32Array): string {
  return createHash('sha256').update(new Uint8Array(values.buffer)).digest('hex');
}
