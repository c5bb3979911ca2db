import { describe, expect, it } from 'vitest';
import { missingClasses } from '../../../src/metrics/modes/missing-classes';
import { codeOf } from '../code-of';

const sure = (labels: readonly number[], classes: number, p = 1) =>
  labels.map((label) =>
    Array.from({ length: classes }, (_, k) => (k === label ? p : (1 - p) / (classes - 1))),
  );

describe('missingClasses', () => {
  it('lists the classes of real images that no generated image has', () => {
    const result = missingClasses({ real: sure([0, 1, 2, 3], 5), generated: sure([0, 0, 3, 3], 5) });
    expect(result).toMatchObject({ value: 2, missing: [1, 2], classes: 5 });
    expect(result.counts).toEqual({ real: [1, 1, 1, 1, 0], generated: [2, 0, 0, 2, 0] });
    expect(result.kl).toBeCloseTo(Math.log(2), 12);
  });

  it('without real images expects every class', () => {
    expect(missingClasses({ generated: sure([0, 0, 3], 5) })).toMatchObject({ value: 3, missing: [1, 2, 4] });
  });

  it('counts a class far below its real share as missing, from the threshold on', () => {
    const pair = { real: sure([0, 0, 1, 1], 2), generated: sure([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 2) };
    expect(missingClasses(pair).value).toBe(0);
    expect(missingClasses(pair, { threshold: 0.19 }).value).toBe(0);
    expect(missingClasses(pair, { threshold: 0.21 }).missing).toEqual([1]);
  });

  it('leaves unsure images out, and says how many', () => {
    const generated = [...sure([0], 2, 0.9), ...sure([1], 2, 0.6)];
    expect(missingClasses({ generated }, { confidence: 0.8 })).toMatchObject({
      missing: [1],
      unsure: { real: 0, generated: 1 },
    });
    expect(codeOf(() => missingClasses({ generated }, { confidence: 0.95 }))).toBe('TOO_FEW_SAMPLES');
  });

  it('takes logits for their softmax', () => {
    const logits = sure([0, 1, 1], 3, 0.7).map((row) => row.map(Math.log));
    const probabilities = sure([0, 1, 1], 3, 0.7);
    expect(missingClasses({ generated: { logits } })).toEqual(
      missingClasses({ generated: { probabilities } }),
    );
  });

  it('a class that is only generated makes KL infinite, not JS', () => {
    const { kl, js, value } = missingClasses({ real: sure([0], 2), generated: sure([0, 1], 2) });
    expect([kl, value]).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(js).toBeLessThan(Math.LN2);
  });

  it('refuses other numbers of classes, what are no probabilities, and bad options', () => {
    const generated = sure([0], 3);
    expect(codeOf(() => missingClasses({ real: sure([0], 2), generated }))).toBe('SHAPE_MISMATCH');
    expect(codeOf(() => missingClasses({ generated: [[2, 3]] }))).toBe('NOT_PROBABILITIES');
    expect(codeOf(() => missingClasses({ generated: [] }))).toBe('TOO_FEW_SAMPLES');
    expect(codeOf(() => missingClasses({ generated }, { threshold: 2 }))).toBe('INVALID_OPTION');
  });
});
