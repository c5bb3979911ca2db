import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { baselineHistory } from '../../src/report/baseline-history';

const root = mkdtempSync(path.join(tmpdir(), 'gan-metrics-history-'));
afterAll(() => rmSync(root, { recursive: true }));

/** A repository whose baseline, of this name, had these contents one after the other. */
function repository(name: string, contents: readonly string[], file = 'baseline.json'): string {
  const folder = path.join(root, name, 'sub');
  mkdirSync(folder, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@e', ...args], {
      cwd: folder,
      env: {
        ...process.env,
        GIT_AUTHOR_DATE: '2026-03-01T00:00:00Z',
        GIT_COMMITTER_DATE: '2026-03-01T00:00:00Z',
      },
      stdio: 'ignore',
    });
  git('init');
  for (const [i, text] of contents.entries()) {
    writeFileSync(path.join(folder, file), text);
    git('add', '-A');
    git('commit', '-m', `version ${i}`);
  }
  return path.join(folder, file);
}

const entry = (value: number, others: object = {}) => ({
  value,
  interval: { low: value - 1, high: value + 1 },
  n: 100,
  ...others,
});
const baseline = (metrics: object) => JSON.stringify({ schema: 1, suites: { faces: metrics } });

describe('baselineHistory', () => {
  it('has every version of every entry, oldest first', async () => {
    const file = repository('plain', [
      baseline({ fid: entry(3), kid: entry(1) }),
      baseline({ fid: entry(2), kid: entry(1, { n: 200 }) }),
    ]);
    const [fid, kid] = await baselineHistory(file);
    expect(fid).toMatchObject({
      suite: 'faces',
      metric: 'fid',
      versions: [
        { label: '2026-03-01', value: 3, interval: { low: 2, high: 4 } },
        { label: '2026-03-01', value: 2 },
      ],
    });
    expect(fid.versions[0].comparable).toBe(fid.versions[1].comparable);
    expect(kid.versions[0].comparable).not.toBe(kid.versions[1].comparable);
  });

  it('passes over versions that cannot be read', async () => {
    const file = repository('broken', [
      '{',
      '[]',
      '{"suites":null}',
      baseline({ fid: { value: 'x' } }),
      baseline({ fid: entry(2) }),
    ]);
    expect((await baselineHistory(file)).map(({ versions }) => versions.length)).toEqual([1]);
  });

  it('takes the newest, as many as it is asked for', async () => {
    const file = repository(
      'many',
      [1, 2, 3, 4].map((value) => baseline({ fid: entry(value) })),
    );
    const [{ versions }] = await baselineHistory(file, { limit: 2 });
    expect(versions.map(({ value }) => value)).toEqual([3, 4]);
  });

  it('takes the name of the file as it is', async () => {
    for (const [i, name] of ['-p --output=x', '$(touch pwned) *.json', ':(glob)**'].entries()) {
      const file = repository(`hostile-${i}`, [baseline({ fid: entry(1) })], name);
      expect(await baselineHistory(file)).toHaveLength(1);
    }
  });

  it('is empty where there is no repository, or no such file', async () => {
    expect(await baselineHistory(path.join(root, 'baseline.json'))).toEqual([]);
    expect(await baselineHistory(path.join(root, 'no', 'folder.json'))).toEqual([]);
  });
});
