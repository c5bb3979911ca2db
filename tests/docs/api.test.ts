import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocComment } from '../../docs/api/doc-comment';
import { apiPages } from '../../docs/api/make-pages';
import { readApi } from '../../docs/api/read-api';
import * as library from '../../src/index';
import { projectFile } from '../reference';
import { runExample } from './run-example';
import { inScratchFolder } from './scratch-folder';
import { typeErrors } from './type-errors';

const entries = readApi();
const callable = entries.filter(({ kind }) => kind === 'function' || kind === 'class');
const examples = callable.flatMap(({ name, doc }) =>
  (doc?.examples ?? []).map((code, i) => ({ name: i === 0 ? name : `${name} (${i + 1})`, code })),
);

describe('the reference', () => {
  it('knows every value that the package exports', () => {
    const values = entries.filter(({ kind }) => kind !== 'type').map(({ name }) => name);
    expect(values.sort()).toEqual(Object.keys(library).sort());
  });

  it('describes every public function and class', () => {
    const undescribed = callable.filter(({ doc }) => !doc?.description);
    expect(undescribed.map(({ name, file }) => `src/${file}: ${name} needs a doc comment.`)).toEqual([]);
  });

  it('has an example of every public function and class', () => {
    const missing = callable.filter(({ doc }) => !doc?.examples.length);
    const advice = missing.map(
      ({ name, file, browser }) =>
        `src/${file}: end the doc comment of ${name} with "@example" and, on the lines below it, TypeScript that ` +
        `imports ${name} from '${browser ? 'gan-metrics/metrics' : 'gan-metrics'}' and shows results as ` +
        '"console.log(…); // what it prints" (numbers to six digits) or "…; // throws CODE". Then: npm run docs',
    );
    expect(advice).toEqual([]);
  });

  it('is up to date: npm run docs mends it', () => {
    const stored = readdirSync(projectFile('docs/api')).filter((file) => file.endsWith('.md'));
    const texts = stored.map((file) => [file, readFileSync(projectFile('docs/api', file), 'utf8')] as const);
    const made = apiPages(entries);
    expect(stored.sort()).toEqual([...made.keys()].sort());
    for (const [file, text] of texts)
      expect(text === made.get(file), `docs/api/${file}: npm run docs`).toBe(true);
  });

  it('links only headings that there are', () => {
    const pages = apiPages(entries);
    const anchors = new Map([...pages].map(([file, text]) => [file, anchorsOf(text)]));
    const links = [...pages].flatMap(([file, text]) =>
      [...text.matchAll(/\]\(([a-z-]+\.md)#([\w-]+)\)/g)].map(([, page, anchor]) => ({ file, page, anchor })),
    );
    expect(links.length).toBeGreaterThan(300);
    expect(links.filter(({ page, anchor }) => !anchors.get(page)?.has(anchor))).toEqual([]);
  });
});

describe('an example of the reference', () => {
  inScratchFolder();

  it('compiles', () => {
    expect(typeErrors(new Map(examples.map(({ name, code }) => [name, code])))).toEqual([]);
  });

  it.each(examples)('of $name prints what it says', async ({ name, code }) => {
    expect(code).toContain(name.split(' ')[0]);
    const { printed, promised } = await runExample(code);
    expect(promised.length, 'Show a result: console.log(…); // what it prints').toBeGreaterThan(0);
    expect(printed).toEqual(promised);
  });
});

describe('parseDocComment', () => {
  it('keeps the lines of an example and lets those of other tags flow', () => {
    const comment = [
      '/**',
      ' * What.',
      ' *',
      ' * @param a  one',
      ' *   two',
      ' * @example',
      ' * if (a) {',
      ' *   b();',
      ' * }',
      ' */',
    ];
    expect(parseDocComment(comment.join('\n'))).toEqual({
      description: 'What.',
      params: [{ name: 'a', text: 'one two' }],
      see: [],
      examples: ['if (a) {\n  b();\n}'],
    });
  });
});

/** As GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading] of text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`;
    anchors.add(anchor);
  }
  return anchors;
}
