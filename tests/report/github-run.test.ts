import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toGitHubAnnotations } from '../../src/report/github';
import { reportToGitHub, repositoryPrefix } from '../../src/report/github-run';
import { toMarkdown } from '../../src/report/markdown';
import { report } from './gate-reports';

const folder = mkdtempSync(path.join(tmpdir(), 'gan-metrics-github-'));
afterAll(() => rmSync(folder, { recursive: true }));

function environment(name: string): Record<string, string> & Record<'summary' | 'outputs', string> {
  const files = { summary: path.join(folder, `${name}.md`), outputs: path.join(folder, `${name}.txt`) };
  return {
    ...files,
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_OUTPUT: files.outputs,
    GITHUB_WORKSPACE: folder,
  };
}

describe('reportToGitHub', () => {
  it('appends the summary and the outputs, and returns the annotations', async () => {
    const env = environment('both');
    writeFileSync(env.summary, 'before\n');
    writeFileSync(env.outputs, 'other=1\n');
    const printed = await reportToGitHub(report(), {
      env,
      paths: { report: 'out/index.html' },
      cwd: path.join(folder, 'sub'),
    });
    expect(printed).toBe(toGitHubAnnotations(report(), { prefix: 'sub/' }));
    expect(readFileSync(env.summary, 'utf8')).toBe(`before\n${toMarkdown(report())}`);
    const outputs = readFileSync(env.outputs, 'utf8');
    expect(outputs).toMatch(/^other=1\nverdict<<(.+)\nerror\n\1\nexit-code<<(.+)\n2\n\2\n/);
    expect(outputs).toMatch(/\nreport<<(.+)\nout\/index\.html\n\1\n$/);
  });

  it('stays within what GitHub takes, with what stands there already', async () => {
    const env = environment('full');
    writeFileSync(env.summary, 'x'.repeat(1024 * 1024 - 1500));
    await reportToGitHub(report(), { env, cwd: folder });
    const text = readFileSync(env.summary, 'utf8');
    expect(text.length).toBeLessThan(1024 * 1024);
    expect(text).toContain('rows are left out');
  });

  it('writes nothing outside of Actions', async () => {
    const { GITHUB_ACTIONS: _, ...env } = environment('none');
    expect(await reportToGitHub(report(), { env })).toBe('');
    expect(() => readFileSync(env.summary)).toThrow('ENOENT');
  });
});

describe('repositoryPrefix', () => {
  it('is the folder of the check in what the job checked out', () => {
    const cwd = path.join(folder, 'a', 'b');
    expect(repositoryPrefix({ env: { GITHUB_WORKSPACE: folder }, cwd })).toBe('a/b/');
    expect(repositoryPrefix({ env: { CI_PROJECT_DIR: folder }, cwd: folder })).toBe('');
    expect(repositoryPrefix({ env: {}, cwd })).toBe('');
    expect(repositoryPrefix({ env: { GITHUB_WORKSPACE: cwd }, cwd: folder })).toBe('');
  });
});
