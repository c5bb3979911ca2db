import sharp from 'sharp';
import { SIZE } from './data';
import type { Game } from './game';
import { latentsFor } from './train';

/** The first samples that are scored, as one PNG of rows × columns images, enlarged. */
export async function sampleGrid(
  game: Game,
  {
    rows = 8,
    columns = 12,
    enlarged = 2,
    seed,
  }: { rows?: number; columns?: number; enlarged?: number; seed: number },
): Promise<Buffer> {
  const images = game.generate(latentsFor(seed)(rows * columns));
  const [values, channels] = [await images.data(), images.shape[3]];
  images.dispose();
  const [width, height] = [columns * SIZE, rows * SIZE];
  const grid = new Uint8Array(width * height * channels);
  for (let row = 0; row < rows * columns * SIZE; row++) {
    const [image, y] = [Math.floor(row / SIZE), row % SIZE];
    const [top, left] = [Math.floor(image / columns) * SIZE + y, (image % columns) * SIZE];
    const bytes = values
      .subarray(row * SIZE * channels, (row + 1) * SIZE * channels)
      .map((value) => Math.round((value + 1) * 127.5));
    grid.set(bytes, (top * width + left) * channels);
  }
  return sharp(grid, { raw: { width, height, channels: channels as 1 | 3 } })
    .resize(width * enlarged, height * enlarged, { kernel: 'nearest' })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
