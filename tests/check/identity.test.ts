import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { chooseSize, LADDER } from '../../src/check/budget';
import { commandFor } from '../../src/check/command-line';
import { contentsIdentity, referenceIdentity } from '../../src/check/identity';
import { readKeptFeatures } from '../../src/check/kept-features';
import { entryWith } from '../gate/cases';

const root = mkdtempSync(path.join(tmpdir(), 'gan-metrics-identity-'));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(root, 'set-'));
  mkdirSync(path.join(folder, 'a'));
  for (const name of ['a/1.png', 'a/2.png', '3.png']) writeFileSync(path.join(folder, name), name);
});

const names = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.png'))
    .sort();
const contents = () => contentsIdentity(folder, { names: names(), limit: undefined, seed: 0 });

describe('referenceIdentity', () => {
  it('is that of the names and sizes of all images', async () => {
    const before = await referenceIdentity(folder);
    writeFileSync(path.join(folder, 'notes.txt'), 'no image');
    writeFileSync(path.join(folder, '3.png'), 'same!');
    expect(await referenceIdentity(folder)).toBe(before);
    writeFileSync(path.join(folder, '3.png'), 'longer than it was');
    expect(await referenceIdentity(folder)).not.toBe(before);
  });

  it.each([
    ['an image more', () => writeFileSync(path.join(folder, '4.png'), '')],
    ['an image less', () => rmSync(path.join(folder, '3.png'))],
    ['another name', () => renameSync(path.join(folder, '3.png'), path.join(folder, '4.png'))],
  ])('changes with %s', async (_, change) => {
    const before = await referenceIdentity(folder);
    change();
    expect(await referenceIdentity(folder)).not.toBe(before);
  });

  it('of a file is that of its bytes', async () => {
    const file = path.join(root, 'real.npz');
    writeFileSync(file, 'abc');
    const before = await referenceIdentity(file);
    writeFileSync(file, 'abd');
    expect(await referenceIdentity(file)).not.toBe(before);
  });
});

describe('contentsIdentity', () => {
  it('is that of the bytes in their order, whatever the images are called', async () => {
    const before = await contents();
    renameSync(path.join(folder, 'a/2.png'), path.join(folder, 'a/20.png'));
    expect(await contents()).toBe(before);
    writeFileSync(path.join(folder, '3.png'), 'other');
    expect(await contents()).not.toBe(before);
  });

  it('knows the folders, which are classes', async () => {
    const before = await contents();
    renameSync(path.join(folder, 'a'), path.join(folder, 'b'));
    expect(await contents()).not.toBe(before);
  });

  it('of a file depends on what is drawn from it', async () => {
    const file = path.join(root, 'features.npy');
    writeFileSync(file, 'abc');
    const drawn = (limit: number | undefined, seed: number) =>
      contentsIdentity(file, { names: [], limit, seed });
    expect(await drawn(undefined, 0)).toBe(await drawn(undefined, 1));
    expect(await drawn(10, 0)).not.toBe(await drawn(10, 1));
  });
});

describe('readKeptFeatures', () => {
  it('finds nothing where nothing was kept', async () => {
    expect(await readKeptFeatures(path.join(root, 'nowhere'), entryWith({ value: 1 }))).toBeUndefined();
  });
});

describe('commandFor', () => {
  it('can be pasted into a shell, whatever a suite is called', () => {
    expect(commandFor({ suite: 'cats', size: null, flags: [] })).toBe(
      'gan-metrics check cats --update-baseline',
    );
    expect(commandFor({ suite: "it's $(x)", size: 512, flags: ['--config', 'a b.json'] })).toBe(
      "gan-metrics check 'it'\\''s $(x)' --update-baseline --budget-ladder --config 'a b.json'",
    );
  });
});

describe('chooseSize', () => {
  const sizes = [
    { images: [50_000, 10_000], limit: Number.POSITIVE_INFINITY },
    { images: [0, 3000], limit: 2000 },
  ];
  const speed = { secondsPerImage: 0.01, secondsPerSuite: 2 };

  it('is null where all images of all suites fit', () => {
    expect(chooseSize(sizes, { speed, seconds: (4 + 620) / 0.8 })).toBeNull();
    expect(chooseSize(sizes, { speed, seconds: (4 + 619) / 0.8 })).not.toBeNull();
  });

  it('is the largest of the ladder that fits, and never beyond it', () => {
    const timeAt = (n: number) => 4 + 0.01 * (2 * n + Math.min(n, 2000));
    for (const n of LADDER.filter((each) => each <= 2000)) {
      expect(chooseSize(sizes, { speed, seconds: timeAt(n) / 0.8 + 1e-6 })).toBe(n);
    }
    expect(LADDER).toContain(chooseSize(sizes, { speed, seconds: 100 }));
  });

  it('is the smallest where none fits', () => {
    expect(chooseSize(sizes, { speed, seconds: 1 })).toBe(LADDER[0]);
  });

  it('counts a file as no images', () => {
    expect(chooseSize([{ images: [0], limit: 10 }], { speed, seconds: 3 })).toBeNull();
  });
});
