import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine, printable, shorten } from '../../src/report/plain-text';
import { anyText } from './gate-reports';

describe('printable', () => {
  it('leaves what can be seen as it is', () => {
    const text = 'FD (cifar10-resnet): 12 → 14\n\tgrün 🐈 <b>&amp;</b> עברית';
    expect(printable(text)).toBe(text);
  });

  it('writes what cannot be seen as its code', () => {
    expect(printable('a\u202eb\u0007c\u0000\ud83d')).toBe('a\\u{202e}b\\u{0007}c\\u{0000}\\u{d83d}');
  });

  it('gives only characters that XML 1.0 takes, and no lone surrogate', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(printable(text)).toMatch(/^[\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(anyText, (text) => printable(printable(text)) === printable(text)));
  });
});

describe('oneLine', () => {
  it('has no line ends and no tabs', () => {
    fc.assert(fc.property(anyText, (text) => !/[\r\n\t]/.test(oneLine(text))));
  });
});

describe('shorten', () => {
  it('gives at most so many characters, and cuts no character in two', () => {
    fc.assert(
      fc.property(anyText.map(printable), fc.integer({ min: 3, max: 30 }), (text, limit) => {
        const short = shorten(text, limit);
        expect(short.length).toBeLessThanOrEqual(limit);
        expect(short).not.toMatch(/\p{Surrogate}/u);
        if (text.length <= limit) expect(short).toBe(text);
        else expect(short.endsWith('…')).toBe(true);
      }),
    );
  });
});
