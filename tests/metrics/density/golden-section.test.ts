import { describe, expect, it } from 'vitest';
import { type Evaluated, goldenSection } from '../../../src/metrics/density/golden-section';

/** Runs a search whose function asks for nothing. */
function search(f: (x: number) => number, low: number, high: number, tolerance = 1e-6): Evaluated {
  const seen = goldenSection(
    // biome-ignore lint/correctness/useYield: this function has its answers at hand.
    function* (x) {
      return f(x);
    },
    { low, high, tolerance },
  ).next().value as Evaluated[];
  return seen.reduce((best, point) => (point.value > best.value ? point : best));
}

describe('goldenSection', () => {
  it('comes as close to a maximum as it is asked to', () => {
    expect(Math.abs(search((x) => -((x - 0.3) ** 2), -1, 2).x - 0.3)).toBeLessThan(1e-6);
    expect(Math.abs(search(Math.sin, 0, 3, 1e-3).x - Math.PI / 2)).toBeLessThan(1e-3);
  });

  it('finds the edge beyond which a function is −∞', () => {
    const { x } = search((at) => (at < 0.7 ? Number.NEGATIVE_INFINITY : -at), 0, 1);
    expect(x).toBeGreaterThanOrEqual(0.7);
    expect(x).toBeLessThan(0.7 + 1e-6);
  });

  it('ends at the end of a bracket that a function rises to', () => {
    expect(search((x) => x, 0, 1).x).toBeGreaterThan(1 - 1e-6);
    expect(search((x) => -x, 0, 1).x).toBeLessThan(1e-6);
  });
});
