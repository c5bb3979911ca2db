import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNumpyRandom } from '../../src/math/numpy-random';
import { projectFile } from '../reference';

type Values = Record<string, Record<string, number[] & number[][]>>;
const values = JSON.parse(readFileSync(projectFile('fixtures/numpy-random/values.json'), 'utf8')) as Values;

describe.each(Object.keys(values))('createNumpyRandom(%s) draws what numpy draws', (seed) => {
  const expected = values[seed];
  const random = () => createNumpyRandom(Number(seed));
  const repeated = <T>(count: number, draw: () => T) => Array.from({ length: count }, draw);

  it('integers', () => {
    expect(repeated(8, random().next)).toEqual(expected.first_8_uint32);
  });

  it('uniform numbers', () => {
    expect(repeated(6, random().uniform)).toEqual(expected.random_sample_6);
  });

  it('permutations', () => {
    expect([...random().permutation(10)]).toEqual(expected.permutation_10);
    expect([...random().permutation(2000).slice(0, 10)]).toEqual(expected.permutation_2000_first10);
    const thousand = [...random().permutation(1000)];
    expect(thousand.slice(0, 10)).toEqual(expected.permutation_1000_first10);
    expect(thousand.slice(-5)).toEqual(expected.permutation_1000_last5);
  });

  it('choices without replacement, one after another', () => {
    const state = random();
    expect(repeated(3, () => [...state.choice(1000, 10)])).toEqual(
      expected.choice_1000_size_10_no_replace_three_calls,
    );
    const other = random();
    expect(repeated(2, () => [...other.choice(48, 40).slice(0, 8)])).toEqual(
      expected.choice_48_size_40_then_48_size_40_first8,
    );
  });
});

describe('createNumpyRandom', () => {
  it('permutes without losing a number', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(300), (seed, n) => {
        const sorted = createNumpyRandom(seed).permutation(n).sort();
        expect(sorted).toEqual(Uint32Array.from({ length: n }, (_, i) => i));
      }),
      { numRuns: 30 },
    );
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN])('refuses the seed %s', (seed) => {
    expect(() => createNumpyRandom(seed)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
