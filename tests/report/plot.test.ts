import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawFigure } from '../../src/report/plot';

const figure = (name: string) =>
  drawFigure({
    title: 'Lines',
    description: 'Two lines.',
    name,
    columns: 2,
    panelWidth: 200,
    panelHeight: 100,
    legend: [{ label: 'first', color: '#ff0000' }],
    panels: [1, 2, 3].map((k) => (Plot) => ({
      title: `Panel ${k}`,
      marks: [Plot.lineY([1, 2, 3 * k], { clip: true, stroke: '#ff0000' })],
    })),
  });

describe('a figure', () => {
  it('is well-formed, of the size that its panels make', async () => {
    const { width, height } = await sharp(Buffer.from(await figure('lines'))).metadata();
    // Two rows of a title and a panel, below the figure's own title and the legend.
    expect([width, height]).toEqual([400, 2 * (100 + 24) + 24 + 22]);
  });

  it('is the same text every time, and its ids are of its own name', async () => {
    const [first, again, other] = [await figure('lines'), await figure('lines'), await figure('others')];
    expect(again === first).toBe(true);
    const ids = (svg: string) => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids(first)).toEqual([
      'lines-title',
      'lines-description',
      'lines-clip-1',
      'lines-clip-2',
      'lines-clip-3',
    ]);
    expect(new Set([...ids(first), ...ids(other)]).size).toBe(10);
    for (const [, id] of first.matchAll(/url\(#([^)]+)\)/g)) expect(ids(first)).toContain(id);
  });

  it('loads nothing from elsewhere, and follows light and dark', async () => {
    const svg = await figure('lines');
    expect(svg.match(/https?:[^"]+/g)).toEqual(['http://www.w3.org/2000/svg']);
    expect(svg.includes('prefers-color-scheme: dark')).toBe(true);
    expect(svg.includes('fill="currentColor"')).toBe(true);
  });
});
