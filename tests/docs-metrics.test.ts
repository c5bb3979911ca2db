import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricsTable } from '../docs/metrics/make-table';
import * as library from '../src/index';
import * as metrics from '../src/metrics/index';
import { projectFile } from './reference';

const PAGES = readdirSync(projectFile('docs/metrics'))
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => file.replace('.md', ''));

/** What console.log of an example printed, and what its comments say that it prints. */
function runExample(code: string): { printed: string[]; promised: string[] } {
  const printed: string[] = [];
  const console = { log: (...values: unknown[]) => printed.push(values.map(show).join(' ')) };
  const body = code.replace(/^import \{([^}]*)\} from 'gan-metrics\/metrics';/, 'const {$1} = metrics;');
  new Function('metrics', 'console', body)(metrics, console);
  const promised = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]);
  return { printed, promised };
}

/** As Node prints them, numbers to six digits. */
function show(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(6)));
  if (Array.isArray(value)) return `[ ${value.map(show).join(', ')} ]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${key}: ${show(each)}`)
    .join(', ')} }`;
}

describe.each(PAGES)('docs/metrics/%s.md', (page) => {
  const text = readFileSync(projectFile('docs/metrics', `${page}.md`), 'utf8');
  const examples = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1]);

  it.each(examples.map((code, i) => [i + 1, code] as const))('example %i prints what it says', (_, code) => {
    const { printed, promised } = runExample(code);
    expect(promised.length).toBeGreaterThan(0);
    expect(printed).toEqual(promised);
  });

  it('shows how it is used', () => {
    expect(text).toMatch(/^```(js|console)$/m);
  });

  it('names only functions that there are', () => {
    const names = [...text.matchAll(/`([a-z][a-zA-Z0-9]+)\(/g)].map((match) => match[1]);
    expect(names.filter((name) => !(name in library))).toEqual([]);
  });
});

describe('docs/metrics/README.md', () => {
  const text = readFileSync(projectFile('docs/metrics/README.md'), 'utf8');

  it('has every metric of the registry, with its facts', () => {
    expect(text).toContain(metricsTable());
  });

  it('links every page, and only pages that there are', () => {
    const linked = [...text.matchAll(/\]\(([a-z-]+)\.md/g)].map((match) => match[1]);
    expect([...new Set(linked)].sort()).toEqual([...PAGES].sort());
  });
});
