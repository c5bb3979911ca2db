import { describe, expect, it } from 'vitest';
import { densityGrid } from '../../../src/metrics/density/density-grid';
import { WINDOW_NAMES } from '../../../src/metrics/density/windows';
import { codeOf } from '../code-of';
import { normalRows } from './normal-rows';

describe('densityGrid', () => {
  it.each(WINDOW_NAMES)('of %s windows has the integral 1, on the line and in the plane', (kernel) => {
    for (const [d, bandwidth] of [
      [1, 0.8],
      [2, [0.8, 0.9]],
      [
        2,
        [
          [0.8, 0.3],
          [0.3, 0.7],
        ],
      ],
    ] as const) {
      const { axes, density } = densityGrid(normalRows(40, d, 1), { kernel, bandwidth });
      const cell = axes.reduce((product, axis) => product * (axis[1] - axis[0]), 1);
      // Three deviations of an exponential window leave 2 % of it out.
      expect(Math.abs(density.reduce((sum, value) => sum + value * cell, 0) - 1)).toBeLessThan(0.025);
      expect(axes.map((axis) => axis.length)).toEqual(d === 1 ? [512] : [128, 128]);
    }
  });

  it('lists points with the last axis running fastest', () => {
    const { axes, density } = densityGrid([[0, 10]], { bandwidth: [1, 2], points: 5 });
    expect(axes[0]).toEqual([-3, -1.5, 0, 1.5, 3]);
    expect(axes[1]).toEqual([4, 7, 10, 13, 16]);
    expect(density.indexOf(Math.max(...density))).toBe(2 * 5 + 2);
    expect(density[2 * 5 + 1] / density[2 * 5 + 2]).toBeCloseTo(Math.exp(-0.5 * 1.5 ** 2), 12);
  });

  it('refuses three columns, and a single point', () => {
    expect(codeOf(() => densityGrid([[1, 2, 3]]))).toBe('INVALID_OPTION');
    expect(codeOf(() => densityGrid([[1], [2]], { points: 1 }))).toBe('INVALID_OPTION');
  });
});
