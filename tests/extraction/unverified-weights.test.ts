import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/index';
import type { Manifest } from '../../src/models/store/manifest';
import { inceptionV3 } from '../../src/models/store/published-models';
import { runCli } from '../cli/run-cli';
import { projectFile } from '../reference';

/** A small network in the place of the large one: what the manifest says is what counts. */
describe('weights in the cache', () => {
  const before = process.env.GAN_METRICS_CACHE;
  let cache: string;

  beforeAll(() => {
    cache = mkdtempSync(path.join(tmpdir(), 'gan-metrics-unverified-'));
    process.env.GAN_METRICS_CACHE = cache;
    const from = projectFile('models', 'cifar10-resnet');
    for (const name of ['model.json', 'group1-shard1of1.bin'])
      cpSync(path.join(from, name), path.join(cache, 'inception-v3', 'graph', name));
  });
  afterAll(() => {
    if (before === undefined) delete process.env.GAN_METRICS_CACHE;
    else process.env.GAN_METRICS_CACHE = before;
    rmSync(cache, { recursive: true });
  });

  function write(verified: boolean): void {
    const manifest: Manifest = {
      format: 1,
      id: 'inception-v3',
      folder: 'graph',
      sha256: 'c'.repeat(64),
      files: [],
      conversion: inceptionV3.conversion,
      weights: { from: 'random.pth', sha256: 'abcd'.repeat(16), bytes: 1, verified },
      date: '2026-01-01T00:00:00.000Z',
    };
    writeFileSync(path.join(cache, 'inception-v3', 'manifest.json'), JSON.stringify(manifest));
  }

  const warned = async () => {
    const sets = { real: projectFile('fixtures', 'real'), generated: projectFile('fixtures', 'fake') };
    const report = await evaluate({ ...sets, metrics: ['fid'] }, { model: 'inception-v3', limit: 8 });
    return report.warnings.filter(({ code }) => code === 'WEIGHTS_UNVERIFIED');
  };

  it('that are not the published ones are named in every result made with them', async () => {
    write(false);
    expect(await warned()).toEqual([
      expect.objectContaining({ message: expect.stringContaining('abcdabcdabcdabcd') }),
    ]);
  });

  it('that are not the published ones are told apart in the list of models', async () => {
    write(false);
    expect((await runCli(['model', 'list'])).stdout).toContain('not from the published weights');
    write(true);
    expect((await runCli(['model', 'list'])).stdout).not.toContain('not from the published weights');
  });

  it('that are the published ones need no remark', async () => {
    write(true);
    expect(await warned()).toEqual([]);
  });
});
