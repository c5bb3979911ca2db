import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PREPROCESSINGS, type Preprocessing, type RgbImage } from '../../src/images/image';
import { type PreprocessOptions, preprocessInto } from '../../src/images/preprocess';
import { picture } from './pixels';

const { fround } = Math;

function preprocessed(image: RgbImage, options: PreprocessOptions): Float32Array {
  const target = new Float32Array(options.width * options.height * 3);
  preprocessInto(image, options, target, 0);
  return target;
}

const largestDifference = (a: Float32Array, b: ArrayLike<number>): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe('the scaling of an input', () => {
  it('spreads bytes over the range, then takes the mean off and divides by the deviation, per channel', () => {
    const image = picture(6, 5);
    const mean = [0.485, 0.456, 0.406] as const;
    const std = [0.229, 0.224, 0.225] as const;
    const size = { width: 6, height: 5 };
    for (const preprocessing of PREPROCESSINGS) {
      const values = preprocessed(image, { preprocessing, ...size, scaling: { range: [0, 1], mean, std } });
      const expected = Array.from(image.data, (byte, i) => (byte / 255 - mean[i % 3]) / std[i % 3]);
      expect(largestDifference(values, expected)).toBeLessThan(1e-6);
      const bytes = preprocessed(image, { preprocessing, ...size, scaling: { range: [0, 255] } });
      expect(largestDifference(bytes, image.data)).toBeLessThan(2e-5);
    }
  });

  it('of pytorch spread over [−1, 1] is that preprocessing, bit for bit', () => {
    const options = { preprocessing: 'pytorch', width: 9, height: 13 } as const;
    const image = picture(20, 11);
    expect(preprocessed(image, { ...options, scaling: { range: [-1, 1] } })).toEqual(
      preprocessed(image, options),
    );
  });

  it('of tf1 and clean with (x − 128) / 128 written as mean and deviation is that preprocessing', () => {
    const image = picture(20, 11);
    const scaling = { range: [0, 255], mean: [128, 128, 128], std: [128, 128, 128] } as const;
    for (const preprocessing of ['tf1', 'clean'] as const) {
      const options = { preprocessing, width: 9, height: 13 };
      const own = preprocessed(image, options);
      expect(largestDifference(preprocessed(image, { ...options, scaling }), own)).toBeLessThan(1.2e-7);
    }
  });

  it('stays within its range, though the bicubic kernel overshoots', () => {
    const checks = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (Math.floor(i / 12) % 2) * 255);
    for (const preprocessing of PREPROCESSINGS) {
      const options = { preprocessing, width: 61, height: 47, scaling: { range: [-3, 5] } } as const;
      const values = preprocessed({ width: 16, height: 16, data: checks }, options);
      expect([Math.min(...values), Math.max(...values)]).toEqual([-3, 5]);
    }
  });
});

describe('a crop', () => {
  const cropped = (image: RgbImage, preprocessing: Preprocessing, [width, height, crop]: number[]) =>
    preprocessed(image, { preprocessing, width, height, crop });

  it('is the center of the image resized with its ratio kept', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(6),
        fc.constantFrom(...PREPROCESSINGS),
        ([w, h], width, height, more, preprocessing) => {
          const image = picture(w, h);
          const crop = Math.max(width, height) + more;
          const whole = {
            width: w < h ? crop : Math.floor((crop * w) / h),
            height: w < h ? Math.floor((crop * h) / w) : crop,
          };
          const values = preprocessed(image, { preprocessing, ...whole });
          const half = (n: number) => (n % 2 === 0 || (n - 1) % 4 === 0 ? Math.floor(n / 2) : (n + 1) / 2);
          const [left, top] = [half(whole.width - width), half(whole.height - height)];
          const expected = Float32Array.from({ length: width * height * 3 }, (_, i) => {
            const [y, x] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width];
            return values[((top + y) * whole.width + left + x) * 3 + (i % 3)];
          });
          expect(cropped(image, preprocessing, [width, height, crop])).toEqual(expected);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('of a square image to its input size changes nothing', () => {
    const image = picture(20, 20);
    for (const preprocessing of PREPROCESSINGS) {
      const whole = preprocessed(image, { preprocessing, width: 9, height: 9 });
      expect(cropped(image, preprocessing, [9, 9, 9])).toEqual(whole);
    }
  });

  it('keeps the ratio: a circle stays one', () => {
    const disc = (width: number, height: number): RgbImage => {
      const inside = (i: number) =>
        ((Math.floor(i / 3) % width) - width / 2) ** 2 + (Math.floor(i / 3 / width) - height / 2) ** 2 < 64;
      return {
        width,
        height,
        data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (inside(i) ? 255 : 0)),
      };
    };
    const lit = (values: Float32Array, along: 'x' | 'y') =>
      Array.from({ length: 20 }, (_, i) => values[(along === 'x' ? 10 * 20 + i : i * 20 + 10) * 3]).filter(
        (value) => value > 0,
      ).length;
    const values = cropped(disc(60, 20), 'clean', [20, 20, 20]);
    expect(lit(values, 'x')).toBe(lit(values, 'y'));
    const squeezed = preprocessed(disc(60, 20), { preprocessing: 'clean', width: 20, height: 20 });
    expect(lit(squeezed, 'x')).toBeLessThan(lit(squeezed, 'y'));
  });

  it('must leave the input its size', () => {
    const refusal = expect.objectContaining({ code: 'INVALID_OPTION' });
    for (const crop of [8, 9.5, Number.NaN]) {
      expect(() => cropped(picture(9, 9), 'clean', [9, 4, crop])).toThrow(refusal);
    }
  });
});

it('rounds nothing on the way: values are those of exact arithmetic, rounded once', () => {
  const image = picture(3, 2);
  const options = { preprocessing: 'clean', width: 3, height: 2, scaling: { range: [-1, 1] } } as const;
  const expected = Float32Array.from(image.data, (byte) => fround(-1 + (byte / 255) * 2));
  expect(preprocessed(image, options)).toEqual(expected);
});
