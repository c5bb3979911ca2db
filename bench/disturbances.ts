/**
 * FD of disturbed CIFAR-10 test images against the train images: in a feature space that is worth something
 * it rises with every disturbance. The table of models/cifar10-resnet/README.md.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { computeStatistics, frechetDistance } from 'gan-metrics';
import sharp from 'sharp';
import { createRandom } from '../src/math/random';
import { type Disturbance, disturbances, type Pixels } from '../tests/disturb';
import { hasData, reference } from '../tests/reference';
import { readTar } from './tar';

export async function disturbancesBench(flags: Record<string, string | boolean | undefined>) {
  if (!hasData)
    throw new Error('This bench needs CIFAR-10: GAN_METRICS_REFERENCE names no folder that has it.');
  const options = { model: String(flags.model), runtime: String(flags.runtime) as 'auto' };
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-disturbances-'));
  try {
    const train = await statisticsOf(await images('train'), { folder, options });
    const test = await images('test', Number(flags.images) || undefined);
    const distance = async (spoiled: readonly Pixels[]) =>
      frechetDistance(train, await statisticsOf(spoiled, { folder, options })).value;
    const undisturbed = await distance(test.map(({ pixels }) => pixels));
    const rows = [];
    for (const disturbance of disturbances) {
      const values = [];
      for (const level of disturbance.levels)
        values.push(await distance(await spoil(test, disturbance, level)));
      rows.push({ ...describe(disturbance), values });
    }
    const shares = [0.1, 0.25, 0.5, 0.9];
    const mixed = [];
    for (const share of shares) mixed.push(await distance(withOneClass(test, share)));
    rows.push({ name: 'one class only', unit: 'share replaced by horses', levels: shares, values: mixed });
    const rising = rows.map(({ values }) =>
      values.every((value, i) => value > (values[i - 1] ?? undisturbed)),
    );
    const lines = [
      `FD (${options.model}) of ${test.length} CIFAR-10 test images against 50000 train images, undisturbed: ${undisturbed.toPrecision(4)}`,
      '',
      '| disturbance | levels | FD | rises |',
      '| --- | --- | --- | --- |',
      ...rows.map(
        ({ name, unit, levels, values }, i) =>
          `| ${name} (${unit}) | ${levels.join(', ')} | ${values.map((v) => v.toPrecision(4)).join(', ')} | ${rising[i] ? 'yes' : 'NO'} |`,
      ),
    ];
    return { ...options, undisturbed, rows, rising, lines };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Labelled {
  readonly pixels: Pixels;
  readonly label: string;
}

function describe({ name, unit, levels }: Disturbance) {
  return { name, unit, levels: [...levels] };
}

async function images(split: 'train' | 'test', count?: number): Promise<Labelled[]> {
  const entries = readTar(await readFile(reference(`data/cifar10/${split}.tar`)));
  // Every k-th one, so that all classes stay in.
  const chosen = count ? entries.filter((_, i) => i % Math.ceil(entries.length / count) === 0) : entries;
  const labelled = [];
  for (const { name, bytes } of chosen) {
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    const pixels = { width: info.width, height: info.height, data: new Uint8Array(data) };
    labelled.push({ pixels, label: name.split('/')[0] });
  }
  return labelled;
}

async function spoil(test: readonly Labelled[], { apply }: Disturbance, level: number): Promise<Pixels[]> {
  const random = createRandom(0);
  const spoiled = [];
  for (const { pixels } of test) spoiled.push(await apply(pixels, level, random));
  return spoiled;
}

/** Replaces a share of the images, evenly over the set, by images of one class. */
function withOneClass(test: readonly Labelled[], share: number): Pixels[] {
  const horses = test.filter(({ label }) => label === 'horse');
  const random = createRandom(0);
  return test.map(({ pixels }) =>
    random.next() < share * 2 ** 32 ? horses[random.integer(horses.length)].pixels : pixels,
  );
}

async function statisticsOf(
  images: readonly (Pixels | Labelled)[],
  { folder, options }: { folder: string; options: { model: string; runtime: 'auto' } },
) {
  const set = await mkdtemp(path.join(folder, 'set-'));
  for (const [i, image] of images.entries()) {
    const { width, height, data } = 'pixels' in image ? image.pixels : image;
    const png = encode({ width, height, data, channels: 3 }, { zlib: { level: 1 } });
    await writeFile(path.join(set, `${String(i).padStart(5, '0')}.png`), png);
  }
  try {
    return (await computeStatistics(set, options)).statistics;
  } finally {
    await rm(set, { recursive: true });
  }
}
