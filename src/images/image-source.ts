import { GanMetricsError, invalidOption } from '../errors';
import type { ImageLayout } from '../files/image-block';
import type { ValueRange } from './pixel-values';

/**
 * A tensor of any tfjs build: [images, height, width, channels], or one image without the first axis; 1, 3 or 4
 * channels. Integers are bytes, floats need a range.
 */
export interface ImageTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
  dispose(): void;
}

/** Pixels in memory, row by row: gray, RGB or RGBA by their number; bytes, or floats with a range. */
export interface RawImage {
  readonly data: Uint8Array | Uint8ClampedArray | Float32Array | Float64Array;
  readonly width: number;
  readonly height: number;
}

/** Makes `n` images. The tensor is taken over and disposed; what else was made for it is the function's to dispose. */
export type ImageGenerator = (n: number) => ImageTensor | Promise<ImageTensor>;

/** Images in memory, at once or one after the other. Tensors stay the caller's. */
export type ImageSequence =
  | ImageTensor
  | Iterable<ImageTensor | RawImage>
  | AsyncIterable<ImageTensor | RawImage>;

/** Images, and what their values do not say by themselves. */
export interface DescribedImages {
  readonly images: string | readonly string[] | ImageSequence | ImageGenerator;
  /** What black and white are. Needed for floats, of tensors, raw images and `.npy` files. */
  readonly range?: ValueRange | undefined;
  /** Default: the one that fits the shape, `nhwc` where both do. */
  readonly layout?: ImageLayout | undefined;
  /** How many to take of a generator (needed) or of an iterable (default: all). */
  readonly samples?: number | undefined;
  /** Images that a generator is asked for at a time, at the most. Default 64. */
  readonly perCall?: number | undefined;
}

/**
 * Where images come from: a folder, searched recursively; a list of files; an archive of images (`.zip`, `.tar`,
 * `.tar.gz`); a file of many (`.npz`, `.npy`); tensors or pixels in memory; a generator function. Where numbers are
 * made of them a file of statistics or features does as well.
 */
export type ImageSource = string | readonly string[] | ImageSequence | DescribedImages;

/** A source as one of its two kinds: what lies on the disk, and what is in memory. */
export type Described =
  | (Pick<DescribedImages, 'range' | 'layout'> & { readonly files: string | readonly string[] })
  | (Omit<DescribedImages, 'images'> & { readonly items: ImageSequence | ImageGenerator });

/**
 * Tells the kind of a source, and checks what is said of it.
 *
 * @throws INVALID_OPTION, NO_IMAGES for an empty list
 */
export function describeSource(source: ImageSource): Described {
  const { images, range, layout, samples, perCall } = isDescribed(source)
    ? source
    : ({ images: source } as DescribedImages);
  if (layout !== undefined && layout !== 'nhwc' && layout !== 'nchw')
    throw invalidOption('layout', 'nhwc or nchw', layout);
  requireCount('samples', samples, 2);
  requireCount('perCall', perCall, 1);
  if (isOnDisk(images)) {
    if (samples !== undefined)
      throw invalidOption('samples', 'none of files (limit draws some of them)', samples);
    return { files: images, range, layout };
  }
  if (typeof images === 'function') {
    if (samples === undefined) {
      throw invalidOption(
        'samples',
        'the number of images to generate: { images: (n) => …, samples: 10_000 },',
        samples,
      );
    }
  } else if (!isSequence(images)) {
    throw invalidOption(
      'source',
      'a folder, files, a tensor, an iterable of images or a generator function',
      kindOf(images),
    );
  } else if (perCall !== undefined) {
    throw invalidOption('perCall', 'none of images that are there', perCall);
  }
  return { items: images, range, layout, samples, perCall };
}

/** The path of a source that is one file or folder. */
export function pathOf(source: ImageSource): string | undefined {
  const images = isDescribed(source) ? source.images : source;
  return typeof images === 'string' ? images : undefined;
}

export function isTensor(value: unknown): value is ImageTensor {
  const { shape, dtype, data } = (value ?? {}) as Partial<ImageTensor>;
  return Array.isArray(shape) && typeof dtype === 'string' && typeof data === 'function';
}

export function isRawImage(value: unknown): value is RawImage {
  const { data, width, height } = (value ?? {}) as Partial<RawImage>;
  return ArrayBuffer.isView(data) && typeof width === 'number' && typeof height === 'number';
}

/** What something that is no image is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null || typeof value !== 'object')
    return value === undefined ? 'nothing' : `a ${typeof value}`;
  return Array.isArray(value)
    ? 'an array'
    : `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'no entries'}`;
}

function isDescribed(source: unknown): source is DescribedImages {
  return typeof source === 'object' && source !== null && 'images' in source;
}

function isOnDisk(images: unknown): images is string | readonly string[] {
  if (typeof images === 'string') return true;
  if (!Array.isArray(images)) return false;
  if (images.length === 0) throw new GanMetricsError('NO_IMAGES', 'The list of images is empty.');
  return typeof images[0] === 'string';
}

function isSequence(images: unknown): images is ImageSequence {
  if (typeof images !== 'object' || images === null) return false;
  return isTensor(images) || Symbol.iterator in images || Symbol.asyncIterator in images;
}

function requireCount(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw invalidOption(name, `an integer of at least ${least}`, value);
}
