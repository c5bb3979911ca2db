import type { Sharp, SharpConstructor } from 'sharp';
import { GanMetricsError } from '../errors';
import type { RgbImage } from './image';
import { checkDimensions, corruptImage, MAX_PIXELS, unsupportedImage } from './image-error';
import { jpegHeader } from './jpeg-header';

/**
 * Decodes a JPEG as libjpeg-turbo and Pillow do: profiles and EXIF orientation are ignored, CMYK becomes
 * RGB by Pillow's own arithmetic. Data that end before the image does are an error; other defects are
 * passed over, as libjpeg's warnings are in Pillow.
 *
 * @throws CORRUPT_FILE; UNSUPPORTED_IMAGE above the pixel limit; RUNTIME_MISSING without sharp
 */
export async function decodeJpeg(bytes: Uint8Array, name: string): Promise<RgbImage> {
  const header = jpegHeader(bytes);
  if (!header) throw corruptImage(name, 'truncated JPEG (no image in it)');
  checkDimensions(name, header);
  const open = await opener(bytes);
  return attempt({ name, format: 'JPEG' }, () => (header.components === 4 ? readCmyk : readRgb)(open()));
}

/**
 * Decodes the first page of a TIFF as Pillow does: with its orientation applied, 16-bit gray clipped at 255,
 * of other 16-bit samples the high byte.
 *
 * @throws CORRUPT_FILE; UNSUPPORTED_IMAGE above the pixel limit; RUNTIME_MISSING without sharp
 */
export async function decodeTiff(bytes: Uint8Array, name: string): Promise<RgbImage> {
  const open = await opener(bytes);
  return attempt({ name, format: 'TIFF' }, async () => {
    const metadata = await open().metadata();
    checkDimensions(name, metadata);
    const read = metadata.space === 'cmyk' ? readCmyk : metadata.space === 'grey16' ? readGray16 : readRgb;
    return read(open().autoOrient());
  });
}

/**
 * Decodes the first frame of a WebP, or an AVIF; alpha is dropped.
 *
 * @throws CORRUPT_FILE; UNSUPPORTED_IMAGE above the pixel limit; RUNTIME_MISSING without sharp
 */
export async function decodeWebpOrAvif(
  bytes: Uint8Array,
  { name, format }: { name: string; format: 'WebP' | 'AVIF' },
): Promise<RgbImage> {
  const open = await opener(bytes);
  return attempt({ name, format }, async () => {
    checkDimensions(name, await open().metadata());
    return readRgb(open());
  });
}

let loading: Promise<SharpConstructor> | undefined;

/** Sharp is loaded at the first image that needs it: sets of PNG never do. */
async function opener(bytes: Uint8Array): Promise<() => Sharp> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    // Each image is read once, and the callers keep several in flight: no cache, no threads inside of one.
    sharp.cache(false);
    sharp.concurrency(1);
    return sharp;
  });
  let sharp: SharpConstructor;
  try {
    sharp = await loading;
  } catch (error) {
    throw new GanMetricsError(
      'RUNTIME_MISSING',
      'The package sharp, which reads all formats but PNG, GIF, BMP and PNM, cannot be loaded: ' +
        `${(error as Error).message}. Install it anew (npm install sharp), or convert the images to PNG.`,
      { cause: error },
    );
  }
  return () => sharp(bytes, { ignoreIcc: true, failOn: 'error', limitInputPixels: MAX_PIXELS });
}

async function attempt(
  { name, format }: { name: string; format: string },
  read: () => Promise<RgbImage>,
): Promise<RgbImage> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GanMetricsError) throw error;
    const said = (error as Error).message
      .split('\n')[0]
      .replace(/^(Input buffer has corrupt header|\w+): /, '');
    if (/pixel limit/.test(said)) throw unsupportedImage(name, `more pixels than the limit of ${MAX_PIXELS}`);
    if (/unsupported|not supported|bad labq/.test(said)) {
      throw unsupportedImage(name, `a kind of ${format} that is not supported (${said})`, error);
    }
    const kind = /premature|truncated|unexpected end/i.test(said) ? 'truncated' : 'damaged';
    throw corruptImage(name, `${kind} ${format} (${said})`, error);
  }
}

async function readRgb(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  };
}

/** Pillow's CMYK to RGB: (255 − K) − (255 − K) · C / 255 for red, and so on, no profile. */
async function readCmyk(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const rgb = new Uint8Array(info.width * info.height * 3);
  for (let i = 0, o = 0; o < rgb.length; i += info.channels) {
    const white = 255 - data[i + 3];
    for (let channel = 0; channel < 3; channel++) {
      // x / 255, rounded, in integers: exact for all products of two bytes.
      const product = data[i + channel] * white + 128;
      rgb[o++] = white - (((product >> 8) + product) >> 8);
    }
  }
  return { width: info.width, height: info.height, data: rgb };
}

async function readGray16(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image
    .toColourspace('grey16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  const values = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const rgb = new Uint8Array(info.width * info.height * 3);
  for (let i = 0; i < info.width * info.height; i++) {
    rgb.fill(Math.min(255, values[i * info.channels]), 3 * i, 3 * i + 3);
  }
  return { width: info.width, height: info.height, data: rgb };
}
