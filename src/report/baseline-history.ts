import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { BaselineHistory, BaselineVersion } from './html/page-data';

const run = promisify(execFile);

/**
 * How the entries of a baseline have moved, from the history of its file in git, oldest version first. Empty where
 * there is no git, no repository, or no version of it that can be read; what is not committed is not part of it.
 *
 * @param options  limit: the newest so many versions (30)
 */
export async function baselineHistory(
  file: string,
  { limit = 30 }: { limit?: number } = {},
): Promise<BaselineHistory[]> {
  const folder = path.dirname(path.resolve(file));
  const name = `./${path.basename(file)}`;
  const versions = await commitsOf(folder, name, limit).catch(() => []);
  const histories = new Map<string, { suite: string; metric: string; versions: BaselineVersion[] }>();
  for (const { hash, label } of versions.reverse()) {
    const text = await git(folder, 'cat-file', 'blob', `${hash}:${name}`).catch(() => '');
    for (const { suite, metric, ...version } of entriesOf(text)) {
      const key = JSON.stringify([suite, metric]);
      const known = histories.get(key) ?? { suite, metric, versions: [] };
      known.versions.push({ label, ...version });
      histories.set(key, known);
    }
  }
  return [...histories.values()];
}

async function commitsOf(folder: string, name: string, limit: number) {
  const log = await git(folder, 'log', '--format=%H %cs', '-n', String(limit), '--', name);
  return log
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ hash: line.split(' ')[0], label: line.split(' ')[1] }));
}

/** Without a shell, and with file names as they are: git knows patterns in them. */
async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', args, {
    cwd: folder,
    env: { ...process.env, GIT_LITERAL_PATHSPECS: '1', GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
    maxBuffer: 64 * 2 ** 20,
    timeout: 30_000,
  });
  return stdout;
}

interface Entry extends Omit<BaselineVersion, 'label'> {
  readonly suite: string;
  readonly metric: string;
}

type Loose = Readonly<Record<string, unknown>>;

/** Versions of old are read as far as they can be: one that cannot is no reason for having none. */
function entriesOf(text: string): Entry[] {
  const suites = objectIn(parse(text), 'suites');
  return Object.entries(suites).flatMap(([suite, metrics]) =>
    Object.keys(metrics ?? {}).flatMap((metric) => {
      const { value, interval, version, contents, ...others } = objectIn(metrics, metric);
      if (typeof value !== 'number') return [];
      return [{ suite, metric, value, interval: intervalOf(interval), comparable: JSON.stringify(others) }];
    }),
  );
}

function intervalOf(given: unknown): BaselineVersion['interval'] {
  const { low, high } = (given ?? {}) as Loose;
  return typeof low === 'number' && typeof high === 'number' ? { low, high } : null;
}

function objectIn(given: unknown, key: string): Loose {
  const found = (given as Loose | null)?.[key];
  return typeof found === 'object' && found !== null ? (found as Loose) : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
