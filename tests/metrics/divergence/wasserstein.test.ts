import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { energyDistance } from '../../../src/metrics/divergence/energy-distance';
import { maxSlicedWasserstein } from '../../../src/metrics/divergence/max-sliced-wasserstein';
import { slicedWasserstein } from '../../../src/metrics/divergence/sliced-wasserstein';
import { wasserstein1d } from '../../../src/metrics/divergence/wasserstein-1d';
import { fnv1a, uniform } from '../../models/random-inception';
import { readMatrix } from '../../npy';
import { hasReference, reference } from '../../reference';
import { codeOf } from '../code-of';
import { gaussianSamples } from './gaussian-samples';
import { golden, goldenSamples, number } from './golden';

const column = (values: readonly number[]) => values.map((value) => [value]);

describe.each(golden('one_dim').map((each) => [each.name, each] as const))('on %s', (_, each) => {
  const [x, y] = [each.x as number[], each.y as number[]];
  const weights = each.wx ? { weights: { a: each.wx as number[], b: each.wy as number[] } } : {};

  it('wasserstein1d equals scipy', () => {
    const { value } = wasserstein1d(x, y, weights);
    expect(Math.abs(value / number(each.wasserstein_distance_scipy) - 1)).toBeLessThan(1e-13);
  });

  it.skipIf(each.w2_sorted_own === null)('of order 2 equals the sorted samples', () => {
    const { value } = wasserstein1d(x, y, { order: 2 });
    expect(Math.abs(value / number(each.w2_sorted_own) - 1)).toBeLessThan(1e-13);
  });

  it.skipIf(each.wx !== null)('energyDistance equals scipy', () => {
    const { value, squared } = energyDistance(column(x), column(y));
    expect(Math.abs(value / number(each.energy_distance_scipy) - 1)).toBeLessThan(1e-12);
    expect(value).toBeCloseTo(Math.sqrt(squared), 15);
  });
});

const line = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 7 });

describe('wasserstein1d keeps its laws', () => {
  it('equal weights, given, change nothing', () => {
    fc.assert(
      fc.property(line, line, fc.constantFrom(1, 2, 3.5), (x, y, order) => {
        const weights = { a: x.map(() => 2), b: y.map(() => 0.1) };
        const plain = wasserstein1d(x, y, { order }).value;
        expect(wasserstein1d(x, y, { order, weights }).value).toBeCloseTo(plain, 8);
      }),
    );
  });

  it('a sample of weight 2 counts as two samples', () => {
    fc.assert(
      fc.property(line, line, (x, y) => {
        const weights = { a: x.map((_, i) => (i === 0 ? 2 : 1)) };
        expect(wasserstein1d(x, y, { weights }).value).toBeCloseTo(wasserstein1d([x[0], ...x], y).value, 9);
      }),
    );
  });

  it('is symmetric, moves with a shift, scales with the unit and grows with the order', () => {
    fc.assert(
      fc.property(line, line, fc.double({ min: 0, max: 5, noNaN: true }), (x, y, shift) => {
        const { value } = wasserstein1d(x, y);
        expect(wasserstein1d(y, x).value).toBeCloseTo(value, 12);
        expect(
          wasserstein1d(
            x,
            x.map((each) => each + shift),
          ).value,
        ).toBeCloseTo(shift, 9);
        const scaled = [x, y].map((values) => values.map((each) => 3 * each));
        expect(wasserstein1d(scaled[0], scaled[1]).value).toBeCloseTo(3 * value, 9);
        expect(wasserstein1d(x, y, { order: 2 }).value).toBeGreaterThanOrEqual(value - 1e-9);
      }),
    );
  });

  it('refuses what is no sample, weights that do not fit, and orders below 1', () => {
    expect(codeOf(() => wasserstein1d([], [1]))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => wasserstein1d([1], [Number.NaN]))).toBe('NOT_FINITE');
    expect(codeOf(() => wasserstein1d([1], [1], { weights: { a: [1, 1] } }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => wasserstein1d([1], [1], { weights: { b: [-1] } }))).toBe('NOT_PROBABILITIES');
    for (const order of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(codeOf(() => wasserstein1d([1], [1], { order }))).toBe('INVALID_OPTION');
    }
  });
});

describe('slicedWasserstein keeps its laws', () => {
  const a = gaussianSamples(150, 3, { seed: 1 });
  const b = gaussianSamples(110, 3, { seed: 2, shift: 1 });

  it('in one dimension is the distance on the line, without error', () => {
    const [x, y] = [gaussianSamples(30, 1, { seed: 3 }), gaussianSamples(20, 1, { seed: 4 })];
    const { value, standardError } = slicedWasserstein(x, y, { order: 1 });
    expect(value).toBeCloseTo(wasserstein1d(x.data, y.data).value, 12);
    expect(standardError).toBeLessThan(1e-12);
  });

  it('along given directions is the mean over them, whatever their length', () => {
    const directions = [
      [2, 0, 0],
      [0, 0, 0.1],
    ];
    const along = (m: typeof a, j: number) => m.data.filter((_, k) => k % 3 === j);
    const costs = [0, 2].map((j) => wasserstein1d(along(a, j), along(b, j), { order: 2 }).value ** 2);
    const { value, projections, standardError } = slicedWasserstein(a, b, { directions });
    expect(value ** 2).toBeCloseTo((costs[0] + costs[1]) / 2, 12);
    expect([projections, standardError]).toEqual([2, 0]);
  });

  it('of a shift is its length over √d, within its standard error', () => {
    const shift = 2;
    const moved = { ...a, data: a.data.map((x) => x + shift) };
    const { value, standardError } = slicedWasserstein(a, moved, { projections: 400 });
    // ‖shift‖² = d · 4, of which a direction sees 1/d.
    expect(Math.abs(value - shift)).toBeLessThan(4 * standardError);
    expect(standardError).toBeGreaterThan(0.01);
    expect(standardError).toBeLessThan(0.1);
  });

  it('has errors that shrink with the root of the number of directions, and agree with the spread of seeds', () => {
    const few = Array.from({ length: 24 }, (_, seed) => slicedWasserstein(a, b, { projections: 16, seed }));
    const mean = few.reduce((sum, { value }) => sum + value, 0) / few.length;
    const spread = Math.sqrt(few.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (few.length - 1));
    const stated = few.reduce((sum, { standardError }) => sum + standardError, 0) / few.length;
    expect(stated / spread).toBeGreaterThan(0.6);
    expect(stated / spread).toBeLessThan(1.6);
    const many = slicedWasserstein(a, b, { projections: 256 });
    expect(stated / many.standardError).toBeGreaterThan(3);
    expect(stated / many.standardError).toBeLessThan(5.5);
  });

  it('is symmetric, 0 for equal sets, and equal for equal seeds', () => {
    const { value } = slicedWasserstein(a, b);
    expect(slicedWasserstein(b, a).value).toBeCloseTo(value, 13);
    expect(slicedWasserstein(a, b).value).toBe(value);
    expect(slicedWasserstein(a, b, { seed: 1 }).value).not.toBe(value);
    expect(slicedWasserstein(a, a)).toMatchObject({ value: 0, standardError: 0 });
  });

  it('refuses other dimensions, empty sets and bad options', () => {
    expect(codeOf(() => slicedWasserstein(a, [[1, 2]]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => slicedWasserstein(a, []))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => slicedWasserstein(a, b, { projections: 1 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => slicedWasserstein(a, b, { directions: [[1, 0]] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => slicedWasserstein(a, b, { directions: [[0, 0, 0]] }))).toBe('NOT_FINITE');
  });
});

describe.skipIf(!hasReference)('slicedWasserstein equals numpy (reference folder needed)', () => {
  it('along 32 given directions, orders 1 and 2', () => {
    const read = (side: string) => readMatrix(reference(`golden/features/shifted_${side}.npy`));
    const file = readFileSync(reference('golden/features/values.json'), 'utf8');
    const expected = JSON.parse(file).shifted.sliced_wasserstein as Record<string, number>;
    const seed = fnv1a('mind-directions');
    const directions = Array.from({ length: 32 }, (_, i) =>
      Array.from({ length: 64 }, (_, j) => uniform(seed, i * 64 + j)),
    );
    const [a, b] = [read('real'), read('fake')];
    const [one, two] = [1, 2].map((order) => slicedWasserstein(a, b, { order, directions }).value);
    expect(Math.abs(one / expected.own_float64_sliced_w1_32_hash_directions - 1)).toBeLessThan(1e-12);
    expect(Math.abs(two ** 2 / expected.own_float64_sliced_w2_squared_32_hash_directions - 1)).toBeLessThan(
      1e-12,
    );
  });
});

describe('maxSlicedWasserstein keeps its laws', () => {
  it('in the plane is no less than any of 720 directions, and is reached by one', () => {
    for (const order of [1, 2, 3]) {
      const a = gaussianSamples(40, 2, { seed: 5 });
      const b = gaussianSamples(30, 2, { seed: 6, shift: 0.4, scale: 1.7 });
      const directions = Array.from({ length: 720 }, (_, i) => {
        const angle = (Math.PI * i) / 720;
        return [[Math.cos(angle), Math.sin(angle)]];
      });
      const most = Math.max(
        ...directions.map((each) => slicedWasserstein(a, b, { order, directions: each }).value),
      );
      const { value, direction } = maxSlicedWasserstein(a, b, { order, projections: 16 });
      expect(value).toBeGreaterThan(most * (1 - 1e-6));
      expect(value).toBeLessThan(most * (1 + 1e-4));
      const along = slicedWasserstein(a, b, { order, directions: [direction] }).value;
      expect(along).toBeCloseTo(value, 10);
    }
  });

  it('finds the one direction of sixty-four that is off', () => {
    const a = gaussianSamples(200, 64, { seed: 7 });
    const b = gaussianSamples(200, 64, { seed: 8 });
    for (let i = 0; i < 200; i++) b.data[i * 64 + 40] += 6;
    const { value, direction } = maxSlicedWasserstein(a, b, { projections: 32 });
    expect(direction[40] ** 2).toBeGreaterThan(0.9);
    expect(value).toBeGreaterThan(5.5);
  });

  it('is 0 for equal sets and refuses bad options', () => {
    const a = gaussianSamples(10, 3, { seed: 9 });
    expect(maxSlicedWasserstein(a, a).value).toBe(0);
    expect(codeOf(() => maxSlicedWasserstein(a, a, { restarts: 0 }))).toBe('INVALID_OPTION');
  });
});

describe('energyDistance keeps its laws', () => {
  it.each(golden('mmd').map((each) => [each.name, each] as const))(
    'equals MMD of −‖x − y‖ on %s',
    (name, each) => {
      const { x, y } = goldenSamples(name);
      const { biased } = (each.own as Record<string, Record<string, number>>)['energy_-dist'];
      expect(Math.abs(energyDistance(x, y).squared / biased - 1)).toBeLessThan(1e-12);
    },
  );

  it('is symmetric, 0 for equal sets whatever the order of rows, and finite where nothing overlaps', () => {
    const a = gaussianSamples(140, 2, { seed: 10 });
    const b = gaussianSamples(60, 2, { seed: 11, shift: 1e6 });
    expect(energyDistance(a, b).value).toBeCloseTo(energyDistance(b, a).value, 9);
    expect(energyDistance(a, { ...a, data: a.data.slice() }).value).toBe(0);
    expect(energyDistance(a, b).squared / (2e6 * Math.SQRT2)).toBeCloseTo(1, 5);
    expect(codeOf(() => energyDistance([], b))).toBe('TOO_FEW_SAMPLES');
  });
});
