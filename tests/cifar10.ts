import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encode } from 'fast-png';
import { decodeImage } from '../src/images/decode';
import type { RgbImage } from '../src/images/image';
import { reference } from './reference';
import { readTar } from './tar';

/** The class of an image is its folder; their alphabetical order is that of the network's logits. */
export const CLASSES = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');

export interface Labelled {
  readonly image: RgbImage;
  readonly label: string;
}

/** CIFAR-10 images of the reference data; `count` of them takes every k-th, so that all classes stay in. */
export async function cifar10(
  split: 'train' | 'test',
  count = Number.POSITIVE_INFINITY,
): Promise<Labelled[]> {
  const entries = cifar10Files(split);
  const chosen = entries.filter((_, i) => i % Math.max(1, Math.floor(entries.length / count)) === 0);
  const labelled = [];
  for (const { name, bytes } of chosen) {
    labelled.push({ image: await decodeImage(bytes, name), label: name.split('/')[0] });
  }
  return labelled;
}

/** The JPEG files, as `<class>/<nnnn>.jpg`. */
export function cifar10Files(split: 'train' | 'test') {
  return readTar(readFileSync(reference(`data/cifar10/${split}.tar`)));
}

/** Writes the test images as they are, in their class folders. */
export async function writeCifar10(folder: string, split: 'train' | 'test'): Promise<void> {
  for (const label of CLASSES) await mkdir(path.join(folder, label), { recursive: true });
  for (const { name, bytes } of cifar10Files(split)) await writeFile(path.join(folder, name), bytes);
}

/** Writes images as PNG files, in their order. */
export async function writePngs(folder: string, images: readonly RgbImage[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [i, { width, height, data }] of images.entries()) {
    const png = encode({ width, height, data, channels: 3 }, { zlib: { level: 1 } });
    await writeFile(path.join(folder, `${String(i).padStart(5, '0')}.png`), png);
  }
}

/** The share of images whose largest logit is that of their class folder. */
export function accuracy(
  files: readonly string[],
  { columns, data }: { columns: number; data: Float32Array },
): number {
  const right = files.filter((name, i) => {
    const logits = [...data.subarray(i * columns, (i + 1) * columns)];
    return CLASSES[logits.indexOf(Math.max(...logits))] === name.split('/')[0];
  });
  return right.length / files.length;
}
