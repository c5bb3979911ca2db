import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../reference';
import { type Finished, runCli } from './run-cli';

const real = projectFile('fixtures/real');
const fake = projectFile('fixtures/fake');
const MODEL = ['--model', 'cifar10-resnet', '--limit', '60'];

let folder: string;
let all: Finished;
const markdown = () => path.join(folder, 'comparison.md');
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-compare-'));
  const sets = [`bad|one=${fake}`, `copy=${fake}`, `good=${real}`];
  const metrics = ['--metrics', 'fid,prdc', '--markdown', markdown()];
  all = await runCli(['compare', ...sets, '--real', real, ...metrics, ...MODEL]);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('gan-metrics compare', () => {
  it('prints of every number a table by rank and a line for every pair, and ends with 0', () => {
    expect(all.code).toBe(0);
    const [first, second] = all.stdout.split('\n\n');
    expect(first.split('\n').map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['FD (cifar10-resnet), lower is better: good is best'],
      ['', 'rank', 'set'],
      ['', '1', 'good'],
      ['', '2-3', 'bad|one'],
      ['', '2-3', 'copy'],
      ['', expect.stringMatching(/^good is better than bad\|one: -\S+ \[-\S+, -\S+\] 95 %$/)],
      ['', expect.stringMatching(/^good is better than copy: /)],
      [
        '',
        expect.stringMatching(/^bad\|one and copy cannot be told apart: 0 .*; the values are equal, and no/),
      ],
    ]);
    expect(second).toMatch(/^precision \(cifar10-resnet\), higher is better: .+\n {2}rank /);
    expect(all.stdout).toMatch(
      /\n\n\(60 real, 60 bad\|one, 60 copy, 60 good; clean; .+; Holm over 3 pairs\)\n$/,
    );
    expect(all.stderr).toMatch(/warning SETS_EQUAL: bad\|one and copy/);
  });

  it('writes the same as Markdown, in which a name stays a name', () => {
    const text = readFileSync(markdown(), 'utf8');
    expect(text).toMatch(/^# Comparison of bad\\\|one, copy, good\n/);
    expect(text).toMatch(/\n## FD \(cifar10-resnet\) \(lower is better\)\n\ngood is best\.\n/);
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length))).toEqual(new Set([6]));
    expect(text).toMatch(/\n- good is better than bad\\\|one: /);
    expect(text).toMatch(/\n- SETS_EQUAL: bad\\\|one and copy /);
  });

  it('says about how many images would part an undecided pair', async () => {
    const sets = [`all=${fake}`, real];
    const args = ['compare', ...sets, '--real', real, '--metrics', 'prdc', '--model', 'cifar10-resnet'];
    const { stdout } = await runCli([...args, '--limit', '20', '--quiet', '--confidence', '0.999']);
    expect(stdout).toMatch(/cannot be told apart: \S+ \[.+\]; about \d+ images each would, with \d+ real/);
  });

  it('prints one JSON object with --json, by --confidence and --adjust', async () => {
    const options = [
      '--metrics',
      'is',
      '--confidence',
      '0.9',
      '--adjust',
      'none',
      '--splits',
      '2',
      '--json',
      '--quiet',
    ];
    const { stdout, code } = await runCli(['compare', fake, `b=${real}`, ...options, ...MODEL]);
    expect(code).toBe(0);
    const { sets, confidence, adjust, metrics, n } = JSON.parse(stdout);
    expect({ sets, confidence, adjust }).toEqual({ sets: ['fake', 'b'], confidence: 0.9, adjust: 'none' });
    expect(n).toEqual({ real: 0, generated: { fake: 60, b: 60 } });
    const [{ a, b, interval }] = metrics.is.numbers.value.differences;
    expect([a, b, interval.confidence]).toEqual(['fake', 'b', 0.9]);
    expect(metrics.is.numbers.value.values.b.interval.of).toMatch(/in 2 splits/);
  });

  it('ends with 2 where a name is taken, a metric has no difference or fails, or a file cannot be written', async () => {
    const taken = await runCli(['compare', fake, fake, '--real', real, ...MODEL]);
    expect(taken.code).toBe(2);
    expect(taken.stderr).toMatch(/is taken: give another before the path/);
    const unable = await runCli([
      'compare',
      fake,
      `b=${real}`,
      '--real',
      real,
      '--metrics',
      'vendi',
      ...MODEL,
    ]);
    expect(unable.code).toBe(2);
    expect(unable.stderr).toMatch(/INVALID_OPTION: Expected some of fid, is, kid, prdc/);
    const nowhere = path.join(folder, 'missing', 'comparison.md');
    const unwritable = await runCli(['compare', fake, `b=${real}`, '--real', real, '--markdown', nowhere]);
    expect(unwritable.code).toBe(2);
    expect(unwritable.stderr).toMatch(/missing does not exist/);
    const args = ['compare', fake, `b=${real}`, '--real', real, '--metrics', 'fid,prdc', '--quiet'];
    const few = await runCli([...args, '--model', 'cifar10-resnet', '--limit', '4']);
    expect(few.code).toBe(2);
    expect(few.stdout).toMatch(/^FD \(cifar10-resnet\)/);
    expect(few.stdout).toMatch(/^prdc: fake: /m);
  });
});
