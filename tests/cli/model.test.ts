import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../reference';
import { runCli } from './run-cli';

let folder: string;
let env: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-model-'));
  // Port 9 discards: whatever would be downloaded is refused at once, on every machine.
  const nowhere = 'http://127.0.0.1:9';
  env = { GAN_METRICS_CACHE: path.join(folder, 'cache'), HTTPS_PROXY: nowhere, HTTP_PROXY: nowhere };
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('gan-metrics model', () => {
  it('lists what can be pulled and what is inside the package', async () => {
    const { code, stdout } = await runCli(['model', 'list'], { env });
    expect(code).toBe(0);
    expect(stdout).toBe('inception-v3: missing\ncifar10-resnet: embedded in the package\n');
  });

  it('says as an object what it says in words', async () => {
    const { stdout } = await runCli(['model', 'list', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      stored: [{ id: 'inception-v3', state: 'missing' }],
      embedded: [{ id: 'cifar10-resnet' }],
    });
  });

  it('that cannot be reached offers three ways out, and ends with 2', async () => {
    const { code, stdout, stderr } = await runCli(['model', 'pull', 'inception-v3'], { env });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('error DOWNLOAD_FAILED');
    for (const way of ['model import', 'GAN_METRICS_MIRROR', '--model cifar10-resnet'])
      expect(stderr).toContain(way);
  });

  it('refuses to import a file that is not the published one', async () => {
    const file = path.join(folder, 'weights.pth');
    writeFileSync(file, 'no weights');
    const { code, stderr } = await runCli(['model', 'import', file], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('error CHECKSUM_MISMATCH');
    const forced = await runCli(['model', 'import', file, '--allow-unverified'], { env });
    expect(forced.code).toBe(2);
    expect(forced.stderr).toContain('error MODEL_INVALID');
  });

  it.each(['path', 'verify'])('%s of a missing model says how to get it', async (name) => {
    const { code, stderr } = await runCli(['model', name], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('gan-metrics model pull inception-v3');
  });

  it('remove of a missing model removes nothing', async () => {
    const { code, stdout } = await runCli(['model', 'remove'], { env });
    expect([code, stdout]).toEqual([0, 'inception-v3: was not there, 0.0 MB set free\n']);
  });
});

describe('gan-metrics fid without --model', () => {
  it('means InceptionV3, and offers the ways out where it cannot be had', async () => {
    const { code, stderr } = await runCli(
      ['fid', projectFile('fixtures/real'), projectFile('fixtures/fake')],
      { env },
    );
    expect(code).toBe(2);
    expect(stderr).toContain('inception-v3');
    expect(stderr).toContain('--model cifar10-resnet');
  });
});

describe('gan-metrics doctor', () => {
  it('names versions, runtimes, the cache and models', async () => {
    const { code, stdout } = await runCli(['doctor'], { env });
    expect(code).toBe(0);
    for (const part of [
      'gan-metrics 0.',
      `Node ${process.version}`,
      'sharp',
      'onnxruntime',
      'tfjs',
      'gpu      not tried',
      env.GAN_METRICS_CACHE,
    ]) {
      expect(stdout).toContain(part);
    }
  });

  it('tries the GPUs where it is asked to, and names one that works or what each of them lacks', async () => {
    const { code, stdout } = await runCli(['doctor', '--gpu'], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^gpu {6}(Running on .* \((webgpu|cuda)\)\.|No GPU can be used:(\n {2}\S+ \((webgpu|cuda)\): .*; (to install it: npm|it needs) .*){4})$/m,
    );
  });

  it('says the same as an object', async () => {
    const { stdout } = await runCli(['doctor', '--json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      node: process.version,
      runtimes: expect.arrayContaining([expect.objectContaining({ name: 'tfjs', present: true })]),
      gpu: null,
      embeddedModels: [{ id: 'cifar10-resnet' }],
      cacheFolder: env.GAN_METRICS_CACHE,
    });
  });
});
