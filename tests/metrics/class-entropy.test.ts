import { describe, expect, it } from 'vitest';
import { classEntropy } from '../../src/metrics/class-entropy';
import { codeOf } from './code-of';

describe('classEntropy', () => {
  it('is 0 for a certain classifier and log(classes) for one without an idea', () => {
    const [certain, ignorant] = classEntropy({
      logits: [
        [0, 900, 0, 0],
        [5, 5, 5, 5],
      ],
    });
    expect(certain).toEqual({ class: 1, entropy: 0 });
    expect(ignorant.class).toBe(0);
    expect(ignorant.entropy).toBeCloseTo(Math.log(4), 14);
  });

  it('of probabilities is −Σ p log p', () => {
    const [{ class: likeliest, entropy }] = classEntropy([[0.25, 0.75]]);
    expect(likeliest).toBe(1);
    expect(entropy).toBeCloseTo(-(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)), 14);
  });

  it('refuses logits that are given as probabilities', () => {
    expect(codeOf(() => classEntropy([[3, -1]]))).toBe('NOT_PROBABILITIES');
  });
});
