import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { metricsTable } from '../../docs/metrics/make-table';
import * as library from '../../src/index';
import { projectFile } from '../reference';
import { codeBlocks } from './code-blocks';
import { promisesOf } from './run-example';

const PAGES = readdirSync(projectFile('docs/metrics'))
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => file.replace('.md', ''));

describe.each(PAGES)('docs/metrics/%s.md', (page) => {
  const text = readFileSync(projectFile('docs/metrics', `${page}.md`), 'utf8');

  it('shows how it is used, and what it gives', () => {
    const examples = codeBlocks(text).filter(({ language }) => ['js', 'console'].includes(language));
    expect(examples.length).toBeGreaterThan(0);
    for (const { language, code } of examples) {
      if (language === 'js') expect(promisesOf(code).length, code).toBeGreaterThan(0);
    }
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
