import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/math/holm';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });

describe('holm', () => {
  it("gives R's p.adjust(c(0.04, 0.01, 0.03, 0.02), 'holm')", () => {
    const adjusted = holm([0.04, 0.01, 0.03, 0.02]);
    [0.06, 0.04, 0.06, 0.06].forEach((p, i) => {
      expect(adjusted[i]).toBeCloseTo(p, 14);
    });
  });

  it('leaves a single p value as it is, and stays at most 1', () => {
    expect(holm([0.3])).toEqual([0.3]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it("keeps the order of the p values, between them and Bonferroni's", () => {
    fc.assert(
      fc.property(pValues, (given) => {
        const adjusted = holm(given);
        for (const [i, p] of given.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(given.length * p, 1));
          for (const [k, other] of given.entries()) {
            if (p < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[k]);
          }
        }
      }),
    );
  });

  it('believes exactly what the step-down procedure rejects', () => {
    fc.assert(
      fc.property(pValues, fc.double({ min: 0.01, max: 0.5, noNaN: true }), (given, alpha) => {
        const sorted = [...given].sort((a, b) => a - b);
        const stop = sorted.findIndex((p, step) => (given.length - step) * p > alpha);
        const rejected = stop === -1 ? given.length : stop;
        expect(holm(given).filter((p) => p <= alpha)).toHaveLength(rejected);
      }),
    );
  });
});
