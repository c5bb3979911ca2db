import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addRows, createMoments, finishMoments, mergeMoments } from '../../src/math/moments';
import { createRandom } from '../../src/math/random';

function rows(n: number, d: number, { seed = 1, mean = 0 } = {}): Float32Array {
  const random = createRandom(seed);
  const bell = () => Array.from({ length: 12 }, () => random.next() / 2 ** 32).reduce((a, b) => a + b) - 6;
  return Float32Array.from({ length: n * d }, () => mean + bell());
}

/** Two passes, straight from the definition. */
function bruteForce(data: Float32Array, d: number) {
  const n = data.length / d;
  const mu = Array.from({ length: d }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += data[i * d + j];
    return sum / n;
  });
  const sigma = Array.from({ length: d * d }, (_, at) => {
    const [j, k] = [Math.floor(at / d), at % d];
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (data[i * d + j] - mu[j]) * (data[i * d + k] - mu[k]);
    return sum / (n - 1);
  });
  return { mu, sigma };
}

function inBatches(data: Float32Array, d: number, sizes: readonly number[]) {
  const moments = createMoments(d);
  let start = 0;
  for (let k = 0; start < data.length; k++) {
    const end = start + sizes[k % sizes.length] * d;
    addRows(moments, data.subarray(start, end));
    start = end;
  }
  return finishMoments(moments);
}

describe('moments', () => {
  it('are the mean and the covariance of all rows', () => {
    const data = rows(700, 7);
    const { count, mu, sigma } = inBatches(data, 7, [700]);
    const expected = bruteForce(data, 7);
    expect(count).toBe(700);
    mu.forEach((value, j) => {
      expect(value).toBeCloseTo(expected.mu[j], 12);
    });
    sigma.data.forEach((value, j) => {
      expect(value).toBeCloseTo(expected.sigma[j], 12);
    });
  });

  it('are the same bits however the rows are cut into batches', () => {
    const data = rows(900, 5);
    const whole = inBatches(data, 5, [900]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        expect(inBatches(data, 5, sizes)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('of shards merge to the moments of the whole within 1e-12', () => {
    const data = rows(1000, 6);
    const whole = inBatches(data, 6, [1000]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999 }), (at) => {
        const [left, right] = [createMoments(6), createMoments(6)];
        addRows(left, data.subarray(0, at * 6));
        addRows(right, data.subarray(at * 6));
        mergeMoments(left, right);
        const merged = finishMoments(left);
        expect(merged.count).toBe(1000);
        merged.sigma.data.forEach((value, j) => {
          expect(Math.abs(value - whole.sigma.data[j])).toBeLessThan(1e-12);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('keep their digits where the mean is far from zero (1e4, standard deviation 1)', () => {
    const data = rows(2000, 4, { mean: 1e4 });
    const { sigma } = inBatches(data, 4, [13]);
    const expected = bruteForce(data, 4);
    sigma.data.forEach((value, j) => {
      expect(Math.abs(value - expected.sigma[j])).toBeLessThan(1e-11);
    });
  });

  it('divide by n with ddof 0', () => {
    const data = rows(10, 2);
    const moments = createMoments(2);
    addRows(moments, data);
    const unbiased = finishMoments(moments).sigma.data;
    const biased = finishMoments(moments, 0).sigma.data;
    biased.forEach((value, j) => {
      expect(value).toBeCloseTo((unbiased[j] * 9) / 10, 14);
    });
  });
});
