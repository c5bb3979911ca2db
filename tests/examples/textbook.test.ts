import { describe, expect, it } from 'vitest';
import { demonstrations } from '../../examples/textbook/demonstrations';

describe('the demonstrations', () => {
  for (const [name, { run, missing }] of Object.entries(demonstrations)) {
    it.skipIf(missing)(
      `${name} shows what it says, and draws it${missing ? ` (needs ${missing})` : ''}`,
      async () => {
        const { svg, numbers } = await run({ small: true });
        expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
        expect(svg).toMatch(/<(path|rect) /);
        expect(svg).not.toContain('NaN');
        expect(Object.values(numbers).every(Number.isFinite)).toBe(true);
      },
    );
  }
});
