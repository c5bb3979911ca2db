import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectFile } from '../reference';
import { runCli } from './run-cli';

const folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-divergence-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A CSV file of one column. */
function column(name: string, values: readonly number[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `${values.join('\n')}\n`);
  return file;
}

const sample = (side: string) => projectFile(`fixtures/divergences/knn_kl_2d_${side}.npy`);

describe('gan-metrics divergence', () => {
  const real = column('real.csv', [1, 1, 2]);
  const generated = column('generated.csv', [2, 2, 0]);

  it('prints divergences of histograms, in the order asked for', async () => {
    const { code, stdout } = await runCli(['divergence', real, generated, '--metrics', 'reverse-kl,tv,kl']);
    expect(code).toBe(0);
    expect(stdout).toBe('reverse-kl: 0.693147 nats\ntv: 0.5\nkl: Infinity nats\n');
  });

  it('takes one row each for histograms where no metrics are named', async () => {
    const row = (name: string, text: string) => {
      const file = path.join(folder, name);
      writeFileSync(file, text);
      return file;
    };
    const { code, stdout } = await runCli(['divergence', row('p.csv', '1,1,2\n'), row('q.csv', '2,2,0\n')]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^kl: Infinity nats\n/);
    expect(stdout).toMatch(/^tv: 0\.5$/m);
  });

  it('prints one object with --json, in which infinity is a word', async () => {
    const { stdout } = await runCli([
      'divergence',
      real,
      generated,
      '--metrics',
      'kl,renyi',
      '--order',
      '0.5',
      '--json',
    ]);
    const { metrics, shapes } = JSON.parse(stdout);
    expect(metrics.kl).toEqual({ value: 'Infinity', bins: 3, realOnly: 0.5, generatedOnly: 0 });
    expect(metrics.renyi.value).toBeCloseTo(-2 * Math.log(Math.SQRT1_2), 12);
    expect(shapes).toEqual({ real: [3, 1], generated: [3, 1] });
  });

  it('compares samples by default, with a p-value for MMD', async () => {
    const { code, stdout } = await runCli(['divergence', sample('x'), sample('y'), '--permutations', '99']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^mmd: 0\.09\d+ {2}\(p = 0\.01\)\nenergy: .*\nsliced: .* ± .*\nknn-kl: .* nats\nknn-js: .* nats\n$/,
    );
  });

  it('samples asked for as a histogram, and unknown names, end with 2 and say what there is', async () => {
    const wrong = await runCli(['divergence', sample('x'), sample('y'), '--metrics', 'kl', '--json']);
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.stdout).error.code).toBe('SHAPE_MISMATCH');
    const unknown = await runCli(['divergence', real, generated, '--metrics', 'kl,foo']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/no "foo"; there are kl, reverse-kl/);
  });
});

describe('gan-metrics gan', () => {
  const real = column('d-real.csv', [0.5, 0.5]);
  const generated = column('d-generated.csv', [0.5, 0.5]);

  it('of a blind discriminator prints V = -log 4 and no divergence', async () => {
    const { code, stdout } = await runCli(['gan', real, generated]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^V\(D, G\): -1\.38629 ± 0\.0 nats {2}\(accuracy 0\.5\)\nJensen-Shannon: 0 nats, in \[0, 0\.693147\]\n/,
    );
  });

  it('takes logits, and prints losses, gradients and the objective with --json', async () => {
    const { gan, generator } = JSON.parse(
      (await runCli(['gan', real, generated, '--logits', '--json'])).stdout,
    );
    expect(gan.realTerm).toBeCloseTo(-Math.log1p(Math.exp(-0.5)), 12);
    expect(generator).toMatchObject({ saturated: false, samples: 2 });
    expect(generator.nonSaturatingObjective.kl).toBe(-0.5);
  });

  it('of a critic prints Wasserstein-1 and warns that the Lipschitz constant is assumed', async () => {
    const critic = await runCli(['gan', column('f.csv', [3, 5]), real, '--critic']);
    expect(critic.stdout).toMatch(/^Wasserstein-1: 3\.5 ± 1\.0 {2}/);
    expect(critic.stderr).toMatch(/^warning LIPSCHITZ_ASSUMED: /);
    const known = await runCli([
      'gan',
      column('f.csv', [3, 5]),
      real,
      '--critic',
      '--lipschitz',
      '7',
      '--json',
    ]);
    expect(JSON.parse(known.stdout)).toMatchObject({ value: 0.5, warnings: [] });
  });

  it('refuses values that are no probabilities, and options that do not go together', async () => {
    const { code, stderr } = await runCli(['gan', column('bad.csv', [1.5]), generated]);
    expect([code, stderr.slice(0, 24)]).toEqual([2, 'error NOT_PROBABILITIES:']);
    expect((await runCli(['gan', real, generated, '--lipschitz', '1'])).code).toBe(2);
    expect((await runCli(['gan', real, generated, '--logits', '--critic'])).code).toBe(2);
  });
});

describe('gan-metrics modes', () => {
  it('counts modes by labels', async () => {
    const { code, stdout } = await runCli(['modes', column('labels.csv', [0, 0, 1, 1]), '--labels', '4']);
    expect(code).toBe(0);
    expect(stdout).toBe('modes: 2 of 4, KL 0.693147 nats\n');
  });

  it('does all that is asked for in one run', async () => {
    const args = [
      '--real',
      sample('y'),
      '--cells',
      '10',
      '--mixture',
      'ring',
      '--sigma',
      '0.1',
      '--equal-within',
      '0.05',
    ];
    const results = JSON.parse((await runCli(['modes', sample('x'), ...args, '--json'])).stdout);
    expect(results.mixture).toMatchObject({ value: 3, modes: 8, samples: 150 });
    expect(results.ndb.cells).toBe(10);
    expect(results.support.collisions).toBe(5);
  });

  it('lists missing classes of probabilities', async () => {
    const file = path.join(folder, 'probabilities.csv');
    writeFileSync(file, '0.8,0.1,0.1\n0.1,0.1,0.8\n');
    const { stdout } = await runCli(['modes', file, '--classes']);
    expect(stdout).toBe('missing classes: 1 of 3: 1\n');
  });

  it('asks what is to be counted', async () => {
    const { code, stderr } = await runCli(['modes', sample('x')]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error INVALID_OPTION: Expected one of --mixture/);
  });
});
