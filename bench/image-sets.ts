import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { cifar10Files } from '../tests/cifar10';
import { hasData, projectFile, reference } from '../tests/reference';

export interface ImageSet {
  readonly name: string;
  readonly files: readonly string[];
}

/**
 * What rates are measured on: 32 × 32 as PNG and as JPEG (CIFAR-10 test images, or the fixtures where it is
 * absent), and photographs of 500 × 375 as JPEG; or the one folder that `data` names.
 */
export async function imageSets(
  folder: string,
  { data, count }: { data: string | undefined; count: number },
): Promise<ImageSet[]> {
  if (data) return [{ name: data, files: repeated(await filesOf(data), count) }];
  return [...(await smallSets(folder, count)), await photographs(folder, count)];
}

async function smallSets(folder: string, count: number): Promise<ImageSet[]> {
  if (!hasData) {
    const files = repeated(await filesOf(projectFile('fixtures/real')), count);
    return [{ name: 'fixtures (no CIFAR-10 found)', files }];
  }
  const [jpeg, png] = [path.join(folder, 'jpeg'), path.join(folder, 'png')];
  await mkdir(jpeg);
  await mkdir(png);
  for (const [i, { bytes }] of cifar10Files('test').slice(0, count).entries()) {
    await writeFile(path.join(jpeg, `${i}.jpg`), bytes);
    await sharp(bytes)
      .png()
      .toFile(path.join(png, `${i}.png`));
  }
  return [
    { name: 'CIFAR-10 test, 32 × 32 PNG', files: repeated(await filesOf(png), count) },
    { name: 'CIFAR-10 test, 32 × 32 JPEG', files: repeated(await filesOf(jpeg), count) },
  ];
}

/** All of one size, because pytorch-fid's batches need that; each file is read once only. */
async function photographs(folder: string, count: number): Promise<ImageSet> {
  const source = hasData ? reference('data', 'photos') : projectFile('fixtures/real');
  const target = path.join(folder, 'photographs');
  await mkdir(target);
  const originals = (await filesOf(source)).filter((file) => /\.(jpe?g|png)$/i.test(file)).slice(0, 40);
  const resized = await Promise.all(
    originals.map((file) => sharp(file).resize(500, 375, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer()),
  );
  for (const [i, bytes] of repeated(resized, count).entries()) {
    await writeFile(path.join(target, `${i}.jpg`), bytes);
  }
  const what = hasData ? 'photographs' : 'enlarged fixtures (no photographs found)';
  return { name: `${what}, 500 × 375 JPEG`, files: await filesOf(target) };
}

async function filesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort().map((name) => path.join(folder, name));
}

function repeated<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, i) => items[i % items.length]);
}
