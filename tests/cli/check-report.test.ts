import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../reference';
import { type Finished, runCli } from './run-cli';

const root = mkdtempSync(path.join(tmpdir(), 'gan-metrics-check-report-'));
afterAll(() => rmSync(root, { recursive: true }));

const config = {
  defaults: { model: 'cifar10-resnet', limit: 40 },
  suites: {
    scenes: {
      real: projectFile('fixtures/real'),
      generated: projectFile('fixtures/fake'),
      metrics: { fid: { max: 1 }, 'prdc.precision': { min: 0.1 } },
    },
  },
};

describe('check --report, in GitHub Actions', () => {
  const summary = path.join(root, 'summary.md');
  const outputs = path.join(root, 'outputs');
  let run: Finished;

  beforeAll(async () => {
    writeFileSync(path.join(root, 'gan-metrics.config.json'), JSON.stringify(config));
    run = await runCli(['check', '--report', 'out', '--json'], {
      cwd: root,
      env: {
        GITHUB_ACTIONS: 'true',
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_OUTPUT: outputs,
        GITHUB_WORKSPACE: path.dirname(root),
      },
    });
  });

  it('writes a page with the numbers of the JSON, and pictures', () => {
    const report = JSON.parse(run.stdout);
    expect(JSON.parse(readFileSync(path.join(root, 'out', 'report.json'), 'utf8'))).toEqual(report);
    const { document } = parseHTML(readFileSync(path.join(root, 'out', 'index.html'), 'utf8'));
    const values = [...document.querySelectorAll('tbody tr')].map((row) =>
      Number.parseFloat(row.querySelectorAll('td.number')[0].textContent!),
    );
    const [fid, precision] = report.suites[0].rows.map(({ value }: { value: number }) => value);
    expect(values[0] / fid).toBeCloseTo(1, 5);
    expect(values[1] / precision).toBeCloseTo(1, 5);
    expect(document.querySelectorAll('.samples img').length).toBeGreaterThan(40);
    expect(document.querySelector('svg title')).not.toBeNull();
  });

  it('writes what CI systems read beside it', () => {
    expect(readdirSync(path.join(root, 'out')).sort()).toEqual([
      'codequality.json',
      'index.html',
      'junit.xml',
      'metrics.txt',
      'report.json',
      'summary.md',
    ]);
  });

  it('tells GitHub: annotations, summary, outputs', () => {
    expect(run.code).toBe(1);
    const file = `${path.basename(root)}/gan-metrics.config.json`;
    expect(run.stderr).toContain(
      `\n::error file=${file},line=1,title=over limit%3A FD (cifar10-resnet) of scenes`,
    );
    expect(readFileSync(summary, 'utf8')).toMatch(/^## gan-metrics: over limit\n/);
    const found = readFileSync(outputs, 'utf8');
    expect(found).toMatch(/^verdict<<(.+)\nover limit\n\1$/m);
    expect(found).toMatch(/^exit-code<<(.+)\n1\n\1$/m);
    expect(found).toMatch(/^report<<(.+)\nout\/index\.html\n\1$/m);
  });

  it('takes --fail-on over the configuration', async () => {
    const { code } = await runCli(['check', '--fail-on', 'regressed, incomparable', '--quiet'], {
      cwd: root,
    });
    expect(code).toBe(0);
    const wrong = await runCli(['check', '--fail-on', 'worse', '--quiet'], { cwd: root });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('failOn');
  });

  it('writes formats by flags', async () => {
    const { code } = await runCli(
      [
        'check',
        '--junit',
        'a/j.xml',
        '--output',
        'codequality=a/q.json',
        '--output',
        'github=a/g.txt',
        '--quiet',
      ],
      { cwd: root },
    );
    expect(code).toBe(1);
    expect(readdirSync(path.join(root, 'a')).sort()).toEqual(['g.txt', 'j.xml', 'q.json']);
  });
});
