import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridOfGaussians, ringOfGaussians, sampleMixture } from '../../../src/metrics/modes/gaussian-mixture';
import { labelCoverage, modeCoverage, stackedLabels } from '../../../src/metrics/modes/mode-coverage';
import { codeOf } from '../code-of';

const draw = (mixture: Parameters<typeof sampleMixture>[0], count: number, seed = 0) =>
  sampleMixture(mixture, { count, seed }).samples;

describe('modeCoverage on known mixtures', () => {
  it.each([
    ['ring of 8', ringOfGaussians(), 8],
    ['grid of 25', gridOfGaussians(), 25],
  ] as const)(
    'perfect samples of the %s capture all modes, 98.9 % of them within 3 σ',
    (_, mixture, modes) => {
      const coverage = modeCoverage(draw(mixture, 5000), mixture);
      expect(coverage).toMatchObject({ value: modes, modes, samples: 5000 });
      // 1 − exp(−9/2) in the plane, ± 0.15 %
      expect(Math.abs(coverage.highQuality - (1 - Math.exp(-4.5)))).toBeLessThan(0.006);
      expect(coverage.kl).toBeLessThan(modes / 5000);
      expect(coverage.counts.reduce((a, b) => a + b)).toBe(5000);
    },
  );

  it('a generator of three of eight modes captures three, and its histogram is log 8/3 off', () => {
    const ring = ringOfGaussians();
    const collapsed = draw({ ...ring, weights: [1, 0, 0, 1, 0, 0, 1, 0] }, 3000);
    const { value, kl, highQuality } = modeCoverage(collapsed, ring);
    expect(value).toBe(3);
    expect(kl).toBeCloseTo(Math.log(8 / 3), 2);
    expect(highQuality).toBeGreaterThan(0.98);
  });

  it('samples between the modes are near one each, but of low quality and capture none', () => {
    const ring = ringOfGaussians();
    const between = Array.from({ length: 8 }, (_, k) => {
      const angle = (Math.PI * (2 * k + 1)) / 8;
      return [1.9 * Math.cos(angle), 1.9 * Math.sin(angle)];
    });
    expect(modeCoverage(between, ring)).toMatchObject({ value: 0, highQuality: 0 });
  });

  it('more samples are needed to capture as `least` rises, and radius is in units of sigma', () => {
    const mixture = { centers: [[0], [10]], sigma: 2 };
    const samples = [[5.9], [6.1], [10], [1], [2]];
    expect(modeCoverage(samples, mixture, { least: 2 })).toMatchObject({ value: 2, counts: [2, 3] });
    expect(modeCoverage(samples, mixture, { least: 3 }).value).toBe(1);
    expect(modeCoverage(samples, mixture, { least: 2, radius: 1 })).toMatchObject({
      value: 1,
      highQualityCounts: [2, 1],
    });
  });

  it('follows the weights of the mixture', () => {
    const mixture = { centers: [[0], [10]], sigma: 1, weights: [3, 1] };
    expect(modeCoverage([[0], [0], [0], [10]], mixture)).toMatchObject({ kl: 0, js: 0 });
  });

  it('refuses other dimensions, empty sets and bad mixtures', () => {
    const ring = ringOfGaussians();
    expect(codeOf(() => modeCoverage([[1]], ring))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => modeCoverage([], ring))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => modeCoverage([[1, Number.NaN]], ring))).toBe('NOT_FINITE');
    expect(codeOf(() => modeCoverage([[1, 1]], { ...ring, sigma: 0 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => modeCoverage([[1, 1]], { ...ring, weights: [1] }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => modeCoverage([[1, 1]], { ...ring, centers: [] }))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => ringOfGaussians({ modes: 0 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => gridOfGaussians({ sigma: -1 }))).toBe('INVALID_OPTION');
  });
});

describe('mixtures', () => {
  it('of the ring lie on the circle, of the grid around the origin', () => {
    const ring = ringOfGaussians({ modes: 6, radius: 3 }).centers as number[][];
    for (const [x, y] of ring) expect(Math.hypot(x, y)).toBeCloseTo(3, 14);
    const grid = gridOfGaussians().centers as number[][];
    expect(grid[0]).toEqual([-4, -4]);
    expect(grid[24]).toEqual([4, 4]);
    expect(grid[12]).toEqual([0, 0]);
  });

  it('draw modes by their weights and samples about the center they name', () => {
    const mixture = { centers: [[0, 5], [100, -5]], sigma: 0.5, weights: [1, 3] }; // biome-ignore format: a matrix
    const { samples, modes } = sampleMixture(mixture, { count: 2000, seed: 1 });
    expect(modes.filter((mode) => mode === 1).length / 2000).toBeCloseTo(0.75, 1);
    let square = 0;
    modes.forEach((mode, i) => {
      square += (samples.data[2 * i] - 100 * mode) ** 2 + (samples.data[2 * i + 1] - 5 + 10 * mode) ** 2;
    });
    expect(square / 4000).toBeCloseTo(0.25, 1);
    expect(sampleMixture(mixture, { count: 5, seed: 1 })).toEqual(
      sampleMixture(mixture, { count: 5, seed: 1 }),
    );
  });
});

describe('labelCoverage on stacked digits', () => {
  it('labels of stacked classes are their digits, all different', () => {
    expect([...stackedLabels([[0, 0, 0], [1, 2, 3], [9, 9, 9]])]).toEqual([0, 123, 999]); // biome-ignore format: rows
    expect([...stackedLabels([[1, 0], [1, 2]], { classes: 3 })]).toEqual([3, 5]); // biome-ignore format: rows
    expect(codeOf(() => stackedLabels([[0, 10]]))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => stackedLabels([[0, 1], [1]]))).toBe('SHAPE_MISMATCH'); // biome-ignore format: rows
  });

  it('counts modes, and the divergence is log of the share captured when captured evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (captured) => {
        const labels = Array.from({ length: captured * 3 }, (_, i) => i % captured);
        const { value, kl } = labelCoverage(labels, { modes: 40 });
        expect(value).toBe(captured);
        expect(kl).toBeCloseTo(Math.log(40 / captured), 12);
        expect(labelCoverage(labels, { modes: 40, least: 4 }).value).toBe(0);
      }),
    );
  });

  it('refuses labels that are no mode', () => {
    for (const label of [-1, 1000, 0.5, Number.NaN]) {
      expect(codeOf(() => labelCoverage([label], { modes: 1000 }))).toBe('SHAPE_MISMATCH');
    }
    expect(codeOf(() => labelCoverage([], { modes: 10 }))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => labelCoverage([0], { modes: 0 }))).toBe('INVALID_OPTION');
    expect(codeOf(() => labelCoverage([0], { modes: [1, -1] }))).toBe('NOT_PROBABILITIES');
  });
});
