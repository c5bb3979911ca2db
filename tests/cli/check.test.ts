import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GateConfig, GateReport } from '../../src/index';
import { projectFile } from '../reference';
import { runCli } from './run-cli';

const BASELINE = 'gan-metrics.baseline.json';

let root: string;
/** A project with real images, two halves of the generated ones, and ones that are worse. */
let project: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'gan-metrics-check-'));
  project = path.join(root, 'project');
  mkdirSync(path.join(project, '.git'), { recursive: true });
  for (const name of ['real', 'before', 'after', 'worse']) mkdirSync(path.join(project, name));
  const copy = (from: string, to: string) => cpSync(projectFile('fixtures', from), path.join(project, to));
  const [real, fake] = ['real', 'fake'].map((name) => readdirSync(projectFile('fixtures', name)).sort());
  for (const name of real.slice(0, 40)) copy(`real/${name}`, `real/${name}`);
  for (const name of fake.slice(0, 40)) copy(`fake/${name}`, `before/${name}`);
  for (const name of fake.slice(40, 80)) copy(`fake/${name}`, `after/${name}`);
  // One image, over and over, with another at the end.
  for (let i = 0; i < 40; i++)
    copy(`fake/${fake[i < 20 ? 0 : 1]}`, `worse/${String(i).padStart(2, '0')}.png`);
});
afterAll(() => rmSync(root, { recursive: true }));

type Rules = GateConfig['suites'][string]['metrics'];

function configure(
  metrics: Rules,
  { generated = 'before', ...more }: { generated?: string } & Partial<GateConfig> = {},
) {
  const config = {
    defaults: { model: 'cifar10-resnet', metricOptions: { kid: { estimator: 'full' } } },
    suites: { cats: { real: 'real', generated, metrics } },
    ...more,
  };
  writeFileSync(path.join(project, 'gan-metrics.config.json'), JSON.stringify(config, null, 2));
}

const run = (args: readonly string[] = [], env: Record<string, string> = {}) =>
  runCli(['check', ...args], { cwd: project, env: { CI: '', ...env } });

async function report(args: readonly string[] = [], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await run(['--json', '--quiet', ...args], env);
  return { code, stderr, report: JSON.parse(stdout) as GateReport };
}

const inProject = (name: string) => path.join(project, name);
const text = (name: string) => readFileSync(inProject(name), 'utf8');

/** The baseline, with these of its entries alone. */
function baselineWith(...metrics: string[]): string[] {
  const { schema, suites } = JSON.parse(text(BASELINE));
  const entries = Object.entries(suites.cats).filter(([key]) => metrics.includes(key));
  writeFileSync(
    inProject('part.json'),
    JSON.stringify({ schema, suites: { cats: Object.fromEntries(entries) } }),
  );
  return ['--baseline', 'part.json'];
}

describe('gan-metrics check', () => {
  it('asks for a baseline where there is none, with the command to make one, and ends with 1', async () => {
    configure({ fid: { regression: 0.5 } });
    const { code, stdout, stderr } = await run();
    expect(code).toBe(1);
    expect(stdout).toMatch(/^incomparable +cats fid/m);
    expect(stdout).toContain('gan-metrics check cats --update-baseline');
    expect(stderr).toContain('configuration: gan-metrics.config.json');
  });

  it('makes a baseline, the same bytes each time, and passes what it was made of', async () => {
    configure({ fid: { regression: 0 }, kid: { regression: 0 }, 'prdc.recall': { regression: 0 } });
    const made = await run(['--update-baseline']);
    expect(made.code).toBe(0);
    expect(made.stderr).toMatch(/baseline: cats fid: [\d.]+, new/);
    const first = text(BASELINE);
    expect((await run(['--update-baseline', '--quiet'])).code).toBe(0);
    expect(text(BASELINE)).toBe(first);
    const { code, report: passed } = await report();
    expect(code).toBe(0);
    expect(
      passed.suites[0].rows.map(({ verdict, change }) => [verdict, change?.value, change?.standardError]),
    ).toEqual(Array(3).fill(['pass', 0, 0]));
    expect(passed).toMatchObject({
      schema: 1,
      exitCode: 0,
      config: 'gan-metrics.config.json',
      baseline: BASELINE,
    });
  });

  it('gives the same report for the same seed, but for its times', async () => {
    configure({ fid: { max: 100, regression: 0 } }, { generated: 'after' });
    const timeless = ({ startedAt: _, seconds: __, suites, ...rest }: GateReport) => ({
      ...rest,
      suites: suites.map(({ seconds: _, ...suite }) => suite),
    });
    const [first, second] = [await report(), await report()];
    expect(timeless(first.report)).toEqual(timeless(second.report));
    const { line } = first.report.suites[0].rows[0];
    expect(text('gan-metrics.config.json').split('\n')[line! - 1].trim()).toBe('"fid": {');
  });

  it('is undecided for other images of the same generator: 0, or 3 where failOn asks for it', async () => {
    configure({ kid: { regression: 0.01 } }, { generated: 'after' });
    const own = baselineWith('kid');
    const { code, report: open } = await report(own);
    expect(code).toBe(0);
    expect(open.suites[0].rows[0]).toMatchObject({ verdict: 'inconclusive', fails: false });
    configure({ kid: { regression: 0.01 } }, { generated: 'after', failOn: ['inconclusive'] });
    expect((await report(own)).code).toBe(3);
  });

  it('ends with 1 for a regression, and writes its outputs all the same', async () => {
    configure({ kid: { regression: 0.01 } }, { generated: 'worse', outputs: { json: 'out/a/report.json' } });
    const { code, stdout } = await run(['--quiet', '--output', 'text=out/report.txt']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^regressed +cats kid/m);
    expect(JSON.parse(text('out/a/report.json'))).toMatchObject({ verdict: 'regressed', exitCode: 1 });
    expect(text('out/report.txt')).toBe(stdout);
    expect(readdirSync(inProject('out')).sort()).toEqual(['a', 'report.txt']);
  });

  it('ends with 1 over a limit, and with 0 where that only warns', async () => {
    configure({ fid: { max: 1 } });
    expect((await report()).report).toMatchObject({ verdict: 'over limit', exitCode: 1 });
    configure({ fid: { max: 1, level: 'warn' } });
    expect((await run(['--quiet', ...baselineWith()])).code).toBe(0);
  });

  it('cannot compare what was made otherwise, and says in what', async () => {
    configure({ fid: { regression: 0.5 } });
    const { code, report: other } = await report(['--limit', '30']);
    expect(code).toBe(1);
    expect(other.suites[0].rows[0].differences).toEqual([
      { field: 'n.real', old: 40, new: 30 },
      { field: 'n.generated', old: 40, new: 30 },
    ]);
  });

  it('reports entries that nothing asks for, and takes them out with a renewal', async () => {
    configure({ fid: { regression: 0.5 }, kid: { regression: 0.5 } });
    const { code, report: found } = await report();
    expect(code).toBe(1);
    expect(found.suites[0].rows.filter(({ verdict }) => verdict === 'incomparable')).toMatchObject([
      { metric: 'prdc.recall', reason: expect.stringMatching(/^missing: /) },
    ]);
    const before = text(BASELINE);
    const renewed = await run(['--update-baseline']);
    expect(renewed.code).toBe(0);
    expect(renewed.stderr).toContain('baseline: cats prdc.recall: taken out');
    // What is left keeps its bytes.
    const kept = text(BASELINE).trimEnd().split('\n').slice(0, -4);
    expect(before.split('\n').slice(0, kept.length)).toEqual(kept);
  });

  it('ends with 2 for images that are not there, and evaluates the other suites', async () => {
    const rule = { is: { min: 1 } } as const;
    configure(
      {},
      {
        suites: {
          gone: { generated: 'nowhere', metrics: rule },
          cats: { generated: 'before', metrics: rule },
        },
      },
    );
    const { code, report: half } = await report(['gone', 'cats', '--baseline', 'none.json']);
    expect(code).toBe(2);
    expect(half.suites.map(({ name, error }) => [name, error?.code])).toEqual([
      ['gone', 'INVALID_OPTION'],
      ['cats', undefined],
    ]);
    expect(half.suites.flatMap((suite) => suite.rows.map(({ verdict }) => verdict)).sort()).toEqual([
      'error',
      'pass',
    ]);
  });

  it('ends with 2 for fewer images than minN', async () => {
    configure({ is: { min: 1, minN: 100 } });
    expect((await report(['--baseline', 'none.json'])).report).toMatchObject({
      verdict: 'error',
      exitCode: 2,
    });
  });

  it.each([
    ['an unknown suite', ['cast'], /There is no suite "cast"\. Did you mean "cats"/],
    [
      'a configuration that is not there',
      ['--config', 'x.json'],
      /INVALID_OPTION: Expected the path of a file that exists/,
    ],
    ['an unknown option', ['--frobnicate'], /unknown option/],
    ['an unknown format', ['--output', 'pdf=x'], /format one of json, text/],
    ['a budget that is no time', ['--budget', 'soon'], /Expected a time, as 60s/],
    ['a budget for a baseline', ['--budget', '60s', '--update-baseline'], /none with updateBaseline/],
  ])('ends with 2 for %s, before any image is read', async (_, args, message) => {
    configure({ fid: { regression: 0.5 } });
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
  });

  it('ends with 2 for a baseline that is no JSON, with one error', async () => {
    configure({ fid: { regression: 0.5 } });
    writeFileSync(inProject('broken.json'), '<<<<<<< HEAD');
    const { code, stderr } = await run(['--baseline', 'broken.json', '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error CORRUPT_FILE: The baseline .*broken\.json cannot be read: it is no JSON/);
  });

  it('ends with 2 where an output cannot be written, and shows the verdict all the same', async () => {
    configure({ is: { min: 1 } });
    writeFileSync(inProject('file'), '');
    const { code, stdout, stderr } = await run([
      '--quiet',
      '--baseline',
      'none.json',
      '--output',
      'json=file/x.json',
    ]);
    expect(code).toBe(2);
    expect(stdout).toContain('passed: 1 pass');
    expect(stderr).toMatch(/error INVALID_OPTION: Cannot write .*x\.json/);
  });

  it('writes no baseline in CI: a candidate beside it, for review', async () => {
    configure({ fid: { regression: 0.5 } }, { generated: 'after' });
    const before = text(BASELINE);
    const { code, stdout, stderr } = await run(['--update-baseline', '--quiet'], { CI: 'true' });
    expect(code).toBe(2);
    expect(stdout).toContain('cats fid');
    expect(stderr).toContain('gan-metrics.baseline.candidate.json');
    expect(text(BASELINE)).toBe(before);
    const candidate = JSON.parse(text('gan-metrics.baseline.candidate.json'));
    expect(candidate.suites.cats.fid.value).not.toBe(JSON.parse(before).suites.cats.fid.value);
    expect(existsSync(inProject('other.json'))).toBe(false);
    const named = await run(['--quiet', '--baseline-candidate', 'other.json'], { CI: 'true' });
    expect(named.code).not.toBe(2);
    expect(text('other.json')).toBe(text('gan-metrics.baseline.candidate.json'));
  });

  it('finds the configuration from a folder below, and by the environment', async () => {
    configure({ is: { min: 1 } });
    const args = ['check', '--quiet', '--baseline', 'none.json'];
    const below = await runCli(args, { cwd: inProject('real'), env: { CI: '' } });
    expect(below.code).toBe(0);
    const named = await runCli(args, {
      cwd: root,
      env: { CI: '', GAN_METRICS_CONFIG: inProject('gan-metrics.config.json') },
    });
    expect(named.code).toBe(0);
  });

  it('compares pair by pair where the features of the baseline were kept, with a narrower interval', async () => {
    const paired = ['--baseline', 'paired.json'];
    configure({ fid: { regression: 0.5 }, kid: { regression: 0.5 } }, { features: 'kept' });
    expect((await run(['--update-baseline', '--quiet', ...paired])).code).toBe(0);
    expect(readdirSync(inProject('kept'))).toHaveLength(1);
    const rules = { fid: { regression: 0.5 }, kid: { regression: 0.5 } };
    configure(rules, { features: 'kept', generated: 'after' });
    const withPairs = (await report(paired)).report.suites[0].rows;
    configure(rules, { generated: 'after' });
    const without = (await report(paired)).report.suites[0].rows;
    for (const [i, { change }] of withPairs.entries()) {
      expect(change).toMatchObject({ method: 'paired', value: expect.closeTo(without[i].change!.value, 5) });
      expect(without[i].change!.method).toBe('independent');
      expect(change!.standardError).toBeLessThan(without[i].change!.standardError);
    }
  });

  it('keeps entries of smaller sizes, which a run of that size is compared with', async () => {
    const own = ['--baseline', 'ladder.json', '--quiet'];
    configure({ fid: { regression: 0.5 }, kid: { regression: 0.01 } });
    writeFileSync(inProject('ladder.json'), JSON.stringify({ schema: 1, suites: {} }));
    expect((await run(['--update-baseline', ...own])).code).toBe(0);
    const rows = async () => (await report(['--limit', '30', ...own])).report.suites[0].rows;
    expect((await rows()).map(({ verdict }) => verdict)).toEqual(['incomparable', 'inconclusive']);
    expect((await run(['--update-baseline', '--limit', '30', ...own])).code).toBe(0);
    expect(Object.keys(JSON.parse(text('ladder.json')).suites.cats)).toEqual(['fid', 'fid@30', 'kid']);
    expect((await rows())[0]).toMatchObject({ verdict: 'pass', change: { value: 0 }, n: { generated: 30 } });
  });

  it('keeps to a budget, and says what that can find', async () => {
    configure({ kid: { regression: 0.01 } }, { generated: 'after' });
    const { code, report: quick } = await report(['--budget', '10min', ...baselineWith('kid')]);
    expect(code).toBe(0);
    expect(quick.budget).toMatchObject({ seconds: 600, n: null, secondsPerImage: expect.any(Number) });
    expect(quick.suites[0].rows[0].detectable).toBeGreaterThan(0.01);
  });
});

describe('gan-metrics init', () => {
  it('writes a configuration that check takes, and never replaces one', async () => {
    const cwd = mkdtempSync(path.join(root, 'init-'));
    const { code, stdout } = await runCli(['init'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^gan-metrics\.config\.mjs: written/);
    const { stderr } = await runCli(['check'], { cwd, env: { CI: '' } });
    expect(stderr).toContain('configuration: gan-metrics.config.mjs');
    const again = await runCli(['init'], { cwd });
    expect(again.code).toBe(2);
    expect(again.stderr).toMatch(/There is a configuration/);
  });
});

describe('a crash', () => {
  it('ends with 2: 1 says that a gate did not pass', async () => {
    const cwd = mkdtempSync(path.join(root, 'crash-'));
    const later = "setTimeout(() => { throw new Error('boom'); }, 0);";
    const config = { suites: { cats: { generated: 'x', metrics: { is: { min: 1 } } } } };
    writeFileSync(
      path.join(cwd, 'gan-metrics.config.mjs'),
      `${later}\nawait new Promise((resolve) => setTimeout(resolve, 50));\nexport default ${JSON.stringify(config)};`,
    );
    const { code, stderr } = await runCli(['check'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/error CRASH: Error: boom/);
  });
});
