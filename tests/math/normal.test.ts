import { describe, expect, it } from 'vitest';
import { normalQuantile, normalTail } from '../../src/math/normal';

// scipy.stats.norm.ppf
const KNOWN: [number, number][] = [
  [0.975, 1.959963984540054],
  [0.95, 1.6448536269514722],
  [0.9, 1.2815515655446004],
  [0.6, 0.2533471031357997],
  [1e-5, -4.264890793922825],
  [1e-12, -7.034483825301131],
  [1e-30, -11.464024688443613],
];

describe('normalQuantile', () => {
  it.each(KNOWN)('of %f is %f', (p, z) => {
    expect(Math.abs(normalQuantile(p) / z - 1)).toBeLessThan(1e-14);
  });

  it('is 0 in the middle, antisymmetric about it, and infinite at the ends', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.125)).toBe(-normalQuantile(0.875));
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('normalTail', () => {
  it.each(KNOWN)('inverts the quantile at %f', (p, z) => {
    expect(Math.abs(normalTail(-z) / p - 1)).toBeLessThan(1e-13);
  });

  it('is ½ at 0, 1 and 0 far away, and joins its two halves', () => {
    expect(normalTail(0)).toBe(0.5);
    expect(normalTail(-40)).toBe(1);
    expect(normalTail(40)).toBe(0);
    expect(normalTail(2 - 1e-12) / normalTail(2)).toBeCloseTo(1, 11);
  });
});
