import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { encodePng } from '../../fixtures/generator/png';
import { readPixels } from '../../src/images/read-pixels';
import { picture } from './pixels';

const folder = mkdtempSync(path.join(tmpdir(), 'read-pixels-'));
afterAll(() => rmSync(folder, { recursive: true }));

const save = (name: string, image: ReturnType<typeof picture>) => {
  writeFileSync(path.join(folder, name), encodePng(image));
  return { name, path: path.join(folder, name) };
};
const image = picture(5, 4);
const files = [save('a.png', image), save('b.png', image)];

describe('readPixels', () => {
  it('gives bytes by 255, height × width × 3', async () => {
    const { rows, columns, data } = await readPixels(files);
    expect([rows, columns]).toEqual([2, 60]);
    expect([...data.subarray(60)]).toEqual(Array.from(image.data, (byte) => byte / 255));
  });

  it("gives Pillow's L with gray", async () => {
    const { columns, data } = await readPixels(files, { gray: true });
    expect(columns).toBe(20);
    for (let i = 0; i < 20; i++) {
      const [red, green, blue] = image.data.subarray(3 * i, 3 * i + 3);
      const exact = 0.299 * red + 0.587 * green + 0.114 * blue;
      expect(Number.isInteger(Math.round(data[i] * 255 * 1e9) / 1e9)).toBe(true);
      expect(Math.abs(data[i] * 255 - exact)).toBeLessThan(0.51);
    }
  });

  it('leaves images of the size as they are, and clips what resizing overshoots', async () => {
    const square = picture(4, 4);
    const file = save('c.png', { ...square, data: square.data.map((byte) => (byte > 127 ? 255 : 0)) });
    const { data } = await readPixels([file], { size: 4 });
    expect(new Set(data)).toEqual(new Set([0, 1]));
    const larger = await readPixels([file], { size: 9 });
    expect(larger.columns).toBe(243);
    expect(Math.min(...larger.data)).toBe(0);
    expect(Math.max(...larger.data)).toBe(1);
  });

  it('names the image whose size differs', async () => {
    const other = save('d.png', picture(6, 4));
    await expect(readPixels([files[0], other])).rejects.toThrow(
      /5 × 4 pixels, as a\.png, but d\.png has 6 × 4/,
    );
  });
});
