import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeNpy } from '../../src/files/npy';
import { writeNpz } from '../../src/files/write-npz';
import { findImages } from '../../src/images/find-images';
import { readImage } from '../../src/images/read-image';
import { openStatisticsFile } from '../../src/statistics/open-statistics-file';
import { readStatistics } from '../../src/statistics/read-statistics';
import { projectFile } from '../reference';
import { runCli } from './run-cli';

const MODEL = ['--model', 'cifar10-resnet', '--quiet'];
const real = projectFile('fixtures/real');
const fake = projectFile('fixtures/fake');

let folder: string;
const file = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-stats-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function printed(...args: string[]) {
  const { stdout, code } = await runCli([...args, '--json']);
  return { code, ...JSON.parse(stdout) };
}

const codes = ({ warnings }: { warnings: { code: string }[] }) => warnings.map(({ code }) => code);

describe('gan-metrics stats', () => {
  it('writes a file that stands for the folder, to the last bit', async () => {
    const written = await printed('stats', real, '-o', file('real.npz'), '--features', ...MODEL);
    expect(written).toMatchObject({
      code: 0,
      output: file('real.npz'),
      n: 160,
      dimensions: 192,
      arrays: ['mu', 'sigma', 'feats', 'logits'],
      model: { id: 'cifar10-resnet' },
      preprocessing: 'clean',
      ddof: 1,
    });
    const direct = await printed('evaluate', real, fake, '--metrics', 'fid,kid,prdc', ...MODEL);
    const stored = await printed('evaluate', file('real.npz'), fake, '--metrics', 'fid,kid,prdc', ...MODEL);
    expect(stored.metrics).toEqual(direct.metrics);
    expect(stored.n).toEqual(direct.n);
    expect(stored.model).toEqual(direct.model);
    expect(stored.files.real.path).toBe(file('real.npz'));
    expect(direct.files).toEqual({});
  });

  it('records how the numbers came about', async () => {
    const { provenance, statistics } = await readStatistics(file('real.npz'));
    const version = JSON.parse(readFileSync(projectFile('package.json'), 'utf8')).version;
    expect(statistics.count).toBe(160);
    expect(provenance).toMatchObject({
      model: { id: 'cifar10-resnet', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      preprocessing: 'clean',
      ddof: 1,
      dims: 192,
      version,
      runtime: { device: 'cpu' },
    });
  });

  it('makes statistics of a file of features, and runs no network for it', async () => {
    const made = await printed('stats', file('real.npz'), '-o', file('again.npz'));
    expect(made).toMatchObject({ code: 0, runtime: null, model: { id: 'cifar10-resnet' } });
    const [first, second] = await Promise.all(
      ['real.npz', 'again.npz'].map((name) => readStatistics(file(name))),
    );
    expect(second.statistics).toEqual(first.statistics);
    expect(second.provenance).toMatchObject({ model: first.provenance!.model, preprocessing: 'clean' });
    const distance = await printed('fid', file('real.npz'), file('again.npz'));
    expect(distance).toMatchObject({ code: 0, metric: 'FD (cifar10-resnet)', runtime: null });
    expect(distance.value).toBeLessThan(1e-9);
  });

  it('replaces the file that was there, and leaves no other', async () => {
    writeFileSync(file('old.npz'), 'old');
    const { code } = await runCli(['stats', file('real.npz'), '-o', file('old.npz'), '--quiet']);
    expect(code).toBe(0);
    expect((await openStatisticsFile(file('old.npz'))).kind).toBe('statistics');
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('refuses at once what would fail at the end', async () => {
    for (const output of ['real.npy', path.join('missing', 'real.npz')]) {
      const { code, stderr } = await runCli(['stats', real, '-o', file(output)]);
      expect(code).toBe(2);
      expect(stderr).toContain('--output');
    }
  });
});

describe('a file in place of a folder', () => {
  it('stops a run of another model or preprocessing, before it looks for the model', async () => {
    for (const [options, field] of [
      [['--preprocessing', 'tf1', ...MODEL], 'preprocessing'],
      [['--quiet'], 'model'],
    ] as const) {
      const { code, error } = await printed('fid', file('real.npz'), fake, ...options);
      expect(code).toBe(2);
      expect(error).toMatchObject({ code: 'PROVENANCE_MISMATCH', details: { field } });
    }
  });

  it('is used with a warning where it does not say how it was made', async () => {
    const [mu, sigma] = ['ttur.npz', 'dgm-eval.npz'].map((name) => projectFile('fixtures/npy', name));
    const report = await printed('fid', mu, sigma, '--quiet');
    expect(report).toMatchObject({ code: 0, n: { real: null, generated: 9 }, model: { sha256: null } });
    expect(codes(report)).toEqual(expect.arrayContaining(['PROVENANCE_UNKNOWN', 'COUNT_UNKNOWN']));
  });

  it('gives the metrics that it holds enough for, and says why not the others', async () => {
    const stored = projectFile('fixtures/npy/ttur.npz');
    const features = projectFile('fixtures/npy/dgm-eval.npz');
    const report = await printed('evaluate', stored, features, '--metrics', 'fid,kid', '--ci', '--quiet');
    expect(Object.keys(report.metrics)).toEqual(['fid']);
    expect(report.failures.kid).toMatchObject({ code: 'UNSUPPORTED_FILE' });
    const alone = await printed('kid', stored, features, '--quiet');
    expect(alone.error).toMatchObject({ code: 'UNSUPPORTED_FILE' });
  });

  it('has no samples drawn from its statistics, and the same from its features as from images', async () => {
    const { error } = await printed('fid', file('again.npz'), fake, '--limit', '50', ...MODEL);
    expect(error).toMatchObject({ code: 'INVALID_OPTION', details: { name: 'limit' } });
    const limited = ['--limit', '50', '--seed', '3', ...MODEL];
    const direct = await printed('kid', real, fake, '--estimator', 'full', ...limited);
    const stored = await printed('kid', file('real.npz'), fake, '--estimator', 'full', ...limited);
    expect(stored.value).toBe(direct.value);
    expect(stored.n).toEqual({ real: 50, generated: 50 });
  });

  it('that is no array at all is refused in words', async () => {
    const { error } = await printed('fid', projectFile('README.md'), fake, ...MODEL);
    expect(error).toMatchObject({ code: 'UNSUPPORTED_FILE' });
  });
});

describe('a batch of images in place of a folder', () => {
  it('gives the numbers of the same images in a folder, stored or deflated', async () => {
    const images = (await findImages(fake)).slice(0, 64);
    const decoded = await Promise.all(images.map(readImage));
    const chosen = images.filter((_, i) => decoded[i].width === 32 && decoded[i].height === 32);
    const small = decoded.filter(({ width, height }) => width === 32 && height === 32);
    const data = Buffer.concat(small.map(({ data }) => data));
    const batch = { arr_0: encodeNpy({ shape: [small.length, 32, 32, 3], data: Uint8Array.from(data) }) };
    await writeNpz(file('stored.npz'), batch);
    await writeNpz(file('deflated.npz'), batch, { compress: true });
    expect(small.length).toBeGreaterThan(10);

    // What is unfolded goes where os.tmpdir says.
    const temporary = mkdtempSync(path.join(folder, 'temporary-'));
    vi.stubEnv('TMPDIR', temporary);
    const { computeStatistics } = await import('../../src/compute-statistics');
    const options = { model: 'cifar10-resnet', workers: 1 };
    const [direct, ...others] = await Promise.all(
      [chosen.map(({ path }) => path), file('stored.npz'), file('deflated.npz')].map((source) =>
        computeStatistics(source, options),
      ),
    );
    for (const { statistics, skipped } of others) {
      expect(statistics).toEqual(direct.statistics);
      expect(skipped).toEqual([]);
    }
    vi.unstubAllEnvs();
    expect(readdirSync(temporary).filter((name) => name.startsWith('gan-metrics'))).toEqual([]);
  });
});
