import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/images/decode';
import { PREPROCESSINGS, type Preprocessing, type RgbImage } from '../../src/images/image';
import { preprocessInto } from '../../src/images/preprocess';
import { projectFile } from '../reference';
import { picture } from './pixels';

const { fround } = Math;
/** The scaling after the resize, in float32. */
const SCALED: Readonly<Record<Preprocessing, (value: number) => number>> = {
  tf1: (x) => fround(fround(x - 128) / 128),
  pytorch: (x) => fround(2 * x - 1),
  clean: (x) => fround(fround(x - 128) / 128),
};

function preprocessed(
  image: RgbImage,
  preprocessing: Preprocessing,
  [width, height]: number[],
): Float32Array {
  const target = new Float32Array(width * height * 3);
  preprocessInto(image, { preprocessing, width, height }, target, 0);
  return target;
}

const sizes = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
const largestDifference = (a: Float32Array, b: ArrayLike<number>): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe('preprocessInto gives what the peers give', async () => {
  const fixture = JSON.parse(readFileSync(projectFile('fixtures', 'resize', 'expected.json'), 'utf8')) as {
    resized: { preprocessing: Preprocessing; width: number; height: number; values: number[] }[];
  };
  const image = await decodeImage(readFileSync(projectFile('fixtures', 'decode', 'rgb8.png')), 'rgb8.png');

  it.each(fixture.resized)('$preprocessing, $width × $height', ({ preprocessing, width, height, values }) => {
    const expected = values.map((value) => SCALED[preprocessing](fround(value)));
    const actual = preprocessed(image, preprocessing, [width, height]);
    // PyTorch mixes in fused operations, which a last bit or two can show; the others agree in every bit.
    expect(largestDifference(actual, expected)).toBeLessThanOrEqual(preprocessing === 'pytorch' ? 2.4e-7 : 0);
  });
});

describe('preprocessInto', () => {
  it('leaves an image of the right size as it is, but for the scale', () => {
    for (const [width, height] of [
      [32, 32],
      [299, 299],
      [5, 3],
    ]) {
      const image = picture(width, height);
      for (const preprocessing of PREPROCESSINGS) {
        const expected = Float32Array.from(image.data, (byte) =>
          SCALED[preprocessing](preprocessing === 'pytorch' ? fround(byte / 255) : byte),
        );
        expect(largestDifference(preprocessed(image, preprocessing, [width, height]), expected)).toBe(0);
      }
    }
  });

  it('keeps one color one color', () => {
    const color = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(
        color,
        sizes,
        sizes,
        fc.constantFrom(...PREPROCESSINGS),
        (rgb, [width, height], size, way) => {
          const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => rgb[i % 3]);
          const expected = rgb.map((byte) => SCALED[way](way === 'pytorch' ? byte / 255 : byte));
          const actual = preprocessed({ width, height, data }, way, size);
          expect(
            largestDifference(
              actual,
              Array.from(actual, (_, i) => expected[i % 3]),
            ),
          ).toBeLessThan(5e-7);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('stays within −1 and the scale of 255, though the bicubic kernel overshoots', () => {
    const checks = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (Math.floor(i / 12) % 2) * 255);
    for (const preprocessing of PREPROCESSINGS) {
      const values = preprocessed({ width: 16, height: 16, data: checks }, preprocessing, [61, 47]);
      expect(Math.min(...values)).toBe(-1);
      expect(Math.max(...values)).toBe(preprocessing === 'pytorch' ? 1 : 127 / 128);
    }
  });

  it('mirrors with its image where the grid is centered, and does not for tf1', () => {
    const image = picture(20, 11);
    const mirror = ({
      width,
      height,
      data,
    }: {
      width: number;
      height: number;
      data: ArrayLike<number>;
    }): number[] =>
      Array.from({ length: width * height * 3 }, (_, i) => {
        const [y, x, channel] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
        return data[(y * width + width - 1 - x) * 3 + channel];
      });
    const mirrored = { ...image, data: Uint8Array.from(mirror(image)) };
    for (const [width, height] of [
      [33, 7],
      [9, 30],
    ]) {
      for (const preprocessing of PREPROCESSINGS) {
        const there = preprocessed(image, preprocessing, [width, height]);
        const back = mirror({ width, height, data: preprocessed(mirrored, preprocessing, [width, height]) });
        const difference = largestDifference(there, back);
        if (preprocessing === 'tf1') expect(difference).toBeGreaterThan(0.1);
        else expect(difference).toBeLessThan(1e-5);
      }
    }
  });

  it('averages where it shrinks only in clean: the others look at single pixels', () => {
    const stripes = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (Math.floor(i / 3) % 2) * 255);
    const spread = (preprocessing: Preprocessing): number => {
      const values = preprocessed({ width: 64, height: 64, data: stripes }, preprocessing, [15, 15]);
      return Math.max(...values) - Math.min(...values);
    };
    expect(spread('clean')).toBeLessThan(0.2);
    expect(spread('tf1')).toBeGreaterThan(1);
    expect(spread('pytorch')).toBeGreaterThan(1);
  });

  it('does not depend on the images before', () => {
    fc.assert(
      fc.property(fc.array(sizes, { minLength: 2, maxLength: 6 }), sizes, (before, [width, height]) => {
        const image = picture(width, height);
        for (const preprocessing of PREPROCESSINGS) {
          const alone = preprocessed(image, preprocessing, [13, 9]);
          for (const [w, h] of before) preprocessed(picture(w, h), preprocessing, [13, 9]);
          expect(preprocessed(image, preprocessing, [13, 9])).toEqual(alone);
        }
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it('writes its place in the batch and nothing else', () => {
    const image = picture(7, 5);
    for (const preprocessing of PREPROCESSINGS) {
      for (const [width, height] of [
        [7, 5],
        [4, 6],
      ]) {
        const size = width * height * 3;
        const batch = new Float32Array(3 * size).fill(9);
        preprocessInto(image, { preprocessing, width, height }, batch, size);
        expect(batch.subarray(size, 2 * size)).toEqual(preprocessed(image, preprocessing, [width, height]));
        expect(batch.filter((value) => value === 9).length).toBe(2 * size);
      }
    }
  });

  it('refuses sizes that do not fit', () => {
    const image = picture(4, 4);
    const options = { preprocessing: 'clean', width: 4, height: 4 } as const;
    const room = (length: number): Float32Array => new Float32Array(length);
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(() => preprocessInto(image, options, room(47), 0)).toThrow(mismatch);
    expect(() => preprocessInto(image, options, room(48), 1)).toThrow(mismatch);
    expect(() => preprocessInto(image, options, room(48), -1)).toThrow(mismatch);
    expect(() => preprocessInto({ ...image, height: 5 }, options, room(48), 0)).toThrow(mismatch);
    const invalid = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => preprocessInto(image, { ...options, width: 0 }, room(48), 0)).toThrow(invalid);
    expect(() => preprocessInto(image, { ...options, height: 2.5 }, room(48), 0)).toThrow(invalid);
    const unknown = { ...options, preprocessing: 'bicubic' as Preprocessing };
    expect(() => preprocessInto(image, unknown, room(48), 0)).toThrow(invalid);
    expect(() => preprocessInto(image, options, room(48), 0)).not.toThrow();
  });
});
