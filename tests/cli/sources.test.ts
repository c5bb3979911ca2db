import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../src/files/npy';
import { createRandom } from '../../src/math/random';
import { projectFile } from '../reference';
import { runCli } from './run-cli';

const COUNT = 12;
const SIZE = 16;
const real = projectFile('fixtures/real');
const options = ['--model', 'cifar10-resnet', '--json', '--quiet', '--workers', '1'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-cli-sources-'));
  mkdirSync(path.join(folder, 'images'));
  const random = createRandom(1);
  const bytes = Uint8Array.from({ length: COUNT * SIZE * SIZE * 3 }, () => random.integer(256));
  for (let i = 0; i < COUNT; i++) {
    const data = bytes.subarray(i * SIZE * SIZE * 3, (i + 1) * SIZE * SIZE * 3);
    writeFileSync(
      path.join(folder, 'images', `${10 + i}.png`),
      encode({ width: SIZE, height: SIZE, data, channels: 3 }),
    );
  }
  const floats = Float32Array.from(bytes, (byte) => byte / 127.5 - 1);
  writeFileSync(
    path.join(folder, 'floats.npy'),
    Buffer.concat(encodeNpy({ shape: [COUNT, SIZE, SIZE, 3], data: floats })),
  );
  execFileSync('tar', ['-czf', path.join(folder, 'images.tar.gz'), '-C', path.join(folder, 'images'), '.']);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function fidOf(...args: string[]): Promise<unknown> {
  const { stdout } = await runCli(['fid', real, ...args, ...options]);
  const { value, error } = JSON.parse(stdout);
  return value ?? error.message;
}

describe('a source on the command line', () => {
  it('may be a folder, an archive, or an array of floats with its range: the value is the same', async () => {
    const ofFolder = await fidOf(path.join(folder, 'images'));
    expect(ofFolder).toBeGreaterThan(1);
    expect(await fidOf(path.join(folder, 'images.tar.gz'))).toBe(ofFolder);
    expect(await fidOf(path.join(folder, 'floats.npy'), '--range=-1,1')).toBe(ofFolder);
  });

  it('of floats without a range, or with a wrong one, is refused with what to do', async () => {
    const file = path.join(folder, 'floats.npy');
    expect(await fidOf(file)).toContain('range');
    expect(await fidOf(file, '--range=0,1')).toMatch(/Expected values of 0 to 1 .* but found -1 to 1/);
    expect(await fidOf(path.join(folder, 'images'), '--range=0,1')).toContain('for range');
    const { code, stderr } = await runCli(['fid', real, file, '--range=1,0', ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain('two numbers, the smaller one first');
  });
});
