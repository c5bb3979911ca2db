import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../reference';
import { runCli } from './run-cli';

const real = projectFile('fixtures/real');
const fake = projectFile('fixtures/fake');
const MODEL = ['--model', 'cifar10-resnet'];
const FEW = ['--limit', '40', '--seed', '3'];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-evaluate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function json(...args: string[]) {
  const { stdout } = await runCli([...args, ...MODEL, '--json', '--quiet']);
  return JSON.parse(stdout);
}

describe('gan-metrics evaluate', () => {
  it('prints a table, with the network where a name alone would promise too much', async () => {
    const { code, stdout } = await runCli(['evaluate', real, fake, ...MODEL, '--metrics', 'fid,prdc']);
    expect(code).toBe(0);
    const names = stdout.split('\n').map((line) => line.split(/ {2,}/)[0]);
    expect(names.slice(0, 5)).toEqual([
      'FD (cifar10-resnet)',
      'precision (cifar10-resnet)',
      'recall (cifar10-resnet)',
      'density (cifar10-resnet)',
      'coverage (cifar10-resnet)',
    ]);
    expect(stdout).toMatch(/\(160 real, 160 generated; clean; .+\)\n$/);
  });

  it('gives each metric the value that its own command gives', async () => {
    const all = await json('evaluate', real, fake, ...FEW, '--subset-size', '20');
    expect(all.metrics.fid.value).toBe((await json('fid', real, fake, ...FEW)).value);
    expect(all.metrics.kid.value).toBe((await json('kid', real, fake, ...FEW, '--subset-size', '20')).value);
    const { precision, recall, density, coverage } = await json('prdc', real, fake, ...FEW);
    expect(all.metrics.prdc).toMatchObject({ precision, recall, density, coverage });
    const score = await json('is', fake, ...FEW);
    expect(all.metrics.is.value).toBe(score.value);
    expect(score.n).toEqual({ real: 0, generated: 40 });
  });

  it('prints what it can where a metric is not defined for so few images, says why, and ends with 2', async () => {
    const { code, stdout } = await runCli(['evaluate', real, fake, ...MODEL, ...FEW, '--metrics', 'fid,kid']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^FD \(cifar10-resnet\)/);
    expect(stdout).toMatch(/^kid: .*1000/m);
  });

  it('goes on without what the network does not put out, and says so', async () => {
    const report = await json('evaluate', real, fake, ...FEW, '--metrics', 'fid,sfid');
    expect(report.metrics.fid.value).toBeGreaterThan(0);
    expect(report.failures.sfid.message).toMatch(/cifar10-resnet has no output "spatial"/);
    const { error } = await json('evaluate', real, fake, ...FEW, '--metrics', 'sfid');
    expect(error).toMatchObject({ code: 'INVALID_OPTION', details: { need: 'spatialStatistics' } });
  });

  it('says before it starts how much memory the features take', async () => {
    const { stderr } = await runCli(['kid', real, fake, ...MODEL, ...FEW, '--subset-size', '20']);
    expect(stderr).toMatch(/80 images; features are kept in memory: 1 MiB/);
  });

  it('gives intervals with --ci', async () => {
    const { metrics } = await json('evaluate', real, fake, ...FEW, '--metrics', 'fid,is,prdc', '--ci', '0.9');
    for (const [id, key] of [
      ['fid', 'value'],
      ['is', 'value'],
      ['prdc', 'recall'],
    ]) {
      const { low, high, confidence, of } = metrics[id].intervals[key];
      expect(low, id).toBeLessThanOrEqual(metrics[id][key]);
      expect(high, id).toBeGreaterThanOrEqual(metrics[id][key]);
      expect(confidence).toBe(0.9);
      expect(of.length).toBeGreaterThan(20);
    }
  });

  it('gives with --floor what parts of the real images give, and says where they are too few', async () => {
    const metrics = ['--metrics', 'fid,kid', '--subset-size', '30', '--floor'];
    const report = await json('evaluate', real, fake, ...FEW, ...metrics);
    expect(report.metrics.fid.floor).toMatchObject({ size: 20, values: { value: expect.any(Number) } });
    expect(report.metrics.kid).not.toHaveProperty('floor');
    expect(report.metrics.kid.warnings.map(({ code }: { code: string }) => code)).toContain('NO_FLOOR');
  });

  it('writes a line for every generated image with --per-image, copies at distance 0', async () => {
    const file = path.join(folder, 'images.csv');
    const { code, stdout } = await runCli([
      ...['prdc', real, real, ...MODEL, '--limit', '30', '--json', '--quiet'],
      ...['--per-image', file],
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).not.toHaveProperty('images');
    const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\r\n');
    expect(head).toBe('file,realism,nearestReal,distance,inside,class,entropy');
    expect(lines).toHaveLength(30);
    for (const line of lines) {
      const [name, realism, nearest, distance, inside, label, entropy] = line.split(',');
      expect([nearest, distance, inside]).toEqual([name, '0', 'true']);
      // Infinite, or of a ball that is too wide to count.
      expect(realism === '' || Number(realism) > 0).toBe(true);
      expect(Number(label)).toBeLessThan(10);
      expect(Number(entropy)).toBeLessThanOrEqual(Math.log(10));
    }
    expect(readdirSync(folder)).toEqual(['images.csv']);
  });

  it('hands every metric the options that are its own', async () => {
    const { metrics } = await json(
      ...['evaluate', real, fake, ...FEW, '--metrics', 'is,kid,prdc,vendi,prd,cmmd'],
      ...[
        '--order',
        'given',
        '--std-ddof',
        '1',
        '--subset-size',
        '20',
        '--neighbors',
        '3',
        '--inequality',
        '<=',
      ],
      ...['--entropy-order', '2', '--clusters', '5', '--clip'],
    );
    expect(metrics.is).toMatchObject({ order: 'given', ddof: 1 });
    expect(metrics.kid).toMatchObject({ estimator: 'subsets', ddof: 1 });
    expect(metrics.prdc).toMatchObject({ neighbors: 3, inequality: '<=' });
    expect(metrics.vendi.q).toBe(2);
    expect(metrics.prd.clusters).toBe(5);
    const codes = metrics.cmmd.warnings.map(({ code }: { code: string }) => code);
    expect(codes).not.toContain('FEATURES_NOT_CLIP');
  });

  it('computes KID by blocks of a size', async () => {
    const report = await json('kid', real, fake, ...FEW, '--estimator', 'block', '--block-size', '20');
    expect(report).toMatchObject({ estimator: 'block', blocks: 2, blockSize: 20 });
  });

  it("lets --estimator stand over --compat's subsets", async () => {
    const sets = ['singular_real.npy', 'singular_fake.npy'].map((name) =>
      projectFile('fixtures/features', name),
    );
    const full = ['--estimator', 'full', '--json', '--quiet'];
    const [plain, compat] = await Promise.all([
      runCli(['kid', ...sets, ...full]),
      runCli(['kid', ...sets, ...full, '--compat', 'torch-fidelity']),
    ]);
    expect(JSON.parse(compat.stdout).value).toBe(JSON.parse(plain.stdout).value);
  });

  it('refuses an order of entropy below 0', async () => {
    const args = ['evaluate', real, fake, ...MODEL, '--metrics', 'vendi', '--entropy-order', '-1'];
    const { code, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/at least 0, or Infinity/);
  });

  it('lists the metrics and their facts', async () => {
    const { code, stdout } = await runCli(['evaluate', '--list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^fid: Fréchet inception distance\n {2}value: lower is better, 0 … ∞\n/m);
  });

  it('refuses an unknown metric, with those there are', async () => {
    const { code, stderr } = await runCli(['evaluate', real, fake, ...MODEL, '--metrics', 'fid,fdi']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/INVALID_OPTION: Expected some of fid, .*prdc.* for metrics but received "fdi"/);
  });
});
