import { readdirSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { suitePictures } from '../../src/report/suite-pictures';
import { openThumbnails } from '../../src/report/thumbnails';
import { projectFile } from '../reference';

const real = projectFile('fixtures/real');
const generated = projectFile('fixtures/fake');
const [realNames, names] = [real, generated].map((folder) =>
  readdirSync(folder)
    .filter((name) => /\.(png|jpe?g)$/.test(name))
    .sort(),
);
const scores = names.slice(0, 40).map((file, i) => ({
  file,
  realism: 0.5 + i / 100,
  distance: 40 - i,
  nearestReal: realNames[i],
  inside: true,
  class: null,
  entropy: null,
}));
const sizeOf = (value: unknown) => [...JSON.stringify(value).matchAll(/"data:[^"]*"/g)].join('').length;

describe('suitePictures', () => {
  it('shows the worst first, each beside the real image that it is nearest to', async () => {
    const { groups, omitted } = await suitePictures({ suite: 's', scores, real, generated }, { count: 3 });
    expect(groups.map(({ title }) => title)).toEqual(['Worst', 'Nearest to real images', 'Random', 'Best']);
    expect(groups[0].pictures.map(({ file }) => file)).toEqual(names.slice(0, 3));
    for (const { thumbnail, nearestThumbnail } of groups[0].pictures) {
      expect(thumbnail).toMatch(/^data:image\/png;base64,/);
      expect(nearestThumbnail).toMatch(/^data:image\/png;base64,/);
    }
    expect(omitted).toBe(0);
  });

  it('stays within its size: the worst keep their pictures, and those left out are counted', async () => {
    const all = await suitePictures({ suite: 's', scores, real, generated });
    const maxSize = Math.floor(sizeOf(all) / 4);
    const { groups, omitted } = await suitePictures({ suite: 's', scores, real, generated }, { maxSize });
    expect(sizeOf(groups)).toBeLessThanOrEqual(maxSize + 300);
    expect(groups[0].pictures[0].thumbnail).not.toBeNull();
    expect(groups.at(-1)!.pictures.some(({ thumbnail }) => thumbnail === null)).toBe(true);
    expect(omitted).toBeGreaterThan(10);
  });

  it('lists images that cannot be opened, without a picture', async () => {
    const { groups, omitted } = await suitePictures({
      suite: 's',
      scores: scores.slice(0, 2),
      real,
      generated: 'nowhere',
    });
    expect(groups[0].pictures[0]).toMatchObject({ file: names[0], thumbnail: null });
    expect(omitted).toBe(8);
  });
});

describe('openThumbnails', () => {
  it('keeps every pixel of a small image', async () => {
    const { of, release } = await openThumbnails(generated);
    const bytes = Buffer.from((await of(names[0]))!.split(',')[1], 'base64');
    const [made, original] = await Promise.all(
      [bytes, `${generated}/${names[0]}`].map((image) => sharp(image).removeAlpha().raw().toBuffer()),
    );
    expect(made.equals(original)).toBe(true);
    await release();
  });

  it('has none for a name that is not in the set, one outside of it included', async () => {
    const { of, release } = await openThumbnails(generated);
    expect(await of('no-such.png')).toBeNull();
    expect(await of(`../real/${realNames[0]}`)).toBeNull();
    await release();
  });
});
