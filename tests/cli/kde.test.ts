import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectFile, reference } from '../reference';
import { runCli } from './run-cli';

const folder = mkdtempSync(path.join(tmpdir(), 'kde-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) => projectFile('fixtures', 'kde', name);
const kde = (...args: string[]) => runCli(['kde', ...args]);
const golden = JSON.parse(readFileSync(fixture('values.json'), 'utf8')).d2.parzen_ll;

const mnist = reference('data', 'mnist');
const mnistGolden = reference('golden', 'kde', 'mnist.json');
const hasMnist = existsSync(path.join(mnist, 'train.npz')) && existsSync(mnistGolden);

describe('gan-metrics kde', () => {
  it("prints the 2014 evaluation's numbers, and all of them with --json", async () => {
    const args = [fixture('d2_samples.npy'), `${fixture('d2_test.npy')}#[30:]`];
    const validation = ['--validation', `${fixture('d2_test.npy')}#[:30]`];
    const { code, stdout, stderr } = await kde(...args, ...validation);
    expect(code).toBe(0);
    expect(stdout).toBe(
      'log-likelihood: -3.75165 ± 0.276 nats  (500 samples, 30 test points, 2 dimensions; gaussian, bandwidth 1 by cv)\n',
    );
    expect(stderr).toMatch(/^warning BANDWIDTH_AT_GRID_EDGE: .*\nwarning SCALE_NOT_UNIT: /);
    const result = JSON.parse((await kde(...args, ...validation, '--json')).stdout);
    expect(Math.abs(result.value / golden.test_half_mean_ll - 1)).toBeLessThan(1e-12);
    expect(result.curve.length).toBe(10);
    expect(result.warnings.length).toBeGreaterThan(1);
  });

  it('takes every kernel, method and shape', async () => {
    const args = [fixture('d1_samples.npy'), fixture('d1_test.npy'), '--json'];
    const runs = await Promise.all([
      kde(...args, '--bandwidth', 'kfold', '--folds', '3', '--shuffle', '1', '--bandwidths', '0.1:1:4'),
      kde(...args, '--bandwidth', 'silverman', '--kernel', 'exponential', '--shape', 'diagonal'),
      kde(...args, '--bandwidth', '0.5', '--kernel', 'hypercube'),
    ]);
    const [kfold, silverman, given] = runs.map(({ stdout }) => JSON.parse(stdout));
    expect(kfold).toMatchObject({ method: 'kfold', kernel: 'gaussian' });
    expect(silverman.bandwidth.length).toBe(1);
    expect(given).toMatchObject({ method: 'given', bandwidth: 0.5, value: null, standardError: null });
    expect(given.warnings.map(({ code }: { code: string }) => code)).toContain('WINDOWS_MISS_POINTS');
  });

  it.each([
    ['d1', 'x,density', 512],
    ['d2', 'x,y,density', 128 * 128],
  ])('writes the density of %s with --grid', async (set, header, count) => {
    const grid = path.join(folder, `${set}.csv`);
    const { code } = await kde(
      fixture(`${set}_samples.npy`),
      fixture(`${set}_test.npy`),
      ...['--bandwidth', 'isj', '--grid', grid],
    );
    const lines = readFileSync(grid, 'utf8').trim().split('\n');
    expect(code).toBe(0);
    expect(lines[0]).toBe(header);
    expect(lines.length).toBe(count + 1);
    expect(lines[1].split(',').map(Number).every(Number.isFinite)).toBe(true);
  });

  it('takes folders of images', async () => {
    const { code, stdout } = await kde(
      projectFile('fixtures', 'fake'),
      projectFile('fixtures', 'real'),
      ...['--size', '8', '--gray', '--bandwidth', '0.2'],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^log-likelihood: \S+ ± \S+ nats {2}\(160 samples, 160 test points, 64 dimensions/,
    );
  });

  it('ends with 2 and names what is wrong', async () => {
    const [samples, test] = [fixture('d1_samples.npy'), fixture('d2_test.npy')];
    const runs = await Promise.all([
      kde(samples, test, '--bandwidth', '1'),
      kde(samples, samples, '--bandwidth', 'best'),
      kde(samples, samples, '--bandwidths', '1:0.1:5'),
      kde(samples, path.join(folder, 'none.npy'), '--json'),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(runs[0].stderr).toMatch(/SHAPE_MISMATCH: Expected 1 columns in test/);
    expect(runs[1].stderr).toMatch(/cv, loo, kfold, scott, silverman, isj/);
    expect(runs[2].stderr).toMatch(/least:most:count/);
    expect(JSON.parse(runs[3].stdout).error.code).toBe('INVALID_OPTION');
  });
});

describe.skipIf(!hasMnist)('gan-metrics kde on MNIST, where the data are', () => {
  it('meets the published log-likelihood of training images: 241.193 nats on the grid of 2014', async () => {
    const expected = JSON.parse(readFileSync(mnistGolden, 'utf8'));
    const [train, test] = ['train.npz', 'test.npz'].map((name) => path.join(mnist, name));
    const { code, stdout } = await kde(
      ...[`${train}#images[0:10000]`, `${test}#images`],
      ...['--validation', `${train}#images[50000:51000]`, '--json'],
    );
    expect(code).toBe(0);
    const { value, standardError, bandwidth, curve, warnings } = JSON.parse(stdout);
    expect(Math.abs(value - expected.test_mean_ll)).toBeLessThan(1e-9);
    expect(Math.abs(standardError - expected.test_se_ddof0)).toBeLessThan(1e-9);
    expect(bandwidth).toBeCloseTo(expected.best_sigma, 14);
    curve.forEach((point: { value: number }, k: number) => {
      expect(Math.abs(point.value - expected.validation_mean_ll[k])).toBeLessThan(0.0051);
    });
    expect(warnings.map((warning: { code: string }) => warning.code)).toEqual(['TOO_MANY_DIMENSIONS']);
  }, 300_000);
});
