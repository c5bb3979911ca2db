/** Writes the reference, docs/api/*.md, from the sources: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { DocComment } from './doc-comment';
import { GROUPS, type Group, groupOf } from './groups';
import { type ApiEntry, readApi } from './read-api';

/** Texts of the pages, by file name. */
export function apiPages(entries: readonly ApiEntry[] = readApi()): Map<string, string> {
  const pages = GROUPS.map((group) => ({
    group,
    entries: entries.filter(({ file }) => groupOf(file) === group),
  })).filter((page) => page.entries.length > 0);
  const links = new Map(pages.flatMap(linksOf));
  return new Map([
    ['README.md', indexPage(pages, links)],
    ...pages.map((page) => [`${page.group.page}.md`, groupPage(page, links)] as const),
  ]);
}

interface Page {
  readonly group: Group;
  readonly entries: readonly ApiEntry[];
}

/** Where a public name is described: page and anchor. */
type Links = ReadonlyMap<string, string>;

const isCallable = ({ kind }: ApiEntry) => kind === 'function' || kind === 'class';

/** In the order in which a page has them: what is called, constants, types. */
function sections({ entries }: Page): { title: string; entries: ApiEntry[] }[] {
  return [
    { title: 'Functions and classes', entries: entries.filter(isCallable) },
    { title: 'Constants', entries: entries.filter(({ kind }) => kind === 'constant') },
    { title: 'Types', entries: entries.filter(({ kind }) => kind === 'type') },
  ].filter((section) => section.entries.length > 0);
}

/** Anchors as GitHub makes them: lower case, and numbered where a page has the same heading again. */
function linksOf(page: Page): [string, string][] {
  const seen = new Map<string, number>();
  const headings = [page.group.title, ...sections(page).flatMap(({ title, entries }) => [title, ...entries])];
  return headings.flatMap((heading) => {
    const text = typeof heading === 'string' ? heading : heading.name;
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    if (typeof heading === 'string') return [];
    return [[text, `${page.group.page}.md#${before === 0 ? slug : `${slug}-${before}`}`]];
  });
}

function indexPage(pages: readonly Page[], links: Links): string {
  const parts = pages.map((page) => {
    const { group, entries } = page;
    const callable = entries.filter(isCallable);
    const rows = callable.map(
      ({ name, doc }) => `| [\`${name}\`](${links.get(name)}) | ${cell(firstSentence(doc), links)} |`,
    );
    const table = rows.length > 0 ? ['| | |', '| --- | --- |', ...rows, ''] : [];
    return [`## [${group.title}](${group.page}.md)`, '', group.about, '', ...table].join('\n');
  });
  return `${INTRODUCTION}\n${parts.join('\n')}`;
}

const INTRODUCTION = `# Reference

Every public function and class with its signature, description and an example; every public type as it is declared.
Made from the sources by \`npm run docs\`, and tested to be up to date.

- **Entry points.** \`gan-metrics\` exports all of it and needs Node. What is marked *browser* comes from
  \`gan-metrics/metrics\` too, which uses no Node API.
- **Examples** run as they stand, and the tests run them all. What \`console.log\` prints stands in the comment behind it,
  numbers to six digits; \`// throws CODE\` says that the statement before it throws a \`GanMetricsError\` of that code.
  \`fixtures/\` is the folder of that name in the repository: \`fixtures/real\` and \`fixtures/fake\` hold 160 small images
  each. \`cifar10-resnet\` is the network inside the package.
- **Matrices** (\`MatrixLike\`) are nested arrays, \`{ rows, columns, data }\` or ml-matrix matrices: a row a sample.
- **Results** are plain data. \`value\` is the number itself; \`warnings\` says what makes it doubtful.
- **Errors** are \`GanMetricsError\`, told apart by \`code\`; each entry lists the codes it throws.
- Functions ending in \`Computation\` are generators that leave matrix products to the caller: most users need the function
  of the name without it.
- What a metric means, and what it is blind to: [docs/metrics](../metrics/README.md).
`;

function groupPage(page: Page, links: Links): string {
  const { group } = page;
  const head = `# ${group.title}\n\n${group.about}\n\n[All pages](README.md)\n`;
  const parts = sections(page).map(({ title, entries }) =>
    [`## ${title}\n`, ...entries.map((entry) => entryText(entry, links))].join('\n'),
  );
  return `${head}\n${parts.join('\n')}`;
}

function entryText(entry: ApiEntry, links: Links): string {
  const { name, doc, declaration } = entry;
  const uses = [...entry.uses].map((other) => `[${other}](${links.get(other)})`);
  const facts = [
    `\`${entry.browser ? 'gan-metrics/metrics' : 'gan-metrics'}\`${entry.browser ? ', browser' : ''}`,
    `[src/${entry.file}](../../src/${entry.file})`,
    ...(uses.length > 0 ? [uses.join(', ')] : []),
  ];
  const code = ['```ts', declaration, '```', ''];
  return [`### ${name}`, '', facts.join(' · '), '', ...describe(doc, { code, links })].join('\n');
}

function describe(
  doc: DocComment | undefined,
  { code, links }: { code: readonly string[]; links: Links },
): string[] {
  if (!doc) return [...code];
  const prose = (text: string) => markdown(text, links);
  const notes = [
    ...doc.params.map(({ name, text }) => `- \`${name}\`: ${prose(text)}`),
    ...(doc.returns ? [`- **Returns** ${prose(doc.returns)}`] : []),
    ...(doc.throws ? [`- **Throws** ${prose(doc.throws)}`] : []),
    ...doc.see.map((source) => `- **See** ${prose(source)}`),
  ];
  return [
    ...(doc.description ? [prose(doc.description), ''] : []),
    ...code,
    ...(notes.length > 0 ? [...notes, ''] : []),
    ...doc.examples.flatMap((example) => ['**Example**', '', '```ts', example, '```', '']),
  ];
}

/** Doc comments are nearly Markdown: links are resolved, and asterisks stand for themselves. */
function markdown(text: string, links: Links): string {
  const linked = (name: string) => (links.has(name) ? `[${name}](${links.get(name)})` : `\`${name}\``);
  return text
    .replace(/\{@link (\w+)\}/g, (_, name: string) => linked(name))
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replace(/[*|<]/g, (sign) => `\\${sign}`)))
    .join('');
}

function cell(text: string, links: Links): string {
  return markdown(text.replaceAll('\n', ' '), links);
}

function firstSentence(doc: DocComment | undefined): string {
  const [paragraph] = (doc?.description ?? '').split('\n\n');
  return paragraph.match(/^[\s\S]*?[.](?=\s|$)/)?.[0] ?? paragraph;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [file, text] of apiPages()) writeFileSync(fileURLToPath(new URL(file, import.meta.url)), text);
}
