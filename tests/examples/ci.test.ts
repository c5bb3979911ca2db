import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectFile } from '../reference';

interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string | number>>;
}

interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { description: string; required: boolean; default: string }>>;
  readonly outputs: Readonly<Record<string, { description: string; value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
  readonly branding: { readonly icon: string; readonly color: string };
}

const read = <Value>(...parts: string[]): Value => parse(readFileSync(projectFile(...parts), 'utf8'));
const action = read<Action>('action.yml');
const { steps } = action.runs;
const EXPRESSION = /\$\{\{(.*?)\}\}/g;

const root = mkdtempSync(path.join(tmpdir(), 'gan-metrics-action-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('action.yml', () => {
  it('has what a composite action needs', () => {
    expect(Object.keys(action).sort()).toEqual([
      'author',
      'branding',
      'description',
      'inputs',
      'name',
      'outputs',
      'runs',
    ]);
    expect(action.runs.using).toBe('composite');
    for (const { description, required, default: preset } of Object.values(action.inputs)) {
      expect(description).toBeTruthy();
      expect([typeof required, typeof preset]).toEqual(['boolean', 'string']);
    }
    for (const step of steps) {
      expect([step.run, step.uses].filter((each) => each !== undefined)).toHaveLength(1);
      expect(step.shell).toBe(step.run === undefined ? undefined : 'bash');
      if (step.uses) expect(step.uses).toMatch(/^actions\/[a-z-]+@v\d+$/);
    }
  });

  it('uses every input it declares, and none else', () => {
    const used = [...JSON.stringify(action.runs).matchAll(/inputs\.([a-z-]+)/g)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(Object.keys(action.inputs).sort());
  });

  it('has its outputs from a step that writes them', () => {
    const { run } = steps.find(({ id }) => id === 'check')!;
    for (const [name, { value }] of Object.entries(action.outputs)) {
      expect(value).toBe(`\${{ steps.check.outputs.${name} }}`);
      expect(run).toMatch(new RegExp(`output ${name} |\\b${name}:`));
    }
  });

  it('writes no expression into a script', () => {
    for (const { run } of steps) expect(run ?? '').not.toMatch(EXPRESSION);
    const placed = steps.flatMap(({ env, with: given }) => Object.values({ ...env, ...given }));
    for (const value of placed) {
      for (const [, inner] of String(value).matchAll(EXPRESSION)) {
        expect(inner.trim()).toMatch(/^inputs\.[a-z-]+$/);
      }
    }
  });

  it('uploads the report also when the check fails', () => {
    const upload = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))!;
    expect(upload.if).toMatch(/^always\(\)/);
  });

  it('never renews a baseline', () => {
    expect(readFileSync(projectFile('action.yml'), 'utf8')).not.toMatch(/update/i);
  });
});

/** Commands in the place of npx and gan-metrics: what they were called with, and what comes of it. */
function fakeRunner({
  name,
  installed,
  status,
  writes = true,
}: {
  name: string;
  installed: boolean;
  status: number;
  writes?: boolean;
}) {
  const folder = path.join(root, name);
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = `#!/usr/bin/env bash
if [ "$1" = --no-install ] && [ "$3" = --version ]; then exit ${installed ? 0 : 1}; fi
printf '%s\\0' "$@" >"$CALLS"
if ${writes}; then
  while [ $# -gt 1 ]; do
    if [ "$1" = --report ]; then mkdir -p "$2"; for f in index.html report.json junit.xml; do : >"$2/$f"; done; fi
    shift
  done
  printf 'verdict<<end\\nregressed\\nend\\n' >>"$GITHUB_OUTPUT"
fi
exit ${status}
`;
  writeFileSync(path.join(bin, 'npx'), script);
  chmodSync(path.join(bin, 'npx'), 0o755);
  return { folder, bin, calls: path.join(folder, 'calls'), outputs: path.join(folder, 'outputs') };
}

/** Runs the step as the runner does, its expressions filled in. */
function runCheck(inputs: Readonly<Record<string, string>>, fake: Parameters<typeof fakeRunner>[0]) {
  const { folder, bin, calls, outputs } = fakeRunner(fake);
  const step = steps.find(({ id }) => id === 'check')!;
  const value = (name: string) => inputs[name] ?? action.inputs[name].default;
  const env = Object.fromEntries(
    Object.entries(step.env!).map(([key, text]) => [
      key,
      text.replace(EXPRESSION, (_, inner: string) => value(inner.trim().replace('inputs.', ''))),
    ]),
  );
  const file = path.join(folder, 'step.sh');
  writeFileSync(file, step.run!);
  const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
    cwd: folder,
    env: { PATH: `${bin}:${process.env.PATH}`, ...env, CALLS: calls, GITHUB_OUTPUT: outputs },
    encoding: 'utf8',
  });
  const found: Record<string, string> = {};
  const written = existsSync(outputs) ? readFileSync(outputs, 'utf8') : '';
  for (const [, name, , text] of written.matchAll(/^(.+)<<(.+)\n([\s\S]*?)\n\2$/gm)) found[name] = text;
  const args = existsSync(calls) ? readFileSync(calls, 'utf8').split('\0').slice(0, -1) : [];
  return { status, stderr, args, outputs: found, folder };
}

describe("the action's check", () => {
  it('runs what is installed, and says where the report is', () => {
    const { status, args, outputs, stderr } = runCheck({}, { name: 'plain', installed: true, status: 0 });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(args).toEqual(['--no-install', 'gan-metrics', 'check', '--report', 'gan-metrics-report', '--']);
    expect(outputs).toEqual({
      verdict: 'regressed',
      'exit-code': '0',
      report: './gan-metrics-report/index.html',
      json: './gan-metrics-report/report.json',
      junit: './gan-metrics-report/junit.xml',
    });
  });

  it('fetches what is not installed, or the version that is asked for', () => {
    const newest = runCheck({}, { name: 'newest', installed: false, status: 0 });
    expect(newest.args.slice(0, 2)).toEqual(['--yes', 'gan-metrics@latest']);
    const given = runCheck({ version: '0.2.0' }, { name: 'given', installed: true, status: 0 });
    expect(given.args.slice(0, 2)).toEqual(['--yes', 'gan-metrics@0.2.0']);
  });

  it('ends as the check does', () => {
    for (const status of [1, 2, 3]) {
      const run = runCheck({}, { name: `status-${status}`, installed: true, status });
      expect(run.status).toBe(status);
      expect(run.outputs).toMatchObject({ 'exit-code': String(status), verdict: 'regressed' });
      expect(run.outputs.report).toBeDefined();
    }
  });

  it('says error where the check came to no verdict', () => {
    const run = runCheck({}, { name: 'crash', installed: true, status: 2, writes: false });
    expect(run.status).toBe(2);
    expect(run.outputs).toEqual({ verdict: 'error', 'exit-code': '2' });
  });

  it('takes suites one a line, verdicts also parted by commas, and keeps their spaces', () => {
    const inputs = {
      config: 'my config.json',
      suites: 'faces\n  cats and dogs \r\n\n',
      'fail-on': 'regressed, over limit\ninconclusive',
    };
    const { args, stderr } = runCheck(inputs, { name: 'lists', installed: true, status: 0 });
    expect(stderr).toBe('');
    expect(args.slice(5)).toEqual([
      '--config',
      'my config.json',
      '--fail-on',
      'regressed,over limit,inconclusive',
      '--',
      'faces',
      'cats and dogs',
    ]);
  });

  it('runs nothing that an input says', () => {
    const hostile = '$(touch pwned) `touch pwned`; touch pwned; "; touch pwned #\' && touch pwned';
    const inputs = { config: hostile, suites: hostile, 'fail-on': hostile, report: 'out', version: hostile };
    const { args, folder } = runCheck(inputs, { name: 'hostile', installed: true, status: 0 });
    expect(args.slice(5)).toEqual(['--config', hostile, '--fail-on', hostile, '--', hostile]);
    expect(existsSync(path.join(folder, 'pwned'))).toBe(false);
  });
});

describe('examples/ci', () => {
  it('github.yml gives the action inputs that it has, and asks for outputs that it has', () => {
    const { jobs } = read<{ jobs: Record<string, { steps: Step[] }> }>('examples/ci/github.yml');
    const gate = jobs.check.steps.find(({ id }) => id === 'gate')!;
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(gate.with!)));
    const asked = [...JSON.stringify(jobs).matchAll(/steps\.gate\.outputs\.([a-z-]+)/g)].map(
      ([, name]) => name,
    );
    expect(asked.length).toBeGreaterThan(0);
    expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(asked));
    for (const { run } of jobs.check.steps) expect(run ?? '').not.toMatch(EXPRESSION);
  });

  it('gitlab.yml keeps the reports whatever comes of the check, and warns of what is undecided', () => {
    const job = read<{ 'gan-metrics': Record<string, unknown> }>('examples/ci/gitlab.yml')['gan-metrics'];
    expect(job.allow_failure).toEqual({ exit_codes: [3] });
    expect(job.artifacts).toMatchObject({
      when: 'always',
      reports: {
        junit: 'gan-metrics-report/junit.xml',
        codequality: 'gan-metrics-report/codequality.json',
        metrics: 'gan-metrics-report/metrics.txt',
      },
    });
    expect(job.script).toContain('npx gan-metrics check --report gan-metrics-report');
  });

  it('check.sh ends as the check does, and says what that means', () => {
    for (const [status, words] of ['passed', 'worse', 'could not check', 'undecided'].entries()) {
      const { folder, bin, calls, outputs } = fakeRunner({ name: `sh-${status}`, installed: true, status });
      const run = spawnSync('bash', [projectFile('examples/ci/check.sh'), 'a folder'], {
        cwd: folder,
        env: { PATH: `${bin}:${process.env.PATH}`, CALLS: calls, GITHUB_OUTPUT: outputs },
        encoding: 'utf8',
      });
      expect(run.status).toBe(status);
      expect(run.stdout).toContain(words);
      expect(readFileSync(calls, 'utf8')).toBe('gan-metrics\0check\0--report\0a folder\0');
    }
  });
});
