import { describe, expect, it } from 'vitest';
import { gridOfGaussians, sampleMixture } from '../../../src/metrics/modes/gaussian-mixture';
import { ndb } from '../../../src/metrics/modes/ndb';
import { codeOf } from '../code-of';
import { gaussianSamples } from '../divergence/gaussian-samples';

const grid = gridOfGaussians({ side: 3 });
const draw = (count: number, seed: number, weights?: number[]) =>
  sampleMixture(weights ? { ...grid, weights } : grid, { count, seed }).samples;

describe('ndb', () => {
  it('on separate clusters has one cell for each, and the shares that were drawn', () => {
    const real = draw(450, 1);
    const weights = [1, 1, 1, 0, 0, 0, 0, 0, 0];
    const { value, js, counts, scores, share } = ndb(
      { real, generated: draw(300, 2, weights) },
      { cells: 9 },
    );
    expect(value).toBe(9);
    expect(share).toBe(1);
    expect(counts.generated.filter((count) => count === 0).length).toBe(6);
    expect(counts.real.reduce((a, b) => a + b)).toBe(450);
    expect(scores.filter((score) => score > 0).length).toBe(3);
    // ⅓ of the real mass at thrice the density: JS of (⅓, ⅔) against (1, 0)
    const exact = ((1 / 3) * Math.log(0.5) + (2 / 3) * Math.LN2 + Math.log(1.5)) / 2;
    expect(Math.abs(js - exact)).toBeLessThan(0.06);
  });

  it('scores are those of the two-proportion test', () => {
    const real = [[0], [0.1], [0.2], [10]];
    const { scores, counts } = ndb({ real, generated: [[0], [10], [10.1], [10.2], [9.9]] }, { cells: 2 });
    expect(counts).toEqual({ real: [3, 1], generated: [1, 4] });
    const pooled = 4 / 9;
    const z = (0.2 - 0.75) / Math.sqrt(pooled * (1 - pooled) * (1 / 4 + 1 / 5));
    expect(scores[0]).toBeCloseTo(z, 12);
    expect(scores[1]).toBeCloseTo(-z, 12);
  });

  it('of equal distributions lets about one cell in twenty differ, of equal sets none', () => {
    const [real, generated] = [gaussianSamples(1500, 2, { seed: 3 }), gaussianSamples(1500, 2, { seed: 4 })];
    const { value, js } = ndb({ real, generated }, { cells: 40 });
    expect(value).toBeLessThanOrEqual(8);
    expect(js).toBeLessThan(0.02);
    expect(ndb({ real, generated: real }, { cells: 40 })).toMatchObject({ value: 0, js: 0 });
  });

  it('rises under mode collapse, and gives equal results for equal seeds', () => {
    const real = draw(300, 5);
    const few = ndb({ real, generated: draw(300, 6, [1, 1, 1, 1, 1, 1, 1, 1, 0]) }, { cells: 9 });
    const fewer = ndb({ real, generated: draw(300, 6, [1, 0, 0, 0, 0, 0, 0, 0, 0]) }, { cells: 9 });
    expect(fewer.value).toBeGreaterThan(few.value);
    expect(fewer.js).toBeGreaterThan(few.js);
    expect(ndb({ real, generated: real }, { cells: 9, seed: 2 })).toEqual(
      ndb({ real, generated: real }, { cells: 9, seed: 2 }),
    );
  });

  it('refuses more cells than real samples, other dimensions, empty sets', () => {
    const real = draw(20, 1);
    expect(codeOf(() => ndb({ real, generated: real }))).toBe('INVALID_OPTION');
    expect(codeOf(() => ndb({ real, generated: [[1]] }, { cells: 2 }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => ndb({ real, generated: [] }, { cells: 2 }))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => ndb({ real, generated: real }, { cells: 2, significance: 0 }))).toBe(
      'INVALID_OPTION',
    );
  });
});
