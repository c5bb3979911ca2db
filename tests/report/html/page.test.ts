import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { toHTML } from '../../../src/report/html/page';
import { rowsOf } from '../../../src/report/judged-rows';
import { printable } from '../../../src/report/plain-text';
import { anyReport, HOSTILE, interval, ROWS, report, reportOf, row, suite } from '../gate-reports';
import { fullPage } from './pages';

const read = (html: string) => parseHTML(html).document;
const texts = (
  parent: { querySelectorAll(selector: string): Iterable<{ textContent: string | null }> },
  selector: string,
) =>
  [...parent.querySelectorAll(selector)].map(({ textContent }) => textContent!.replace(/\s+/g, ' ').trim());

/** What a page must never have, whoever named the files. */
function requireInert(html: string): void {
  const document = read(html);
  expect(document.querySelector('script, iframe, object, embed, link, base, form, foreignObject')).toBeNull();
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^on|^style$|^srcdoc$/i);
      if (/^(src|href|xlink:href|action|data)$/i.test(name))
        expect(value).toMatch(/^(#[\w-]+|data:image\/(png|jpeg);base64,[\w+/=]+)$/);
    }
  }
}

describe('toHTML', () => {
  it('has the verdict on top, in words, before everything else', async () => {
    const document = read(await toHTML(fullPage()));
    expect(document.title).toBe('gan-metrics: error');
    expect(texts(document, 'h1')).toEqual(['✕ Error']);
    expect(texts(document, 'header .verdict p')).toEqual([
      'The check could not be carried out in full. ' +
        '2 error, 1 over limit, 1 regressed, 1 incomparable, 1 inconclusive, 1 improved, 2 pass; 5 make it fail.',
    ]);
  });

  it('lists every number in a table, worst first, with the numbers of the report', async () => {
    const document = read(await toHTML({ report: report([suite(ROWS)]) }));
    const rows = [...document.querySelectorAll('table.rows tbody tr')];
    expect(rows.map((each) => texts(each, 'td .badge')[0].slice(2))).toEqual(
      ROWS.map(({ verdict }) => verdict),
    );
    expect(texts(rows[2], 'td.number')).toEqual([
      '12.3457[12, 12.7]',
      '12.25[11.9, 12.6]',
      '+0.0956789[-0.2, +0.4]',
      '0.5',
      'at most 15',
      '5000 / 5000',
    ]);
  });

  it('says of every row that is not fine why, and what to do', async () => {
    const document = read(await toHTML({ report: report([suite(ROWS)]) }));
    const cards = texts(document, '.card');
    expect(cards).toHaveLength(5);
    expect(cards[2]).toContain('This is why it is regressed. Next: Look at the worst images');
    expect(cards[3]).toContain('seed: 0 → 1');
  });

  it('shows intervals, the history of the baseline, curves, images, warnings and provenance', async () => {
    const document = read(await toHTML(fullPage()));
    const [faces] = document.querySelectorAll('section.paper');
    expect(texts(faces, 'h3')).toEqual([
      'Intervals',
      'Over time, and against the number of images',
      'Images',
      'Warnings',
    ]);
    expect(faces.querySelectorAll('.figures svg')).toHaveLength(6 + 2);
    expect(texts(faces, 'svg desc')).toContain(
      '12.35 [12, 12.7], was 12.25 [11.9, 12.6]. Allowed to 12.75. Limit: at most 15.',
    );
    expect([...faces.querySelectorAll('.samples img')].map((img) => img.getAttribute('alt'))).toEqual([
      'Generated image a.png',
      'Real image real/a.png',
      'Real image real/a.png',
      'Generated image a.png',
    ]);
    expect(texts(faces, '.warnings li')).toEqual(['Few images. (SAMPLE_BELOW_ADVISED; recall)']);
    expect(texts(faces, 'details dt')).toEqual(['model.id', 'preprocessing', 'seed']);
  });

  it('is a page of its own: it runs nothing, loads nothing, and forbids both', async () => {
    const html = await toHTML(fullPage());
    requireInert(html);
    expect(html).not.toMatch(/url\(|@import|https?:\/\/(?!www\.w3\.org\/)/);
    const policy = read(html)
      .querySelector('meta[http-equiv="Content-Security-Policy"]')!
      .getAttribute('content');
    expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; img-src data:;/);
  });

  it.each(HOSTILE)('shows hostile text as text: %j', async (text) => {
    const given = reportOf(text);
    const picture = {
      file: text,
      thumbnail: null,
      realism: 1,
      distance: 1,
      nearestReal: text,
      nearestThumbnail: null,
    };
    const html = await toHTML({
      report: given,
      history: [
        {
          suite: text,
          metric: text,
          versions: ['1', text].map((label) => ({ label, value: 1, interval: null, comparable: text })),
        },
      ],
      curves: [{ suite: text, metric: text, label: text, points: [1, 2].map((n) => ({ n, value: n })) }],
      pictures: [
        { suite: text, omitted: 0, groups: [{ title: text, note: text, pairs: true, pictures: [picture] }] },
      ],
    });
    requireInert(html);
    const document = read(html);
    expect(document.querySelector('tbody th bdi')!.textContent).toBe(printable(text));
    expect(document.querySelector('figcaption bdi')!.textContent).toBe(printable(text));
    expect(document.querySelector('.card p')!.textContent).toBe(printable(text));
    expect(document.querySelectorAll('svg')).toHaveLength(3);
  });

  it('has a row of the table for each of the report, whatever the report', async () => {
    await fc.assert(
      fc.asyncProperty(anyReport, async (given) => {
        const html = await toHTML({ report: given });
        requireInert(html);
        const document = read(html);
        expect(document.querySelectorAll('table.rows tbody tr')).toHaveLength(
          given.suites.flatMap(rowsOf).length,
        );
        const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const link of document.querySelectorAll('a')) {
          expect(document.getElementById(link.getAttribute('href')!.slice(1))).not.toBeNull();
        }
      }),
      { numRuns: 15 },
    );
  });

  it('draws an axis for numbers of any size, the smallest there are included', async () => {
    for (const tiny of [5e-324, 1e-308, 1e-200]) {
      const small = row({ value: 0, interval: interval(0, tiny), limit: { min: -tiny } });
      const document = read(await toHTML({ report: report([suite([small])]) }));
      expect(document.querySelectorAll('svg').length).toBeGreaterThan(0);
    }
  });

  it('draws no line between versions of the baseline that cannot be compared', async () => {
    const line = async (comparable: readonly string[]) => {
      const versions = comparable.map((each, i) => ({
        label: `${i}`,
        value: i,
        interval: null,
        comparable: each,
      }));
      const page = {
        report: report([suite([row()])]),
        history: [{ suite: 'faces', metric: 'fid', versions }],
      };
      return read(await toHTML(page)).querySelectorAll('svg g[aria-label="line"] path').length;
    };
    expect(await line(['a', 'a', 'a'])).toBe(1);
    expect(await line(['a', 'b', 'b'])).toBe(2);
  });

  it('says "pass" of a report that passes, and has nothing to look at', async () => {
    const document = read(await toHTML({ report: report([suite([row()])]) }));
    expect(texts(document, 'h1')).toEqual(['✓ Pass']);
    expect(document.querySelector('#attention')).toBeNull();
  });
});
