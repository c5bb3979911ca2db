import { describe, expect, it } from 'vitest';
import { demonstrations } from '../../examples/textbook/demonstrations';

describe('the demonstrations', () => {
  it.each(Object.keys(demonstrations))('%s shows what it says, and draws it', (name) => {
    const { svg, numbers } = demonstrations[name]();
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toMatch(/<(path|rect) /);
    expect(svg).not.toContain('NaN');
    expect(Object.values(numbers).every(Number.isFinite)).toBe(true);
  });
});
