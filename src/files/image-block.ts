import type { NpyHeader } from './npy-header';

/** Which axis is which: images × height × width × channels, or channels before height and width. */
export type ImageLayout = 'nhwc' | 'nchw';

/** An array of four axes as images of one size. */
export interface ImageBlock {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  readonly layout: ImageLayout;
}

/**
 * An array's shape as images, undefined where it cannot be one.
 *
 * @param layout  default: the one in which there are 1, 3 or 4 channels, `nhwc` where both are
 */
export function imageBlock(shape: readonly number[], layout?: ImageLayout): ImageBlock | undefined {
  if (shape.length !== 4 || !shape.every((length) => length > 0)) return undefined;
  const found = (layout ? [layout] : (['nhwc', 'nchw'] as const)).map((each) => arranged(shape, each));
  return found.find((block) => block !== undefined);
}

function arranged(shape: readonly number[], layout: ImageLayout): ImageBlock | undefined {
  const [count, a, b, c] = shape;
  const [height, width, channels] = layout === 'nhwc' ? [a, b, c] : [b, c, a];
  if (channels !== 1 && channels !== 3 && channels !== 4) return undefined;
  return { count, height, width, channels, layout };
}

/** Whether an `.npy` array can be images: numbers of such a shape, row by row. */
export function isImageArray({ descr, shape, fortran }: NpyHeader): boolean {
  return /^[<>|=]?(u1|[iu][248]|f[248])$/.test(descr) && !fortran && imageBlock(shape) !== undefined;
}
