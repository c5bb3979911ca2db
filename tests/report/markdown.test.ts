import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/report/judged-rows';
import { toMarkdown } from '../../src/report/markdown';
import { oneLine } from '../../src/report/plain-text';
import { anyReport, HOSTILE, ROWS, report, reportOf, row, suite } from './gate-reports';

function rendered(markdown: string) {
  const html = marked.parse(markdown, { gfm: true, async: false });
  return parseHTML(`<!doctype html><html><body>${html}</body></html>`).document.body;
}

const texts = (parent: ReturnType<typeof rendered>, selector: string) =>
  [...parent.querySelectorAll(selector)].map(({ textContent }) => textContent!.trim());

/** What a renderer makes of runs of spaces. */
const spaced = (text: string) => text.replace(/\s+/g, ' ').trim();

describe('toMarkdown', () => {
  it('has the verdict on top and a table of all rows, worst first', () => {
    const page = rendered(toMarkdown(report([suite([...ROWS].reverse())])));
    expect(texts(page, 'h2')).toEqual(['gan-metrics: error']);
    expect(texts(page, 'tbody tr td:first-child')).toEqual(ROWS.map(({ verdict }) => verdict));
    expect(texts(page, 'tbody tr:nth-child(2) td')).toEqual([
      'over limit',
      'faces',
      'KID',
      '12.3457 [12, 12.7]',
      '12.25 [11.9, 12.6]',
      '+0.0956789 [-0.2, +0.4]',
      '0.5',
      'at most 15',
      '5000 real, 5000 generated',
    ]);
  });

  it('says of every row that is not as it should be why, and what to do', () => {
    const page = rendered(toMarkdown(report()));
    const listed = texts(page, 'li');
    for (const { verdict, reason, next } of ROWS) {
      const fine = verdict === 'pass' || verdict === 'improved';
      expect(listed.includes(`why: ${reason}`)).toBe(!fine);
      if (next) expect(listed).toContain(`next: ${next}`);
    }
    expect(listed).toContain('differs: seed: 0 → 1');
  });

  it.each(HOSTILE.filter(({ length }) => length < 1000))('shows hostile text as it is: %j', (text) => {
    const page = rendered(toMarkdown(reportOf(text)));
    expect(page.querySelector('script, img, a, code, tbody tr:nth-child(2), li li, li h1')).toBeNull();
    expect(texts(page, 'tbody td').slice(0, 3).map(spaced)).toEqual([
      'regressed',
      spaced(oneLine(text)),
      spaced(oneLine(text)),
    ]);
    if (text.trim()) expect(texts(page, 'li').map(spaced)).toContain(`why: ${spaced(oneLine(text))}`);
  });

  it('has one row of the table for each of the report, whatever their names', () => {
    fc.assert(
      fc.property(anyReport, (given) => {
        const page = rendered(toMarkdown(given));
        const rows = given.suites.flatMap(rowsOf).length;
        expect(page.querySelectorAll('tbody tr')).toHaveLength(rows);
        expect(page.querySelectorAll('tbody td')).toHaveLength(9 * rows);
        expect(page.querySelector('script, img, a')).toBeNull();
      }),
      { numRuns: 50 },
    );
  });

  it('notifies nobody and refers to nothing: GitHub looks for that in the text it has rendered', () => {
    const [cell] = [...rendered(toMarkdown(reportOf('@team #12'))).querySelectorAll('tbody td')].slice(1);
    for (const node of cell.childNodes) {
      if (node.nodeType === 3) expect(node.textContent).not.toMatch(/@\w|#\d/);
    }
    expect(cell.textContent).toBe('@team #12');
  });

  it('stays within a limit, keeps the worst, and says that it did', () => {
    const rows = Array.from({ length: 3000 }, (_, i) =>
      row({
        metric: `m${i}`,
        label: `m${i}`,
        verdict: i % 2 ? 'regressed' : 'pass',
        fails: i % 2 === 1,
        reason: 'x'.repeat(900),
      }),
    );
    const text = toMarkdown(report([suite(rows)]));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024);
    expect(Buffer.byteLength(text)).toBeGreaterThan(1024 * 1024 - 3000);
    expect(text).toMatch(/\*\*\d+ of 3000 rows are left out\*\*/);
    expect(text.match(/^\| pass \|/gm)).toBeNull();
    expect(toMarkdown(report())).not.toContain('left out');
  });
});
