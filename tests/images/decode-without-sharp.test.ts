import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { decodeImage } from '../../src/images/decode';
import { projectFile } from '../reference';

vi.mock('sharp', () => {
  throw new Error('no build of sharp for this platform');
});

const read = (name: string): Uint8Array => readFileSync(projectFile('fixtures', 'decode', name));

it('decodeImage never loads sharp for PNG, GIF, BMP and PNM', async () => {
  for (const name of ['rgb8.png', 'rgba16-interlaced.png', 'palette.gif', '24.bmp', 'p6.ppm']) {
    await expect(decodeImage(read(name), name)).resolves.toMatchObject({ width: 23, height: 17 });
  }
});

it('decodeImage says what is missing where sharp cannot be loaded', async () => {
  for (const name of ['420.jpg', 'rgb.tif', 'lossy.webp']) {
    await expect(decodeImage(read(name), name)).rejects.toMatchObject({
      code: 'RUNTIME_MISSING',
      message: expect.stringContaining('npm install sharp'),
    });
  }
});
