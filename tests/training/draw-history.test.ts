import { parseHTML } from 'linkedom';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawHistory } from '../../src/training/draw-history';
import { TrainingMonitor } from '../../src/training/training-monitor';

/** A strict reader of XML: it throws for what is not well-formed. */
const sizeOf = async (svg: string) => {
  const { format, width, height } = await sharp(Buffer.from(svg)).metadata();
  return { format, width, height };
};
const texts = (svg: string) =>
  [...parseHTML(svg).document.querySelectorAll('text')].map(({ textContent }) => textContent);

const HOSTILE = 'a <b> & "c"</text></svg><script>\u0001\ud800';

function monitor(): TrainingMonitor {
  const made = new TrainingMonitor();
  for (let k = 0; k < 12; k++) {
    made.record({
      step: 100 * k,
      fid: { value: 90 - k, low: 88 - k, high: 92 - k },
      kid: { value: 0.2 / (k + 1), standardError: 0.001 },
      tiny: 10 ** -k,
      constant: 3,
      never: Number.NaN,
      [HOSTILE]: k === 5 ? Number.POSITIVE_INFINITY : k,
      ...(k === 3 && { once: 1 }),
    });
  }
  return made;
}

describe('the drawing of a history', () => {
  it('is a well-formed SVG with a panel for every score, whatever its name and values', async () => {
    const svg = await monitor().toSVG();
    expect(await sizeOf(svg)).toMatchObject({ format: 'svg', width: 760 });
    const found = texts(svg);
    for (const title of [
      'fid (lower is better)',
      'kid (lower is better)',
      'tiny',
      'constant',
      'never',
      'once',
    ]) {
      expect(found).toContain(title);
    }
    expect(found).toContain('a <b> & "c"</text></svg><script>\ufffd\ufffd');
    expect(svg.includes('<script')).toBe(false);
    expect(/="[^"]*(NaN|Infinity)/.test(svg)).toBe(false);
  });

  it('is the same text every time', async () => {
    const [first, second] = [await monitor().toSVG(), await monitor().toSVG()];
    expect(second === first).toBe(true);
  });

  it('says in words what it shows', async () => {
    const svg = await monitor().toSVG({ title: 'Run 7', scores: ['fid'] });
    const { document } = parseHTML(svg);
    expect(document.querySelector('title')?.textContent).toBe('Run 7');
    expect(document.querySelector('desc')?.textContent).toBe(
      'fid: 90 at step 0, 79 at step 1100, best 79 at step 1100.',
    );
    expect(document.querySelector('svg')?.getAttribute('aria-labelledby')).toBe(
      'history-title history-description',
    );
  });

  it('has a band for what has an error, and a line where a value was not finite', async () => {
    const shapes = async (score: string) => {
      const { document } = parseHTML(await monitor().toSVG({ scores: [score] }));
      return {
        bands: document.querySelectorAll('g[aria-label="area"] path').length,
        lines: document.querySelectorAll('g[aria-label="rule"] line').length,
      };
    };
    expect(await shapes('fid')).toEqual({ bands: 1, lines: 0 });
    expect(await shapes('kid')).toEqual({ bands: 1, lines: 0 });
    expect(await shapes('constant')).toEqual({ bands: 0, lines: 0 });
    expect(await shapes(HOSTILE)).toEqual({ bands: 0, lines: 1 });
    expect(await shapes('never')).toEqual({ bands: 0, lines: 12 });
  });

  it('puts several runs into one panel, with a legend', async () => {
    const svg = await drawHistory(
      { first: monitor().records, second: monitor().records.slice(4) },
      { scores: ['fid'] },
    );
    expect(texts(svg)).toEqual(expect.arrayContaining(['first', 'second']));
    expect(parseHTML(svg).document.querySelectorAll('g[aria-label="line"] path')).toHaveLength(2);
    await sizeOf(svg);
  });

  it('is refused of a score that was not recorded, and of nothing', async () => {
    const refused = { code: 'INVALID_OPTION' };
    await expect(monitor().toSVG({ scores: ['fdi'] })).rejects.toMatchObject(refused);
    await expect(new TrainingMonitor().toSVG()).rejects.toMatchObject(refused);
  });
});
