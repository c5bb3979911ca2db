import { decodeBmp } from './decode-bmp';
import { decodeGif } from './decode-gif';
import { decodePng } from './decode-png';
import { decodePnm } from './decode-pnm';
import { decodeJpeg, decodeTiff, decodeWebpOrAvif } from './decode-sharp';
import type { RgbImage } from './image';
import { corruptImage, unsupportedImage } from './image-error';
import { imageFormat, whyNotAnImage } from './image-format';
import { structureProblem } from './structure-problem';

/**
 * Decodes an image to 8-bit RGB, byte for byte what Pillow's `Image.open(f).convert('RGB')` gives wherever
 * the format leaves no freedom; docs/images.md lists what differs. The format is told by the first bytes and
 * not by the name.
 *
 * @param name  stands in messages
 * @throws UNSUPPORTED_IMAGE for what is no image of a known format, or has more than 178 956 970 pixels;
 *   CORRUPT_FILE for an empty, truncated or damaged one; both with `details.name` and `details.reason`;
 *   RUNTIME_MISSING where the format needs sharp and it cannot be loaded
 */
export async function decodeImage(bytes: Uint8Array, name: string): Promise<RgbImage> {
  if (bytes.length === 0) throw corruptImage(name, 'empty file');
  const format = imageFormat(bytes);
  switch (format) {
    case 'png':
      return decodePng(bytes, name);
    case 'gif':
      return decodeGif(bytes, name);
    case 'bmp':
      return decodeBmp(bytes, name);
    case 'pnm':
      return decodePnm(bytes, name);
    case undefined:
      throw unsupportedImage(name, whyNotAnImage(bytes));
  }
  // The libraries for the rest make up what a cut file lacks, each in its own way and not always.
  const problem = structureProblem({ size: bytes.length, head: bytes, tail: bytes });
  if (problem) throw corruptImage(name, problem);
  if (format === 'jpeg') return decodeJpeg(bytes, name);
  if (format === 'tiff') return decodeTiff(bytes, name);
  return decodeWebpOrAvif(bytes, { name, format: format === 'webp' ? 'WebP' : 'AVIF' });
}
