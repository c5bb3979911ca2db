import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/random';
import { projectFile } from '../reference';
import { runCli } from './run-cli';

const MODEL = ['--model', 'cifar10-resnet'];
const real = projectFile('fixtures/real');
const fake = projectFile('fixtures/fake');
const few = ['--limit', '24', '--seed', '3'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('gan-metrics fid', () => {
  it('prints one line on stdout, labelled FD with the name of the network', async () => {
    const { code, stdout } = await runCli(['fid', real, fake, ...MODEL]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^FD \(cifar10-resnet\): \d+\.\d+ {2}\(\d+ real, \d+ generated; clean; .+\)\n$/);
  });

  it('prints one object with --json, which holds what is needed to get the number again', async () => {
    const { code, stdout } = await runCli(['fid', real, fake, ...MODEL, ...few, '--json', '--quiet']);
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      metric: 'FD (cifar10-resnet)',
      n: { real: 24, generated: 24 },
      model: { id: 'cifar10-resnet', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      preprocessing: 'clean',
      runtime: { name: expect.any(String), device: 'cpu', engine: expect.any(String) },
      limit: 24,
      seed: 3,
      version: JSON.parse(readFileSync(projectFile('package.json'), 'utf8')).version,
    });
    expect(result.value).toBeGreaterThan(0);
    expect(result.warnings.map(({ code }: { code: string }) => code)).toEqual([
      'FEWER_SAMPLES_THAN_DIMENSIONS',
      'SAMPLE_BELOW_ADVISED',
    ]);
  });

  it('gives the same bits again, and with another batch size and number of workers', async () => {
    const run = async (...args: string[]) => {
      const { stdout } = await runCli(['fid', real, fake, ...MODEL, ...few, '--json', '--quiet', ...args]);
      return JSON.parse(stdout).value;
    };
    const value = await run();
    expect(await run()).toBe(value);
    expect(await run('--batch-size', '5', '--workers', '1')).toBe(value);
    expect(await run('--batch-size', '24', '--workers', '3')).toBe(value);
  });

  it('draws other images with another seed', async () => {
    const run = async (seed: string) => {
      const args = ['fid', real, fake, ...MODEL, '--limit', '24', '--seed', seed, '--json', '--quiet'];
      return JSON.parse((await runCli(args)).stdout).value;
    };
    expect(await run('1')).not.toBe(await run('2'));
  });

  it('of a folder with itself is 0 to rounding', async () => {
    const { stdout } = await runCli(['fid', real, real, ...MODEL, '--json', '--quiet']);
    expect(JSON.parse(stdout).value).toBeLessThan(1e-9);
  });

  it('leaves nothing in the folder for temporary files, nor in the home folder', async () => {
    const [TMPDIR, HOME] = ['tmp', 'home'].map((name) => mkdtempSync(path.join(folder, name)));
    const args = ['prdc', real, fake, ...MODEL, '--quiet'];
    expect((await runCli(args, { env: { TMPDIR, HOME, XDG_CACHE_HOME: '' } })).code).toBe(0);
    expect([...readdirSync(TMPDIR), ...readdirSync(HOME)]).toEqual([]);
  });

  it('writes nothing to stderr with --quiet where there is nothing to warn of', async () => {
    const { code, stderr } = await runCli(['fid', real, fake, ...MODEL, '--quiet', '--workers', '1']);
    expect(code).toBe(0);
    // 160 images are few: of that --quiet does not keep quiet.
    const codes = stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.split(':')[0]);
    expect(codes).toEqual(['warning FEWER_SAMPLES_THAN_DIMENSIONS', 'warning SAMPLE_BELOW_ADVISED']);
  });
});

describe('gan-metrics fid with unreadable images', () => {
  let spoiled: string;
  beforeAll(() => {
    spoiled = path.join(folder, 'spoiled');
    cpSync(fake, spoiled, { recursive: true });
    const whole = readFileSync(path.join(real, readdirSync(real).find((name) => name.endsWith('.png'))!));
    writeFileSync(path.join(spoiled, 'broken.png'), whole.subarray(0, whole.length / 2));
    writeFileSync(path.join(spoiled, 'page.jpg'), '<!DOCTYPE html><html></html>');
    writeFileSync(path.join(spoiled, 'empty.png'), '');
  });

  it('lists all of them, with the reasons, before extraction starts', async () => {
    const { code, stdout, stderr } = await runCli(['fid', real, spoiled, ...MODEL]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('error UNREADABLE_IMAGES: 3 images cannot be read');
    for (const name of ['broken.png', 'page.jpg', 'empty.png']) expect(stderr).toContain(name);
    expect(stderr).toContain('--skip-bad');
    expect(stderr).not.toContain('extracting');
  });

  it('goes on without them with --skip-bad, and counts them', async () => {
    const { code, stdout } = await runCli(['fid', real, spoiled, ...MODEL, '--skip-bad', '--json']);
    expect(code).toBe(0);
    const result = JSON.parse(stdout);
    expect(result.skipped.generated).toHaveLength(3);
    expect(result.skipped.real).toEqual([]);
    expect(result.n.generated).toBe(readdirSync(fake).length);
    expect(result.warnings.map(({ code }: { code: string }) => code)).toContain('IMAGES_SKIPPED');
  });

  it('finishes the run that meets an image whose fault shows only in decoding, and says so', async () => {
    const hidden = path.join(folder, 'hidden');
    cpSync(fake, hidden, { recursive: true });
    // Noise, since the check reads all of a small file: this one is whole at both ends and damaged between.
    const [name, side] = ['noise.png', 300];
    const random = createRandom(1);
    const noise = Uint8Array.from({ length: side * side * 3 }, () => random.integer(256));
    const bytes = await sharp(noise, { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toBuffer();
    bytes.fill(0xff, 100_000, 102_000);
    writeFileSync(path.join(hidden, name), bytes);
    const { code, stdout, stderr } = await runCli(['fid', real, hidden, ...MODEL, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).skipped.generated).toMatchObject([{ name }]);
    expect(stderr).toContain(`warning IMAGES_SKIPPED: 1 generated image was left out as unreadable: ${name}`);
  });
});

describe('gan-metrics fid ends with 2 and one clear error', () => {
  it.each([
    ['a missing folder', ['fid', 'no/such/folder', fake, ...MODEL], 'no/such/folder'],
    ['a folder without images', ['fid', projectFile('src/cli'), fake, ...MODEL], 'NO_IMAGES'],
    ['an unknown model', ['fid', real, fake, '--model', 'resnet-9000'], 'MODEL_MISSING'],
    ['an unknown option', ['fid', real, fake, '--colour'], '--colour'],
    ['a missing argument', ['fid', real], 'generated'],
    ['a bad number', ['fid', real, fake, ...MODEL, '--batch-size', '0'], 'batch-size'],
    [
      'an unknown preprocessing',
      ['fid', real, fake, ...MODEL, '--preprocessing', 'bicubic'],
      'tf1, pytorch, clean',
    ],
    [
      'a runtime that is not there',
      ['fid', real, fake, ...MODEL, '--runtime', 'tfjs-node-gpu'],
      'RUNTIME_MISSING',
    ],
    [
      'an impossible device',
      ['fid', real, fake, ...MODEL, '--runtime', 'tfjs', '--device', 'cuda'],
      'INVALID_OPTION',
    ],
    ['an unknown command', ['fidd'], 'fid'],
  ])('on %s', async (_, args, mentioned) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(mentioned);
    expect(stderr).not.toContain('    at ');
  });

  it('as an object on stdout with --json', async () => {
    const { code, stdout } = await runCli(['fid', 'no/such/folder', fake, ...MODEL, '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  });
});

describe('gan-metrics', () => {
  it('stops cleanly on Ctrl-C, with 130', async () => {
    const many = path.join(folder, 'many');
    for (let i = 0; i < 12; i++) cpSync(real, path.join(many, String(i)), { recursive: true });
    const { code, stdout, stderr } = await runCli(
      ['fid', many, many, ...MODEL, '--workers', '1', '--runtime', 'tfjs'],
      {
        onStart: (child) => setTimeout(() => child.kill('SIGINT'), 1500),
      },
    );
    expect(code).toBe(130);
    expect(stdout).toBe('');
    expect(stderr).toContain('stopped');
    expect(stderr).not.toContain('    at ');
  });

  it('shows its help without loading a heavy module', async () => {
    const coverage = mkdtempSync(path.join(folder, 'coverage-'));
    const { code, stdout } = await runCli(['--help'], { env: { NODE_V8_COVERAGE: coverage } });
    expect(code).toBe(0);
    expect(stdout).toContain('Exit codes');
    const loaded = readdirSync(coverage).map((name) => readFileSync(path.join(coverage, name), 'utf8'));
    expect(loaded.join()).toContain('dist/cli.js');
    for (const heavy of ['sharp', 'tensorflow', 'onnxruntime', 'ml-matrix', 'fast-png']) {
      expect(loaded.join()).not.toContain(`node_modules/${heavy}`);
      expect(loaded.join()).not.toContain(`node_modules/@${heavy}`);
    }
  });

  it('prints its version', async () => {
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
