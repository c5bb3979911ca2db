import { GanMetricsError, invalidOption } from '../errors';
import { type ImageLayout, imageBlock } from '../files/image-block';
import type { RgbImage } from './image';
import {
  type Described,
  type ImageGenerator,
  type ImageTensor,
  isRawImage,
  isTensor,
  kindOf,
  type RawImage,
} from './image-source';
import { requireInRange, requireRange, toRgb, type ValueRange } from './pixel-values';

type InMemory = Extract<Described, { items: unknown }>;

/** Images that come one after the other. */
export interface ImageStream {
  /** null where nobody knows before the end. */
  readonly count: number | null;
  readonly images: AsyncGenerator<RgbImage>;
}

const PER_CALL = 64;

/**
 * Images in memory as bytes, one by one. A generator function is asked for a fixed number at a time, so what it
 * makes does not depend on the size of batches; its tensors are disposed, those of an iterable are not.
 *
 * @param name  of the set, for messages
 */
export function streamImages(source: InMemory, name: string): ImageStream {
  const { items, samples } = source;
  if (typeof items === 'function') return { count: samples!, images: generated(items, source, name) };
  const sequence = isTensor(items) ? [items] : items;
  const known = Array.isArray(sequence) ? sequence.reduce((sum, item) => sum + sizeOf(item), 0) : null;
  if (known !== null && samples !== undefined && samples > known)
    throw tooFew(name, { samples, came: known });
  return { count: samples ?? known, images: taken(sequence, source, name) };
}

async function* generated(
  generate: ImageGenerator,
  { samples = 0, perCall = PER_CALL, ...form }: InMemory,
  name: string,
): AsyncGenerator<RgbImage> {
  for (let done = 0; done < samples; ) {
    const wanted = Math.min(perCall, samples - done);
    const tensor = await generate(wanted);
    if (!isTensor(tensor)) throw invalidOption(name, 'a tensor from the generator function', kindOf(tensor));
    try {
      const images = await tensorImages(tensor, form, `${name} (${tensor.shape.join(' × ')})`);
      if (images.length !== wanted) {
        throw new GanMetricsError(
          'SHAPE_MISMATCH',
          `The generator function of ${name} was asked for ${wanted} images but made ${images.length}.`,
        );
      }
      yield* images;
      done += wanted;
    } finally {
      tensor.dispose();
    }
  }
}

async function* taken(
  sequence: Iterable<ImageTensor | RawImage> | AsyncIterable<ImageTensor | RawImage>,
  { samples, ...form }: InMemory,
  name: string,
): AsyncGenerator<RgbImage> {
  let came = 0;
  for await (const item of sequence) {
    const where = `${name}[${came}]`;
    const images = isTensor(item) ? await tensorImages(item, form, where) : [rawImage(item, form, where)];
    for (const image of images) {
      yield image;
      came++;
      // Before the next item is asked for: there may be infinitely many.
      if (came === samples) return;
    }
  }
  if (came === 0) throw new GanMetricsError('NO_IMAGES', `No images came for ${name}.`);
  if (samples !== undefined) throw tooFew(name, { samples, came });
}

interface Form {
  readonly range?: ValueRange | undefined;
  readonly layout?: ImageLayout | undefined;
}

async function tensorImages(
  tensor: ImageTensor,
  { range, layout }: Form,
  where: string,
): Promise<RgbImage[]> {
  const shape = tensor.shape.length === 3 ? [1, ...tensor.shape] : tensor.shape;
  const block = imageBlock(shape, layout);
  if (!block) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected a tensor of images × height × width × channels (1, 3 or 4) for ${where} but received ${tensor.shape.join(' × ') || 'a scalar'}.`,
      { details: { shape: [...tensor.shape] } },
    );
  }
  const form = { ...block, range: requireRange(range, { integers: tensor.dtype === 'int32', where }) };
  const values = await tensor.data();
  requireInRange(values, form.range, where);
  const size = block.height * block.width * block.channels;
  return Array.from({ length: block.count }, (_, i) => toRgb(values, form, i * size));
}

function rawImage(image: RawImage, { range, layout = 'nhwc' }: Form, where: string): RgbImage {
  if (!isRawImage(image)) {
    throw invalidOption(where, 'a tensor, or an image { data, width, height }', kindOf(image));
  }
  const { data, width, height } = image;
  const channels = data.length / (width * height);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new GanMetricsError(
      'SHAPE_MISMATCH',
      `Expected ${height} × ${width} × 1, 3 or 4 values in ${where} but received ${data.length}.`,
    );
  }
  const integers = data instanceof Uint8Array || data instanceof Uint8ClampedArray;
  const form = { width, height, channels, layout, range: requireRange(range, { integers, where }) } as const;
  requireInRange(data, form.range, where);
  return toRgb(data, form);
}

function sizeOf(item: ImageTensor | RawImage): number {
  return isTensor(item) && item.shape.length === 4 ? item.shape[0] : 1;
}

function tooFew(name: string, { samples, came }: { samples: number; came: number }): GanMetricsError {
  return new GanMetricsError(
    'TOO_FEW_SAMPLES',
    `${samples} samples of ${name} were asked for, but there are only ${came}.`,
    { details: { samples, came } },
  );
}
