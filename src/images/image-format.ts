/** Formats that can be decoded. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'bmp' | 'pnm' | 'avif';

/** Extensions, in lower case, by which a folder's images are found; what a file is, its first bytes say. */
export const IMAGE_EXTENSIONS: readonly string[] = [
  ...['png', 'jpg', 'jpeg', 'jpe', 'jfif', 'webp', 'gif', 'tif', 'tiff'],
  ...['bmp', 'dib', 'ppm', 'pgm', 'pbm', 'pnm', 'avif'],
];

/**
 * The format a file's first bytes announce, whatever its name says; undefined where it is none of ours.
 *
 * @param head  the file's beginning, 32 bytes or all of it
 */
export function imageFormat(head: Uint8Array): ImageFormat | undefined {
  const start = latin1(head);
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (/^GIF8[79]a/.test(start)) return 'gif';
  if (start.startsWith('RIFF') && start.startsWith('WEBP', 8)) return 'webp';
  if (TIFF.some((signature) => start.startsWith(signature))) return 'tiff';
  // "BM" begins many a text too; the size of the header behind it is one of a few.
  if (start.startsWith('BM') && BMP_HEADER_SIZES.includes(head[14]) && head[15] === 0) return 'bmp';
  if (/^P[1-6][\s#]/.test(start)) return 'pnm';
  // The brand of the file, or one of those it is compatible with.
  if (start.startsWith('ftyp', 4) && /^(avif|avis|(mif1|msf1|miaf).*avif)/s.test(start.slice(8)))
    return 'avif';
  return undefined;
}

/** Why the file behind these first bytes is no image of ours, in few words for people. */
export function whyNotAnImage(head: Uint8Array): string {
  if (head.length === 0) return 'empty file';
  const start = latin1(head);
  for (const { at = 0, signatures, reason } of OTHERS) {
    if (signatures.some((signature) => start.startsWith(signature, at))) return reason;
  }
  if (head.every((byte) => byte === 0)) return 'only zeros (a lost or unfinished write)';
  const word = /^\s*([!-~]{3,16})/.exec(start)?.[1];
  if (word) return `not an image (starts with "${word}")`;
  const bytes = Array.from(head.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'));
  return `not an image (starts with bytes ${bytes.join(' ')})`;
}

/** Classic and BigTIFF, in either byte order. */
const TIFF = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];
const BMP_HEADER_SIZES = [12, 40, 52, 56, 64, 108, 124];

/** What else people have in image folders, and what to tell them. */
const OTHERS: readonly {
  readonly at?: number;
  readonly signatures: readonly string[];
  readonly reason: string;
}[] = [
  { at: 4, signatures: ['ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1'], reason: convert('HEIC is') },
  { signatures: ['\xff\x0a', '\0\0\0\x0cJXL '], reason: convert('JPEG XL is') },
  { signatures: ['\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'], reason: convert('JPEG 2000 is') },
  { signatures: ['<svg', '<?xml'], reason: convert('SVG is') },
  { signatures: ['8BPS'], reason: convert('Photoshop files are') },
  { signatures: ['\x76\x2f\x31\x01'], reason: convert('OpenEXR is') },
  { signatures: ['P7\n', 'PF\n', 'Pf\n'], reason: convert('PAM and PFM are') },
  { signatures: ['\0\0\x01\0'], reason: convert('icon files are') },
  { signatures: ['%PDF'], reason: 'a PDF, not an image' },
  { signatures: ['PK\x03\x04'], reason: 'a zip archive, not an image' },
  { signatures: ['\x1f\x8b'], reason: 'a gzip archive, not an image' },
  { signatures: ['\x93NUMPY'], reason: 'a NumPy array, not an image' },
  {
    signatures: ['version https://git-lfs'],
    reason: 'a Git LFS pointer, not the image itself; run git lfs pull',
  },
];

function convert(what: string): string {
  return `${what} not supported; convert to PNG`;
}

function latin1(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(32, head.length)).toString('latin1');
}
