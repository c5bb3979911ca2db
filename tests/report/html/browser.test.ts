import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, describe, expect, it } from 'vitest';
import { toHTML } from '../../../src/report/html/page';
import { chromium, loadInChromium } from './chromium';
import { fullPage } from './pages';

const folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

const POLICY = /<meta http-equiv="Content-Security-Policy" content="[^"]*">/;
/** What Jenkins sends with the files it serves. */
const JENKINS = `<meta http-equiv="Content-Security-Policy" content="sandbox; default-src 'none'; img-src 'self'; style-src 'self';">`;

interface Findings {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly string[];
  }[];
  /** Pixels by which the page is wider than the window. */
  readonly overflow: number;
  readonly passes: number;
}

/** Has axe look at the page; for that alone it is allowed to run a script. */
async function examine(html: string, { name, width }: { name: string; width?: number }): Promise<Findings> {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const probe = `<script>${axe}</script><script>
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations, passes }) => {
      const found = {
        violations: violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map((n) => n.html.slice(0, 200)) })),
        overflow: document.documentElement.scrollWidth - window.innerWidth,
        passes: passes.length,
      };
      const out = document.createElement('template');
      out.id = 'findings';
      out.setAttribute('data-found', JSON.stringify(found));
      document.body.append(out);
    });
  </script></body>`;
  const file = path.join(folder, `${name}.html`);
  // A function, as $ has a meaning in a replacement text.
  writeFileSync(
    file,
    html.replace(POLICY, '').replace('</body>', () => probe),
  );
  const { dom } = await loadInChromium(file, width === undefined ? {} : { width });
  const found = parseHTML(dom).document.getElementById('findings')?.getAttribute('data-found');
  return JSON.parse(found ?? '{}');
}

const dark = (html: string) =>
  html.replaceAll('(prefers-color-scheme: dark)', 'all').replaceAll('light dark', 'dark');

describe.skipIf(!chromium)(
  `the page in a browser${chromium ? '' : ' (needs Chromium, or CHROMIUM naming one)'}`,
  () => {
    it('opens from the disk without a word on the console', async () => {
      const file = path.join(folder, 'plain.html');
      writeFileSync(file, await toHTML(fullPage()));
      const { dom, console } = await loadInChromium(file);
      expect(console).toEqual([]);
      expect(parseHTML(dom).document.querySelectorAll('table.rows tbody tr')).toHaveLength(9);
    });

    it('has no fault that axe finds, in light and in dark, wide and narrow', async () => {
      const html = await toHTML(fullPage());
      const cases = [
        { name: 'light', page: html },
        { name: 'dark', page: dark(html) },
        { name: 'narrow', page: html, width: 390 },
      ];
      for (const { page, ...options } of cases) {
        const { violations, passes } = await examine(page, options);
        expect(violations, options.name).toEqual([]);
        expect(passes).toBeGreaterThan(20);
      }
    });

    it('is no wider than a phone, whatever the names', async () => {
      const html = await toHTML(fullPage(`${'x'.repeat(3000)}.png`));
      expect((await examine(html, { name: 'long', width: 390 })).overflow).toBeLessThanOrEqual(0);
    });

    it('would be caught if it had a fault', async () => {
      const html = (await toHTML(fullPage()))
        .replace(/ alt="[^"]*"/, '')
        .replace('--faint: #57606a', '--faint: #c0c0c0');
      const { violations } = await examine(html, { name: 'fault' });
      expect(violations.map(({ id }) => id)).toEqual(expect.arrayContaining(['image-alt', 'color-contrast']));
    });

    it("keeps its words, tables and descriptions under Jenkins' policy, which takes styles and images away", async () => {
      const file = path.join(folder, 'jenkins.html');
      writeFileSync(file, (await toHTML(fullPage())).replace(POLICY, JENKINS));
      const { document } = parseHTML((await loadInChromium(file)).dom);
      expect(document.querySelector('h1')!.textContent).toContain('Error');
      expect(document.querySelectorAll('table.rows tbody tr')).toHaveLength(9);
      expect(document.querySelectorAll('[style]')).toHaveLength(0);
      for (const image of document.querySelectorAll('img'))
        expect(image.getAttribute('alt')).toMatch(/image a\.png|real\/a\.png/);
    });
  },
);
