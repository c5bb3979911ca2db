import { GanMetricsError, invalidOption } from '../errors';
import type { ImageFile } from './find-images';
import type { RgbImage } from './image';
import { inParallel } from './in-parallel';
import { readImage } from './read-image';
import { resizeBicubic } from './resize-bicubic';

export interface PixelOptions {
  /** Resize to size × size, by Pillow's bicubic filter on floats, clipped. Default: images must have one size. */
  readonly size?: number | undefined;
  /** One value a pixel in place of three: Pillow's `L`, 0.299 R + 0.587 G + 0.114 B in bytes, before resizing. */
  readonly gray?: boolean | undefined;
}

interface Pixels {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/**
 * Pixels of images as rows of numbers in [0, 1]: height × width × channels, in that order.
 *
 * @throws INVALID_OPTION, SHAPE_MISMATCH where sizes differ and none is given, what decoding throws
 */
export async function readPixels(
  files: readonly ImageFile[],
  { size, gray = false }: PixelOptions = {},
): Promise<Pixels> {
  if (size !== undefined && !(Number.isSafeInteger(size) && size > 0)) {
    throw invalidOption('size', 'a positive integer', size);
  }
  const first = await readImage(files[0]);
  const { width, height } = size === undefined ? first : { width: size, height: size };
  const columns = width * height * (gray ? 1 : 3);
  const data = new Float64Array(files.length * columns);
  await inParallel(
    files,
    async (file, i) => {
      const image = i === 0 ? first : await readImage(file);
      if (size === undefined && (image.width !== width || image.height !== height)) {
        throw new GanMetricsError(
          'SHAPE_MISMATCH',
          `Expected images of ${width} × ${height} pixels, as ${files[0].name}, but ${file.name} has ` +
            `${image.width} × ${image.height}: give a size to resize all to.`,
        );
      }
      const values = resized(gray ? toGray(image) : image, { width, height });
      const step = gray ? 3 : 1;
      for (let k = 0; k < columns; k++) {
        data[i * columns + k] = Math.min(255, Math.max(0, values[k * step])) / 255;
      }
    },
    { limit: 8 },
  );
  return { rows: files.length, columns, data };
}

function resized(
  image: RgbImage,
  { width, height }: { width: number; height: number },
): Uint8Array | Float32Array {
  if (image.width === width && image.height === height) return image.data;
  const target = new Float32Array(width * height * 3);
  resizeBicubic(image, { width, height }, { target, offset: 0 });
  return target;
}

/** All three channels as Pillow's `L`, which rounds in 16 bits. */
function toGray(image: RgbImage): RgbImage {
  const data = new Uint8Array(image.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const [red, green, blue] = image.data.subarray(i, i + 3);
    data.fill((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16, i, i + 3);
  }
  return { ...image, data };
}
