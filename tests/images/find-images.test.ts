import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareCodePoints, findImages } from '../../src/images/find-images';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'find-images-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), 'x');
  }
}
const namesIn = async (source: string | string[]): Promise<string[]> =>
  (await findImages(source)).map(({ name }) => name);

describe('findImages', () => {
  it('finds images in a folder and below it, by extension in any case, and names them with slashes', async () => {
    await put('b.png', 'a.JPEG', 'sub/c.WebP', 'sub/deep/d.tif', 'notes.txt', 'sub/e.npz', 'png');
    expect(await findImages(folder)).toEqual(
      ['a.JPEG', 'b.png', 'sub/c.WebP', 'sub/deep/d.tif'].map((name) => ({
        path: path.join(folder, name),
        name,
      })),
    );
  });

  it('passes over hidden entries and __MACOSX', async () => {
    await put('a.png', '.hidden.png', '.cache/b.png', '__MACOSX/c.png', 'sub/._d.png');
    expect(await namesIn(folder)).toEqual(['a.png']);
  });

  it('orders by code points of the whole name', async () => {
    await put(
      '10.png',
      '9.png',
      'B.png',
      'a.png',
      'a/b.png',
      'a-b.png',
      'é.png',
      'z.png',
      '\u{1f600}.png',
      '\uffee.png',
    );
    expect(await namesIn(folder)).toEqual([
      '10.png',
      '9.png',
      'B.png',
      'a-b.png',
      'a.png',
      'a/b.png',
      'z.png',
      'é.png',
      '\uffee.png',
      '\u{1f600}.png',
    ]);
  });

  it('follows links, ends at a loop, and keeps a link that leads nowhere', async () => {
    await put('real/a.png', 'real/sub/b.png');
    await symlink(path.join(folder, 'real'), path.join(folder, 'linked'));
    await symlink(path.join(folder, 'real'), path.join(folder, 'real/sub/loop'));
    await symlink(folder, path.join(folder, 'real/top'));
    await symlink(path.join(folder, 'gone.png'), path.join(folder, 'dangling.png'));
    await symlink(path.join(folder, 'itself.png'), path.join(folder, 'itself.png'));
    expect(await namesIn(folder)).toEqual([
      'dangling.png',
      'itself.png',
      'linked/a.png',
      'linked/sub/b.png',
      'real/a.png',
      'real/sub/b.png',
    ]);
  });

  it('takes a list of files in its order, named from their common folder', async () => {
    await put('x/2.png', 'x/y/1.png', 'x2/3.png', 'x/plain');
    const list = ['x/y/1.png', 'x/2.png', 'x/plain'].map((name) => path.join(folder, name));
    expect(await findImages(list)).toEqual(
      ['y/1.png', '2.png', 'plain'].map((name, i) => ({ path: list[i], name })),
    );
    expect(await namesIn([...list, path.join(folder, 'x2/3.png')])).toEqual([
      'x/y/1.png',
      'x/2.png',
      'x/plain',
      'x2/3.png',
    ]);
    expect(await namesIn([list[0]])).toEqual(['1.png']);
  });

  it('refuses a folder that is missing or a file', async () => {
    await put('a.png');
    for (const source of [
      path.join(folder, 'gone'),
      path.join(folder, 'a.png'),
      path.join(folder, 'a.png', 'b'),
    ]) {
      await expect(findImages(source)).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(JSON.stringify(source)),
      });
    }
  });

  it('refuses a list with a missing file or a folder in it', async () => {
    await put('a.png', 'sub/b.png');
    for (const name of ['gone.png', 'sub']) {
      const list = [path.join(folder, 'a.png'), path.join(folder, name)];
      await expect(findImages(list)).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(JSON.stringify(list[1])),
      });
    }
  });

  it('says what it found where there are no images', async () => {
    const error = { code: 'NO_IMAGES' };
    await expect(findImages(folder)).rejects.toMatchObject({
      ...error,
      message: expect.stringMatching(/no files at all/),
    });
    await put('a.npz', 'b.npz', 'README', 'c.heic', '.hidden.png');
    await expect(findImages(folder)).rejects.toMatchObject({
      ...error,
      message: expect.stringMatching(/found 4 other files \(2 \.npz, 1 .*1 .*\)/),
      details: { found: { npz: 2, heic: 1, '': 1 } },
    });
    await expect(findImages([])).rejects.toMatchObject(error);
  });
});

it('compareCodePoints sorts as code points do', () => {
  const words = [
    '',
    'a',
    'ab',
    'b',
    'é',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '\u{10000}a',
    '\u{10ffff}',
  ];
  for (const [i, a] of words.entries()) {
    for (const [j, b] of words.entries()) expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(i - j));
  }
});
