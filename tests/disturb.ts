import sharp from 'sharp';
import type { RgbImage } from '../src/images/image';
import { createRandom, type Random } from '../src/math/random';
import type { Labelled } from './cifar10';

/** A way to spoil images, after Figure 3 of Heusel et al. 2017, at four rising levels. */
export interface Disturbance {
  readonly name: string;
  readonly unit: string;
  readonly levels: readonly [number, number, number, number];
  apply(image: RgbImage, level: number, random: Random): Promise<RgbImage> | RgbImage;
}

export const disturbances: readonly Disturbance[] = [
  {
    name: 'Gaussian noise',
    unit: 'standard deviation, levels of 255',
    levels: [5, 10, 20, 40],
    apply: addNoise,
  },
  { name: 'Gaussian blur', unit: 'standard deviation, pixels', levels: [0.5, 0.8, 1.2, 2], apply: blur },
  { name: 'JPEG compression', unit: 'quality', levels: [60, 40, 20, 8], apply: compress },
  { name: 'salt and pepper', unit: 'share of pixels', levels: [0.01, 0.03, 0.08, 0.2], apply: saltAndPepper },
  {
    name: 'black rectangles',
    unit: 'side, share of the image',
    levels: [0.15, 0.3, 0.45, 0.6],
    apply: blackRectangle,
  },
  { name: 'swirl', unit: 'strength', levels: [0.5, 1, 2, 4], apply: swirl },
];

/** Spoils images one after the other, by one stream of random numbers. */
async function spoil(
  images: readonly RgbImage[],
  { apply }: Disturbance,
  level: number,
): Promise<RgbImage[]> {
  const random = createRandom(0);
  const spoiled = [];
  for (const image of images) spoiled.push(await apply(image, level, random));
  return spoiled;
}

/** Replaces a share of the images, evenly over the set, by images of one class. */
function mixIn(test: readonly Labelled[], { mixed, share }: { mixed: string; share: number }): RgbImage[] {
  const others = test.filter(({ label }) => label === mixed);
  const random = createRandom(0);
  return test.map(({ image }) =>
    uniform(random) < share ? others[random.integer(others.length)].image : image,
  );
}

export interface DisturbanceRow {
  readonly name: string;
  readonly unit: string;
  readonly levels: readonly number[];
  readonly values: readonly number[];
}

/** The distance of a set of test images, spoiled in every way and at every level; `mixed` is the class mixed in. */
export async function disturbanceTable(
  test: readonly Labelled[],
  distance: (images: readonly RgbImage[]) => Promise<number>,
  { mixed = 'horse' } = {},
): Promise<{ undisturbed: number; rows: DisturbanceRow[] }> {
  const images = test.map(({ image }) => image);
  const rows: DisturbanceRow[] = [];
  for (const disturbance of disturbances) {
    const { name, unit, levels } = disturbance;
    const values = [];
    for (const level of levels) values.push(await distance(await spoil(images, disturbance, level)));
    rows.push({ name, unit, levels, values });
  }
  const levels = [0.1, 0.25, 0.5, 0.9];
  const values = [];
  for (const share of levels) values.push(await distance(mixIn(test, { mixed, share })));
  rows.push({ name: 'one class mixed in', unit: `share replaced by ${mixed}s`, levels, values });
  return { undisturbed: await distance(images), rows };
}

/** Whether a row grows strictly, from the undisturbed distance on. */
export function rises({ values }: DisturbanceRow, undisturbed: number): boolean {
  return values.every((value, i) => value > (i === 0 ? undisturbed : values[i - 1]));
}

function addNoise(image: RgbImage, level: number, random: Random): RgbImage {
  return mapBytes(image, (value) => value + level * bell(random));
}

async function blur({ width, height, data }: RgbImage, sigma: number): Promise<RgbImage> {
  const blurred = await sharp(data, { raw: { width, height, channels: 3 } })
    .blur({ sigma, minAmplitude: 0.01 })
    .raw()
    .toBuffer();
  return { width, height, data: new Uint8Array(blurred) };
}

async function compress({ width, height, data }: RgbImage, quality: number): Promise<RgbImage> {
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  return { width, height, data: new Uint8Array(await sharp(jpeg).raw().toBuffer()) };
}

function saltAndPepper({ width, height, data }: RgbImage, share: number, random: Random): RgbImage {
  const out = data.slice();
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (uniform(random) < share) out.fill(random.integer(2) * 255, pixel * 3, pixel * 3 + 3);
  }
  return { width, height, data: out };
}

function blackRectangle({ width, height, data }: RgbImage, share: number, random: Random): RgbImage {
  const [w, h] = [Math.round(width * share), Math.round(height * share)];
  const [left, top] = [random.integer(width - w + 1), random.integer(height - h + 1)];
  const out = data.slice();
  for (let y = top; y < top + h; y++) out.fill(0, (y * width + left) * 3, (y * width + left + w) * 3);
  return { width, height, data: out };
}

/** Turns pixels about the center, less the farther out they lie; bilinear. */
function swirl({ width, height, data }: RgbImage, strength: number): RgbImage {
  const out = new Uint8Array(data.length);
  const [cx, cy, radius] = [(width - 1) / 2, (height - 1) / 2, Math.min(width, height) / 2];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const distance = Math.hypot(x - cx, y - cy);
      const angle = Math.atan2(y - cy, x - cx) + strength * Math.exp((-2 * distance) / radius);
      const [sx, sy] = [cx + distance * Math.cos(angle), cy + distance * Math.sin(angle)];
      for (let c = 0; c < 3; c++)
        out[(y * width + x) * 3 + c] = bilinear({ width, height, data }, { x: sx, y: sy, c });
    }
  }
  return { width, height, data: out };
}

function bilinear(
  { width, height, data }: RgbImage,
  { x, y, c }: { x: number; y: number; c: number },
): number {
  const at = (i: number, j: number) =>
    data[(Math.min(Math.max(j, 0), height - 1) * width + Math.min(Math.max(i, 0), width - 1)) * 3 + c];
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - i, y - j];
  const upper = at(i, j) * (1 - u) + at(i + 1, j) * u;
  const lower = at(i, j + 1) * (1 - u) + at(i + 1, j + 1) * u;
  return Math.round(upper * (1 - v) + lower * v);
}

function mapBytes({ width, height, data }: RgbImage, change: (value: number) => number): RgbImage {
  return {
    width,
    height,
    data: Uint8Array.from(data, (value) => Math.min(Math.max(Math.round(change(value)), 0), 255)),
  };
}

function uniform(random: Random): number {
  return (random.next() + 0.5) / 2 ** 32;
}

/** A standard normal number (Box–Muller). */
function bell(random: Random): number {
  return Math.sqrt(-2 * Math.log(uniform(random))) * Math.cos(2 * Math.PI * uniform(random));
}
