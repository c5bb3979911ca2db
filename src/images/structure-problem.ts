import { GanMetricsError } from '../errors';
import { bmpDataSize, readBmpHeader } from './bmp-header';
import { decodeGif } from './decode-gif';
import { pnmDataSize, readPnmHeader } from './decode-pnm';
import { checkDimensions } from './image-error';
import { type ImageFormat, imageFormat, whyNotAnImage } from './image-format';
import { hasEndOfImage, jpegHeader } from './jpeg-header';
import { readPngChunks } from './png-chunks';

/** What is known of a file: its size and as much of its beginning and end as was read. */
export interface FileEnds {
  readonly size: number;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** The ends of the file do not show whether it is whole; all of it would. */
export const UNSURE = 'unsure';

/**
 * What is wrong with an image file's structure, in a few words for people: not an image, or not all of it.
 * Pixels are not decoded. Never names a file bad that `decodeImage` reads.
 *
 * @param file  with `head` and `tail` the whole file, the answer is never {@link UNSURE}
 * @returns undefined where nothing is wrong
 */
export function structureProblem(file: FileEnds): string | undefined {
  const format = imageFormat(file.head);
  return format ? PROBLEMS[format](file) : whyNotAnImage(file.head);
}

type Problem = string | undefined;

const PROBLEMS: Readonly<Record<ImageFormat, (file: FileEnds) => Problem>> = {
  png: pngProblem,
  jpeg: jpegProblem,
  bmp: bmpProblem,
  pnm: pnmProblem,
  webp: webpProblem,
  tiff: tiffProblem,
  avif: avifProblem,
  gif: gifProblem,
};

function pngProblem(file: FileEnds): Problem {
  if (isWhole(file)) return reasonOf(() => readPngChunks(file.head, ''));
  return file.tail.subarray(-12).every((byte, i) => byte === IEND[i]) ? undefined : UNSURE;
}

/** The chunk that ends a PNG: no data, its name, its checksum. */
const IEND = Uint8Array.of(0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82);

function jpegProblem(file: FileEnds): Problem {
  const header = jpegHeader(file.head);
  if (!header) return isWhole(file) ? 'truncated JPEG (no image in it)' : UNSURE;
  const problem = reasonOf(() => checkDimensions('', header));
  if (problem) return problem;
  // A thumbnail in the metadata has an end marker too: only those behind the scan's beginning count.
  const tailStart = file.size - file.tail.length;
  if (hasEndOfImage(file.tail, Math.max(0, header.scanStart - tailStart))) return undefined;
  return isWhole(file) ? 'truncated JPEG (no end marker)' : UNSURE;
}

function gifProblem(file: FileEnds): Problem {
  if (file.size > 13 && file.tail.at(-1) === GIF_TRAILER) return undefined;
  // A missing trailer does no harm, missing pixels do: rare enough to decode it.
  return isWhole(file) ? reasonOf(() => decodeGif(file.head, '')) : UNSURE;
}

const GIF_TRAILER = 0x3b;

function bmpProblem({ head, size }: FileEnds): Problem {
  return reasonOf(() => {
    const header = readBmpHeader(head, '');
    return size < header.offset + bmpDataSize(header) ? 'truncated BMP' : undefined;
  });
}

function pnmProblem(file: FileEnds): Problem {
  const problem = reasonOf(() => {
    const header = readPnmHeader(file.head, '');
    return !header.plain && file.size < header.offset + pnmDataSize(header) ? 'truncated PNM' : undefined;
  });
  // Comments may make a header of any length.
  return problem?.startsWith('damaged') && !isWhole(file) ? UNSURE : problem;
}

function webpProblem({ head, size }: FileEnds): Problem {
  if (size < 20) return 'truncated WebP';
  return size < 8 + viewOf(head).getUint32(4, true) ? 'truncated WebP' : undefined;
}

function tiffProblem({ head, size }: FileEnds): Problem {
  if (size < 16) return 'truncated TIFF';
  const view = viewOf(head);
  const little = head[0] === 0x49;
  const big = view.getUint16(2, little) === 43;
  const directory = big ? Number(view.getBigUint64(8, little)) : view.getUint32(4, little);
  return directory + 2 > size ? 'truncated TIFF (its directory lies behind its end)' : undefined;
}

function avifProblem({ head, size }: FileEnds): Problem {
  const view = viewOf(head);
  for (let at = 0; at + 16 <= head.length; ) {
    const length = view.getUint32(at) === 1 ? Number(view.getBigUint64(at + 8)) : view.getUint32(at);
    // Of length 0 is a box that reaches to the end of the file.
    if (length === 0) return undefined;
    if (at + length > size) return 'truncated AVIF';
    at += Math.max(8, length);
  }
  return undefined;
}

function isWhole({ size, head }: FileEnds): boolean {
  return head.length === size;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function reasonOf(check: () => unknown): Problem {
  try {
    const problem = check();
    return typeof problem === 'string' ? problem : undefined;
  } catch (error) {
    if (error instanceof GanMetricsError) return String(error.details.reason);
    throw error;
  }
}
