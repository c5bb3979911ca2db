import { describe, expect, it } from 'vitest';
import { WINDOW_NAMES, WINDOWS } from '../../../src/metrics/density/windows';

/** ∫ over [0, end] by Simpson's rule. */
function integral(f: (r: number) => number, end: number, steps = 4000): number {
  let sum = f(0) + f(end);
  for (let k = 1; k < steps; k++) sum += f((end * k) / steps) * (k % 2 === 1 ? 4 : 2);
  return (sum * end) / steps / 3;
}

const SPHERES = [2, 2 * Math.PI, 4 * Math.PI, 2 * Math.PI ** 2, (8 * Math.PI ** 2) / 3];
const radial = WINDOW_NAMES.filter((name) => name !== 'hypercube');

describe.each(radial)('the %s window', (name) => {
  const { at, sums, logVolume, variance } = WINDOWS[name];
  const height = (r: number) => (sums === 'values' ? at(r * r) : Math.exp(at(r * r)));
  const end = sums === 'values' ? 1 - 1e-12 : 60;

  it.each([1, 2, 3, 4, 5])('has the volume of its integral in %i dimensions', (d) => {
    const volume = SPHERES[d - 1] * integral((r) => height(r) * r ** (d - 1), end);
    expect(Math.abs(logVolume(d) - Math.log(volume))).toBeLessThan(1e-9);
  });

  it.each([1, 2, 5])('has the variance of its second moment in %i dimensions', (d) => {
    const [volume, moment] = [d - 1, d + 1].map((power) => integral((r) => height(r) * r ** power, end));
    expect(variance(d) / (moment / volume / d)).toBeCloseTo(1, 8);
  });

  it('has a finite logarithm of its volume in 10 000 dimensions', () => {
    expect(Number.isFinite(logVolume(10_000))).toBe(true);
    expect(variance(10_000)).toBeGreaterThan(0);
  });
});

describe('the windows', () => {
  it('are 1 where a sample lies, and fall from there', () => {
    for (const name of WINDOW_NAMES) {
      const { at, sums } = WINDOWS[name];
      expect(at(0), name).toBeCloseTo(sums === 'values' ? 1 : 0, 15);
      expect(at(0.5), name).toBeLessThanOrEqual(at(0.1));
    }
  });

  it('of a hypercube are closed at its faces; balls and the rest are open', () => {
    expect(WINDOWS.hypercube.at(1)).toBe(1);
    expect(WINDOWS.hypercube.logVolume(7)).toBe(0);
    for (const name of ['ball', 'epanechnikov', 'linear', 'cosine'] as const) {
      expect(WINDOWS[name].at(1), name).toBe(0);
    }
  });

  it('of cosine and linear differ in 10 000 dimensions by what their slopes at the edge do, π / 2', () => {
    const difference = WINDOWS.cosine.logVolume(10_000) - WINDOWS.linear.logVolume(10_000);
    expect(difference).toBeCloseTo(Math.log(Math.PI / 2), 6);
  });
});
