import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020';
import { describe, expect, it } from 'vitest';
import { runCli } from './cli/run-cli';
import { projectFile } from './reference';

const validate = new Ajv2020({ allErrors: true, strictRequired: false }).compile(
  JSON.parse(readFileSync(projectFile('docs/report.schema.json'), 'utf8')),
);

async function printed(...args: string[]): Promise<Record<string, unknown>> {
  return JSON.parse((await runCli([...args, '--json', '--quiet'])).stdout);
}

const real = projectFile('fixtures/real');
const generated = projectFile('fixtures/fake');
const SMALL = ['--model', 'cifar10-resnet', '--limit', '20'];

describe('docs/report.schema.json', () => {
  it('holds for a report of several metrics, those that fail and intervals included', async () => {
    const report = await printed('evaluate', real, generated, ...SMALL, '--ci');
    expect(Object.keys(report.metrics as object)).toContain('prdc');
    // 20 images are fewer than a subset of KID.
    expect(Object.keys(report.failures as object)).toEqual(['kid']);
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('holds for a report of one metric, with skipped images', async () => {
    const report = await printed('fid', real, generated, ...SMALL, '--ci', '0.9');
    expect(report.intervals).toBeDefined();
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('holds for files of other tools, which say nothing of themselves', async () => {
    const [real, generated] = ['ttur.npz', 'pytorch-fid.npz'].map((name) =>
      projectFile('fixtures/npy', name),
    );
    const report = await printed('fid', real, generated);
    expect(report).toMatchObject({ n: { real: null, generated: null }, runtime: null });
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('holds for a comparison of generators, pairs that stay open and a metric that fails included', async () => {
    const sets = [`a=${generated}`, `b=${generated}`, `c=${real}`];
    const few = ['--model', 'cifar10-resnet', '--limit', '5'];
    const report = await printed('compare', ...sets, '--real', real, '--metrics', 'fid,kid,is,prdc', ...few);
    expect(Object.keys(report.metrics as object)).toEqual(['fid', 'kid']);
    expect(Object.keys(report.failures as object)).toEqual(['is', 'prdc']);
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
    for (const name of ['sets', 'adjust', 'metrics', 'n', 'skipped', 'model', 'version']) {
      const { [name]: _, ...rest } = report;
      expect(validate(rest), name).toBe(false);
    }
  });

  it('holds for an error', async () => {
    validate(await printed('fid', real, projectFile('no-such-folder'), ...SMALL));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('does not hold without an entry that it requires, or with one of another type', async () => {
    const report = await printed('is', generated, ...SMALL);
    expect(validate(report)).toBe(true);
    for (const name of ['schema', 'n', 'model', 'seed', 'metric', 'warnings']) {
      const { [name]: _, ...rest } = report;
      expect(validate(rest), name).toBe(false);
    }
    expect(validate({ ...report, seed: 'zero' })).toBe(false);
  });
});
